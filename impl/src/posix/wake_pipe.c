/* A pipe as the wake-up, for systems that have nothing smaller. */
#include <errno.h>
#include <fcntl.h>

#include "posix/wake.h"
#include "util/sys.h"

int uvi_wake_pipe(int fds[2]) {
  return UVI_SYS(pipe2)(fds, O_CLOEXEC | O_NONBLOCK) == 0 ? 0 : -errno;
}
