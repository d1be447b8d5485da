/* Work that waits for its turn can be called off; work that has begun cannot. */
#include "guide.h"

enum { TASKS = 6 };

static uv_sem_t begun, go_on;
static int finished, called_off;

static void work(uv_work_t *request) {
  (void) request;
  uv_sem_post(&begun);
  uv_sem_wait(&go_on);
}

static void on_done(uv_work_t *request, int status) {
  (void) request;
  if (status == UV_ECANCELED)
    called_off++;
  else
    finished += MUST(status) == 0;
}

int main(void) {
  static uv_work_t requests[TASKS];
  int refused = 0;
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_os_setenv("UV_THREADPOOL_SIZE", "1"));
  MUST(uv_sem_init(&begun, 0));
  MUST(uv_sem_init(&go_on, 0));
  for (int i = 0; i < TASKS; i++)
    MUST(uv_queue_work(loop, &requests[i], work, on_done));
  uv_sem_wait(&begun); /* the only thread of the pool is busy now */
  for (int i = 0; i < TASKS; i++) {
    int result = uv_cancel((uv_req_t *) &requests[i]);
    refused += result == UV_EBUSY;
  }
  uv_sem_post(&go_on);
  int code = guide_run(loop);
  guide_say("refused %d, called off %d, finished %d", refused, called_off, finished);
  uv_sem_destroy(&begun);
  uv_sem_destroy(&go_on);
  return code;
}
