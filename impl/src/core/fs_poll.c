/* Handles that look at a path again and again. What a started handle needs is a watcher of its own, which a
 * stop leaves behind while a look is under way: the thread pool still writes to it. */
#include "core/fs_request.h"
#include "core/handle.h"
#include "core/path_copy.h"
#include "core/work.h"
#include "util/alloc.h"

/* What the last look told: an error code, or one of these. */
enum { NOT_SEEN = 1, SEEN = 0 };

struct watcher {
  uv_fs_poll_t *handle;
  struct watcher *older; /* of the same handle; all but the first in the list are given up */
  bool given_up;         /* the handle was stopped or closed */
  uv_fs_poll_cb cb;
  unsigned interval_ms;
  int last;
  uv_stat_t seen;    /* by the last look that succeeded */
  uint64_t begun_ms; /* loop time at the beginning of the last look */
  bool looking;      /* on the thread pool */
  bool telling;
  uv_timer_t timer; /* until the next look */
  uv_fs_t req;
  char *path;
};

static void look(struct watcher *watcher);

/* ---- the life of a watcher ---- */

static struct watcher *make_watcher(uv_fs_poll_t *handle, uv_fs_poll_cb cb, const char *path,
                                    unsigned interval_ms) {
  struct watcher *watcher = uvi_calloc(1, sizeof *watcher);
  char *copy = watcher != NULL ? uvi_path_copy(path) : NULL;

  if (copy == NULL) {
    uvi_free(watcher);
    return NULL;
  }
  watcher->handle = handle;
  watcher->cb = cb;
  watcher->interval_ms = interval_ms > 0 ? interval_ms : 1; /* UV-FS_POLL-0051 */
  watcher->last = NOT_SEEN;
  watcher->path = copy;
  uvi_timer_init_inner(handle->loop, &watcher->timer);
  return watcher;
}

/* Its handle is closed when nothing refers to it any more. */
static void free_watcher(struct watcher *watcher) {
  uv_fs_poll_t *handle = watcher->handle;
  struct watcher *first = handle->poll_ctx;

  if (first == watcher) {
    handle->poll_ctx = watcher->older;
  } else {
    while (first->older != watcher)
      first = first->older;
    first->older = watcher->older;
  }
  uvi_free(watcher->path);
  uvi_free(watcher);
  if (handle->poll_ctx == NULL)
    uvi_handle_settle(UVI_HANDLE(handle));
}

/* It stays as long as its look or its callback goes on. */
static void give_up(struct watcher *watcher) {
  watcher->given_up = true;
  (void) uv_timer_stop(&watcher->timer);
  if (watcher->looking) /* no need to wait for a thread that has not begun */
    (void) uvi_work_cancel(&watcher->req.work_req);
  else if (!watcher->telling)
    free_watcher(watcher);
}

/* ---- looking ---- */

static bool same_time(uv_timespec_t one, uv_timespec_t other) {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

/* Having been read is no change: the time of access does not count. */
static bool is_same(const uv_stat_t *one, const uv_stat_t *other) {
  return same_time(one->st_ctim, other->st_ctim) && same_time(one->st_mtim, other->st_mtim) &&
         same_time(one->st_birthtim, other->st_birthtim) && one->st_size == other->st_size &&
         one->st_mode == other->st_mode && one->st_ino == other->st_ino &&
         one->st_dev == other->st_dev && one->st_uid == other->st_uid &&
         one->st_gid == other->st_gid && one->st_nlink == other->st_nlink &&
         one->st_rdev == other->st_rdev && one->st_flags == other->st_flags &&
         one->st_gen == other->st_gen;
}

/* The callback may stop, close and start the handle again. */
static void tell(struct watcher *watcher, int status, const uv_stat_t *now) {
  watcher->telling = true;
  watcher->cb(watcher->handle, status, &watcher->seen, now);
  watcher->telling = false;
}

static void compare(struct watcher *watcher) {
  static const uv_stat_t nothing;
  const uv_stat_t *now = &watcher->req.statbuf;
  int result = (int) watcher->req.result;
  int last = watcher->last;

  watcher->last = result;
  if (result < 0) {
    if (result != last) /* the same error is told once */
      tell(watcher, result, &nothing);
    return;
  }
  /* The first look has nothing to be compared with, unless it failed. */
  if (last < 0 || (last == SEEN && !is_same(&watcher->seen, now)))
    tell(watcher, 0, now);
  watcher->seen = *now;
}

/* The next look is due a multiple of the interval after the last one began. */
static void on_timer(uv_timer_t *timer) {
  look(UVI_CONTAINER_OF(timer, struct watcher, timer));
}

static void wait_for_turn(struct watcher *watcher) {
  uint64_t passed_ms = uv_now(watcher->handle->loop) - watcher->begun_ms;
  uint64_t left_ms = watcher->interval_ms - passed_ms % watcher->interval_ms;

  (void) uv_timer_start(&watcher->timer, on_timer, left_ms, 0);
}

static void on_looked(uv_fs_t *req) {
  struct watcher *watcher = UVI_CONTAINER_OF(req, struct watcher, req);

  watcher->looking = false;
  if (!watcher->given_up)
    compare(watcher);
  if (watcher->given_up)
    free_watcher(watcher);
  else
    wait_for_turn(watcher);
}

static void look(struct watcher *watcher) {
  uv_loop_t *loop = watcher->handle->loop;

  watcher->begun_ms = uv_now(loop);
  watcher->looking = true;
  (void) uvi_fs_begin(loop, &watcher->req, UV_FS_STAT, on_looked);
  watcher->req.path = watcher->path; /* stays in place, so it need not be copied each time */
  (void) uvi_fs_go(&watcher->req);
}

/* ---- the handle ---- */

int uv_fs_poll_init(uv_loop_t *loop, uv_fs_poll_t *handle) {
  uvi_handle_init(loop, UVI_HANDLE(handle), UV_FS_POLL);
  handle->poll_ctx = NULL;
  return 0;
}

/* An active handle goes on as it was (UV-FS_POLL-0003). */
int uv_fs_poll_start(uv_fs_poll_t *handle, uv_fs_poll_cb poll_cb, const char *path,
                     unsigned int interval) {
  struct watcher *watcher;

  if (poll_cb == NULL || uvi_handle_is_closing(UVI_HANDLE(handle)))
    return UV_EINVAL;
  if (uvi_handle_is_active(UVI_HANDLE(handle)))
    return 0;

  watcher = make_watcher(handle, poll_cb, path, interval);
  if (watcher == NULL)
    return UV_ENOMEM;
  watcher->older = handle->poll_ctx;
  handle->poll_ctx = watcher;
  uvi_handle_start(UVI_HANDLE(handle));
  look(watcher);
  return 0;
}

int uv_fs_poll_stop(uv_fs_poll_t *handle) {
  if (!uvi_handle_is_active(UVI_HANDLE(handle)))
    return 0;
  uvi_handle_stop(UVI_HANDLE(handle));
  give_up(handle->poll_ctx);
  return 0;
}

int uv_fs_poll_getpath(uv_fs_poll_t *handle, char *buffer, size_t *size) {
  if (buffer == NULL || size == NULL || *size == 0)
    return UV_EINVAL;
  if (!uvi_handle_is_active(UVI_HANDLE(handle))) {
    *size = 0;
    return UV_EINVAL;
  }
  return uvi_path_give(((struct watcher *) handle->poll_ctx)->path, buffer, size);
}

void uvi_fs_poll_close(uv_handle_t *handle) {
  uv_fs_poll_t *poll = (uv_fs_poll_t *) handle;

  (void) uv_fs_poll_stop(poll);
  if (poll->poll_ctx != NULL)
    uvi_handle_linger(handle); /* free_watcher() ends that */
}
