/* Idle, prepare and check: three kinds of handles that differ in when the loop calls them. */
#include "core/handle.h"

/* The last one started runs first. */
static void start(uv_handle_t *handle, struct uvi_list *phase, struct uvi_list *node) {
  uvi_list_insert_head(phase, node);
  uvi_handle_start(handle);
}

static void stop(uv_handle_t *handle, struct uvi_list *node) {
  if (!uvi_handle_is_active(handle))
    return;
  uvi_list_remove(node);
  uvi_handle_stop(handle);
}

/* All that is the same for the three, with each one's own types. Starting an active handle does
 * nothing and does not look at the callback: the first one stays.
 *
 * A round runs what was active when it began: what a callback starts waits for the next iteration,
 * what a callback stops or closes does not run. Handles go back to the loop's list before their
 * callback, in the order they had; new ones are put in front of them. */
#define PHASE_WATCHER(kind, KIND)                                                                  \
  int uv_##kind##_init(uv_loop_t *loop, uv_##kind##_t *watcher) {                                  \
    uvi_handle_init(loop, UVI_HANDLE(watcher), UV_##KIND);                                         \
    watcher->kind##_cb = NULL;                                                                     \
    uvi_list_init(uvi_list_of(watcher->queue));                                                    \
    return 0;                                                                                      \
  }                                                                                                \
                                                                                                   \
  int uv_##kind##_start(uv_##kind##_t *watcher, uv_##kind##_cb cb) {                               \
    uv_handle_t *handle = UVI_HANDLE(watcher);                                                     \
                                                                                                   \
    if (uvi_handle_is_active(handle))                                                              \
      return 0;                                                                                    \
    if (cb == NULL || uvi_handle_is_closing(handle))                                               \
      return UV_EINVAL;                                                                            \
    watcher->kind##_cb = cb;                                                                       \
    start(handle, &uvi_loop_of(watcher->loop)->kind, uvi_list_of(watcher->queue));                 \
    return 0;                                                                                      \
  }                                                                                                \
                                                                                                   \
  int uv_##kind##_stop(uv_##kind##_t *watcher) {                                                   \
    stop(UVI_HANDLE(watcher), uvi_list_of(watcher->queue));                                        \
    return 0;                                                                                      \
  }                                                                                                \
                                                                                                   \
  void uvi_##kind##_close(uv_handle_t *handle) {                                                   \
    stop(handle, uvi_list_of(((uv_##kind##_t *) handle)->queue));                                  \
  }                                                                                                \
                                                                                                   \
  unsigned uvi_phase_##kind(struct uvi_loop *loop) {                                               \
    struct uvi_list round;                                                                         \
    struct uvi_list *node;                                                                         \
    unsigned ran = 0;                                                                              \
                                                                                                   \
    uvi_list_move(&loop->kind, &round);                                                            \
    while ((node = uvi_list_take(&round)) != NULL) {                                               \
      uv_##kind##_t *watcher = UVI_CONTAINER_OF(node, uv_##kind##_t, queue);                       \
                                                                                                   \
      uvi_list_insert_tail(&loop->kind, node);                                                     \
      watcher->kind##_cb(watcher);                                                                 \
      ran++;                                                                                       \
    }                                                                                              \
    return ran;                                                                                    \
  }                                                                                                \
                                                                                                   \
  _Static_assert(sizeof(struct uvi_list) <= sizeof(((uv_##kind##_t *) 0)->queue),                  \
                 "a list node must fit into uv_" #kind "_t")

PHASE_WATCHER(idle, IDLE);
PHASE_WATCHER(prepare, PREPARE);
PHASE_WATCHER(check, CHECK);
