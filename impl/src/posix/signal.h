/* What a signal handle is made of. The lists are guarded by the lock of signal.c, and so are `caught`
 * and `oneshot` of the handle. */
#ifndef UVI_POSIX_SIGNAL_H_
#define UVI_POSIX_SIGNAL_H_

#include "util/list.h"

struct uvi_loop;

/* What the public header calls uv_signal_t.node. */
struct uvi_signal_links {
  struct uvi_list watching; /* the watchers of one signal, in all loops */
  struct uvi_list fired;    /* in platform.signals while a signal is to be told */
};

/* uvi_platform_fork()'s part. */
void uvi_signals_fork(struct uvi_loop *loop);

#endif
