#include <errno.h>

#include "posix/random.h"
#include "util/sys.h"
#include "uv.h"

int uvi_random_from_kernel(void *buffer, size_t size) {
  char *at = buffer;

  while (size > 0) {
    ssize_t count = UVI_SYS(getrandom)(at, size, 0);

    if (count == -1 && errno == EINTR)
      continue;
    if (count == -1)
      return errno == EPERM ? UV_ENOSYS : -errno;
    at += count; /* what is large comes in pieces */
    size -= (size_t) count;
  }
  return 0;
}
