/* A download, made up, that tells of its progress from a thread of the pool. Sends may be told of together,
 * so the figure itself is kept elsewhere, under a lock. */
#include "guide.h"

enum { SIZE = 10240, PIECE = 1000 };

static uv_async_t async;
static uv_mutex_t mutex;
static uv_sem_t told;
static int downloaded; /* under the mutex */
static int reports;

static void download(uv_work_t *request) {
  (void) request;
  for (int sum = 0; sum < SIZE;) {
    sum += SIZE - sum < PIECE ? SIZE - sum : PIECE;
    uv_mutex_lock(&mutex);
    downloaded = sum;
    uv_mutex_unlock(&mutex);
    MUST(uv_async_send(&async));
    if (sum == PIECE)
      uv_sem_wait(&told); /* the first piece is told of by itself, the others as it happens */
  }
}

static void on_progress(uv_async_t *handle) {
  (void) handle;
  uv_mutex_lock(&mutex);
  int now = downloaded;
  uv_mutex_unlock(&mutex);
  guide_say("%d of %d", now, SIZE);
  if (reports++ == 0)
    uv_sem_post(&told);
}

static void on_done(uv_work_t *request, int status) {
  (void) request;
  MUST(status);
  guide_say("complete: %d", downloaded);
  guide_close((uv_handle_t *) &async);
}

int main(void) {
  static uv_work_t request;
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_mutex_init(&mutex));
  MUST(uv_sem_init(&told, 0));
  MUST(uv_async_init(loop, &async, on_progress));
  MUST(uv_queue_work(loop, &request, download, on_done));
  int code = guide_run(loop);
  uv_sem_destroy(&told);
  uv_mutex_destroy(&mutex);
  return code;
}
