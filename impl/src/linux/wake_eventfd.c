/* On Linux one eventfd is enough for a wake-up, unless a sandbox refuses it. */
#include <errno.h>

#include "posix/wake.h"
#include "util/sys.h"

int uvi_wake_descriptors(int fds[2]) {
  int fd = UVI_SYS(eventfd)(0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (fd == -1)
    return errno == ENOSYS || errno == EPERM ? uvi_wake_pipe(fds) : -errno;
  fds[0] = fd;
  fds[1] = fd;
  return 0;
}
