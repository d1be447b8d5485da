/* What a signal handle is made of. The lists are guarded by the lock of signal.c, and so are `caught`
 * and `oneshot` of the handle. */
#ifndef UVI_POSIX_SIGNAL_H_
#define UVI_POSIX_SIGNAL_H_

#include "uv.h"

#include "util/list.h"

struct uvi_loop;

/* What the public header calls uv_signal_t.node. */
struct uvi_signal_links {
  struct uvi_list watching; /* the watchers of one signal, in all loops */
  struct uvi_list fired;    /* in platform.signals while a signal is to be told */
};

/* A watcher that is no handle of the program's: nobody sees it, and it keeps no loop alive. SIGCHLD is for
 * uvi_children_collect(). */
void uvi_signal_init_internal(struct uvi_loop *loop, uv_signal_t *handle);

/* uvi_platform_fork()'s part. */
void uvi_signals_fork(struct uvi_loop *loop);

#endif
