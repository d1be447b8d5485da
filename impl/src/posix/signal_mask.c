#include "posix/signal_mask.h"

#include <pthread.h>
#include <stddef.h>

#include "core/loop.h"

int uvi_platform_block_signal(struct uvi_loop *loop, int signum) {
  /* The option exists for sampling profilers; there is no use for it with other signals. */
  if (signum != SIGPROF)
    return UV_EINVAL;
  loop->options |= UVI_LOOP_BLOCK_SIGPROF;
  return 0;
}

const sigset_t *uvi_poll_signal_mask(const struct uvi_loop *loop, int timeout_ms,
                                     sigset_t *buffer) {
  if (timeout_ms == 0 || !(loop->options & UVI_LOOP_BLOCK_SIGPROF))
    return NULL;

  /* The mask of the poll replaces the thread's, which the program may have changed at any time. */
  if (pthread_sigmask(SIG_BLOCK, NULL, buffer) != 0)
    return NULL;
  sigaddset(buffer, SIGPROF);
  return buffer;
}
