/* The life of a loop: init, options, fork, close; and the default loop. */
#include "core/loop.h"

#include <stdarg.h>
#include <string.h>

#include "core/errors.h"
#include "core/fs_event.h"
#include "core/work.h"
#include "util/alloc.h"
#include "util/check.h"

int uv_loop_init(uv_loop_t *api) {
  struct uvi_loop *loop = uvi_loop_of(api);
  int err;

  memset(api, 0, sizeof *api); /* `data`, too */
  uvi_list_init(uvi_list_of(api->handle_queue));
  uvi_list_init(&loop->idle);
  uvi_list_init(&loop->prepare);
  uvi_list_init(&loop->check);
  uvi_list_init(&loop->pending);
  uvi_list_init(&loop->asyncs);
  uvi_list_init(&loop->due_timers);
  uvi_heap_init(&loop->timers);
  atomic_init(&loop->stop, 0);
  atomic_init(&loop->wake_sent, 0);
  atomic_init(&loop->works_done, NULL);
  atomic_init(&loop->works_busy, 0);
  atomic_init(&loop->metrics.version, 0);
  atomic_init(&loop->metrics.idle_ns, 0);
  atomic_init(&loop->metrics.idle_since_ns, 0);

  err = uvi_platform_open(loop);
  if (err != 0)
    return err;
  uvi_loop_update_time(loop);
  return 0;
}

static bool default_is_open;
static uv_loop_t default_loop;

uv_loop_t *uv_default_loop(void) {
  if (!default_is_open) {
    if (uv_loop_init(&default_loop) != 0)
      return NULL;
    default_is_open = true;
  }
  return &default_loop;
}

int uv_loop_close(uv_loop_t *api) {
  struct uvi_loop *loop = uvi_loop_of(api);

  /* A handle is in the list until its close callback is about to run, so closing ones count. */
  if (api->active_reqs.count > 0 || !uvi_list_empty(uvi_list_of(api->handle_queue)))
    return UV_EBUSY;
  UVI_ASSERT(api->active_handles == 0);
  UVI_ASSERT(loop->closing == NULL);

  uvi_works_close(loop);
  uvi_platform_close(loop);
#ifdef UVI_CHECKED
  void *data = api->data;

  memset(api, 0xA5, sizeof *api); /* so that a use after the close is seen */
  api->data = data;               /* UV-LOOP-0146 */
#endif
  if (api == &default_loop)
    default_is_open = false;
  return 0;
}

uv_loop_t *uv_loop_new(void) {
  uv_loop_t *loop = uvi_malloc(sizeof *loop);

  if (loop == NULL)
    return NULL;
  if (uv_loop_init(loop) != 0) {
    uvi_free(loop);
    return NULL;
  }
  return loop;
}

void uv_loop_delete(uv_loop_t *loop) {
  if (uv_loop_close(loop) != 0)
    uvi_fatal("uv_loop_delete: the loop still has handles or requests");
  if (loop != &default_loop)
    uvi_free(loop);
}

int uv_loop_configure(uv_loop_t *api, uv_loop_option option, ...) {
  struct uvi_loop *loop = uvi_loop_of(api);
  int signum;
  va_list args;

  switch (option) {
    case UV_LOOP_BLOCK_SIGNAL:
      va_start(args, option);
      signum = va_arg(args, int);
      va_end(args);
      return uvi_platform_block_signal(loop, signum);
    case UV_METRICS_IDLE_TIME:
      loop->options |= UVI_LOOP_METRICS_IDLE_TIME;
      return 0;
    case UV_LOOP_USE_IO_URING_SQPOLL:
      /* No backend here has a submission thread. Callers are told to be prepared for that. */
      return UV_ENOSYS;
    default:
      return UV_ENOSYS;
  }
}

int uv_loop_fork(uv_loop_t *api) {
  struct uvi_loop *loop = uvi_loop_of(api);
  int err = uvi_platform_fork(loop);

  if (err == 0)
    err = uvi_fs_events_fork(loop);
  return err != 0 ? err : uvi_asyncs_fork(loop);
}

size_t uv_loop_size(void) {
  return sizeof(uv_loop_t);
}

void *uv_loop_get_data(const uv_loop_t *loop) {
  return loop->data;
}

void uv_loop_set_data(uv_loop_t *loop, void *data) {
  loop->data = data;
}

/* What outlives loops are the threads of the pool, texts of unknown error codes, and
 * copies of the program's arguments. */
void uv_library_shutdown(void) {
  uvi_pool_shutdown();
  uvi_errors_shutdown();
  uvi_platform_shutdown();
}
