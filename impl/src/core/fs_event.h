/* Watching paths. A watch is the system's view of what a path leads to, and all handles of a loop that lead
 * to the same thing share one: the system tells of a change once. */
#ifndef UVI_CORE_FS_EVENT_H_
#define UVI_CORE_FS_EVENT_H_

#include "core/loop.h"

struct uvi_watch {
  struct uvi_list handles; /* uv_fs_event_t.watch_queue, in the order of starting */
  const char *told;        /* the path of the handle whose callback runs; else NULL */
  bool told_is_dropped;    /* that path is nobody's any more */
  bool telling;            /* between two callbacks of one event, or in one */
  bool gone;               /* the system tells nothing more */
};

static inline void uvi_watch_init(struct uvi_watch *watch) {
  uvi_list_init(&watch->handles);
  watch->told = NULL;
  watch->told_is_dropped = false;
  watch->telling = false;
  watch->gone = false;
}

/* Tells all handles that were there when the event came. `name` is what changed in a folder; NULL stands
 * for the watched thing itself, which each handle knows under its own name. The caller sees to a watch
 * that has no handle left. Returns how many callbacks it ran. */
unsigned uvi_watch_tell(struct uvi_watch *watch, const char *name, int events);

/* After a fork, in the child: has the system watch again what handles wait for. */
int uvi_fs_events_fork(struct uvi_loop *loop);

/* ---- the system's part ---- */

/* Finds or makes the watch for a path. One that is made has no handle yet, and must get one. */
int uvi_platform_watch(struct uvi_loop *loop, const char *path, struct uvi_watch **watch);

/* Nobody needs the watch any more. */
void uvi_platform_unwatch(struct uvi_loop *loop, struct uvi_watch *watch);

/* After a fork, in the child: parts with what is shared with the parent, and leaves that undisturbed.
 * The watches there were are gone. */
int uvi_platform_watches_fork(struct uvi_loop *loop);

/* The loop closes; there are no watches. */
void uvi_platform_watches_close(struct uvi_loop *loop);

#endif
