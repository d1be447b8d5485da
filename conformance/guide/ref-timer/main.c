/* A timer that works in the background does not keep the program from ending; the job does. */
#include "guide.h"

static uv_timer_t collector, job;
static int collected;

static void collect(uv_timer_t *timer) {
  (void) timer;
  if (collected++ == 0)
    guide_say("collecting");
}

static void do_job(uv_timer_t *timer) {
  if (collected < 3) { /* on a slow machine the job takes longer */
    MUST(uv_timer_start(timer, do_job, 10, 0));
    return;
  }
  /* Whether it is active is no question to ask here: due in the same pass, it looks inactive. */
  guide_say("the job is done, the collector is %s",
            uv_has_ref((uv_handle_t *) &collector) ? "waited for" : "not waited for");
}

int main(void) {
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_timer_init(loop, &collector));
  uv_unref((uv_handle_t *) &collector);
  MUST(uv_timer_start(&collector, collect, 0, 5));
  MUST(uv_timer_init(loop, &job));
  MUST(uv_timer_start(&job, do_job, 20, 0));
  guide_say("the loop came back with %d", MUST(uv_run(loop, UV_RUN_DEFAULT)));
  guide_say("collected at least %d times", collected < 3 ? collected : 3);
  return guide_run(loop);
}
