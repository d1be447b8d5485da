/* Handles that the system tells of changes to a path. */
#include "core/fs_event.h"

#include <string.h>

#include "core/handle.h"
#include "core/path_copy.h"
#include "util/alloc.h"
#include "util/check.h"

static struct uvi_list *link_of(uv_fs_event_t *handle) {
  return uvi_list_of(handle->watch_queue);
}

int uv_fs_event_init(uv_loop_t *loop, uv_fs_event_t *handle) {
  uvi_handle_init(loop, UVI_HANDLE(handle), UV_FS_EVENT);
  uvi_list_init(link_of(handle));
  handle->cb = NULL;
  handle->path = NULL;
  handle->watch = NULL;
  return 0;
}

/* No flag means anything where the system has no recursive watches (UV-FS_EVENT-0036). */
int uv_fs_event_start(uv_fs_event_t *handle, uv_fs_event_cb cb, const char *path,
                      unsigned int flags) {
  struct uvi_watch *watch;
  char *copy;
  int err;

  (void) flags;
  if (cb == NULL || uvi_handle_is_closing(UVI_HANDLE(handle)))
    return UV_EINVAL;
  if (uvi_handle_is_active(UVI_HANDLE(handle)))
    return UV_EINVAL;

  copy = uvi_path_copy(path);
  if (copy == NULL)
    return UV_ENOMEM;
  err = uvi_platform_watch(uvi_loop_of(handle->loop), path, &watch);
  if (err != 0) {
    uvi_free(copy);
    return err;
  }
  handle->cb = cb;
  handle->path = copy;
  handle->watch = watch;
  uvi_list_insert_tail(&watch->handles, link_of(handle));
  uvi_handle_start(UVI_HANDLE(handle));
  return 0;
}

static void leave_watch(uv_fs_event_t *handle) {
  struct uvi_watch *watch = handle->watch;

  uvi_list_remove(link_of(handle));
  handle->watch = NULL;
  if (uvi_list_empty(&watch->handles) && !watch->telling)
    uvi_platform_unwatch(uvi_loop_of(handle->loop), watch);
}

int uv_fs_event_stop(uv_fs_event_t *handle) {
  struct uvi_watch *watch = handle->watch;

  if (!uvi_handle_is_active(UVI_HANDLE(handle)))
    return 0;
  /* The callback that runs may go on reading the name that it got (UV-FS_EVENT-0044). */
  if (watch->told == handle->path)
    watch->told_is_dropped = true;
  else
    uvi_free(handle->path);
  handle->path = NULL;
  leave_watch(handle);
  uvi_handle_stop(UVI_HANDLE(handle));
  return 0;
}

int uv_fs_event_getpath(uv_fs_event_t *handle, char *buffer, size_t *size) {
  if (buffer == NULL || size == NULL || *size == 0)
    return UV_EINVAL;
  if (!uvi_handle_is_active(UVI_HANDLE(handle))) {
    *size = 0;
    return UV_EINVAL;
  }
  return uvi_path_give(handle->path, buffer, size);
}

void uvi_fs_event_close(uv_handle_t *handle) {
  (void) uv_fs_event_stop((uv_fs_event_t *) handle);
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');

  return slash != NULL ? slash + 1 : path;
}

/* A callback may stop or close any handle, and start others, which the event is not for. */
unsigned uvi_watch_tell(struct uvi_watch *watch, const char *name, int events) {
  struct uvi_list round;
  struct uvi_list *node;
  unsigned told = 0;

  watch->telling = true;
  uvi_list_move(&watch->handles, &round);
  while ((node = uvi_list_take(&round)) != NULL) {
    uv_fs_event_t *handle = UVI_CONTAINER_OF(node, uv_fs_event_t, watch_queue);
    char *path = handle->path;

    uvi_list_insert_tail(&watch->handles, node);
    watch->told = path;
    handle->cb(handle, name != NULL ? name : base_name(path), events, 0);
    told++;
    if (watch->told_is_dropped)
      uvi_free(path);
    watch->told_is_dropped = false;
  }
  watch->told = NULL;
  watch->telling = false;
  return told;
}

/* Moves a handle to the watch that its path leads to now. */
static int watch_anew(struct uvi_loop *loop, uv_fs_event_t *handle) {
  struct uvi_watch *watch;
  int err = uvi_platform_watch(loop, handle->path, &watch);

  if (err != 0)
    return err;
  leave_watch(handle);
  handle->watch = watch;
  uvi_list_insert_tail(&watch->handles, link_of(handle));
  return 0;
}

/* What was gone before the fork stays gone: its handles have been told. */
static bool is_to_be_moved(uv_handle_t *handle) {
  if (handle->type != UV_FS_EVENT || !uvi_handle_is_active(handle))
    return false;
  return !((struct uvi_watch *) ((uv_fs_event_t *) handle)->watch)->gone;
}

int uvi_fs_events_fork(struct uvi_loop *loop) {
  struct uvi_list *handles = uvi_list_of(uvi_loop_api(loop)->handle_queue);
  int err = uvi_platform_watches_fork(loop);

  for (struct uvi_list *node = handles->next; node != handles; node = node->next) {
    uv_handle_t *handle = UVI_CONTAINER_OF(node, uv_handle_t, handle_queue);
    int one = is_to_be_moved(handle) ? watch_anew(loop, (uv_fs_event_t *) handle) : 0;

    err = err != 0 ? err : one; /* the others are to be moved all the same */
  }
  return err;
}
