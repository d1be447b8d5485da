/* Keeping a signal out of the poll (UV_LOOP_BLOCK_SIGNAL). */
#ifndef UVI_POSIX_SIGNAL_MASK_H_
#define UVI_POSIX_SIGNAL_MASK_H_

#include <signal.h>

struct uvi_loop;

/* The mask to sleep with: NULL is the thread's own as it stands, else `*buffer`, filled in. */
const sigset_t *uvi_poll_signal_mask(const struct uvi_loop *loop, int timeout_ms, sigset_t *buffer);

#endif
