/* Two loops in one thread. The second one runs inside a callback of the first, which waits meanwhile. */
#include "guide.h"

static uv_timer_t outer_timer, late_timer;
static int inner_turns;

static void on_inner(uv_timer_t *timer) {
  guide_say("inside: turn %d", ++inner_turns);
  if (inner_turns == 3)
    uv_close((uv_handle_t *) timer, NULL);
}

static void on_outer(uv_timer_t *timer) {
  uv_loop_t inner;
  uv_timer_t inner_timer;
  (void) timer;
  guide_say("outside: it waits");
  MUST(uv_loop_init(&inner));
  MUST(uv_timer_init(&inner, &inner_timer));
  MUST(uv_timer_start(&inner_timer, on_inner, 5, 5));
  MUST(uv_run(&inner, UV_RUN_DEFAULT));
  MUST(uv_loop_close(&inner));
  guide_say("outside: it goes on");
}

static void on_late(uv_timer_t *timer) {
  (void) timer;
  guide_say("outside: late, after %d turns inside", inner_turns);
}

int main(void) {
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_timer_init(loop, &outer_timer));
  MUST(uv_timer_init(loop, &late_timer));
  MUST(uv_timer_start(&outer_timer, on_outer, 1, 0));
  MUST(uv_timer_start(&late_timer, on_late, 2, 0));
  return guide_run(loop);
}
