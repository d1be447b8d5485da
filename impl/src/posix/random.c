/* Random bytes: from the kernel's call, else from its device. */
#include "posix/random.h"

#include <errno.h>
#include <fcntl.h>

#include "core/platform.h"
#include "util/sys.h"
#include "uv.h"

/* /dev/urandom never waits, not even while the kernel has gathered nothing yet; that /dev/random can be
 * read tells that it has. No such device: we have done what we could. */
static void wait_until_seeded(void) {
  struct pollfd watch = {.events = POLLIN};
  int count;

  watch.fd = UVI_SYS(open)("/dev/random", O_RDONLY | O_CLOEXEC);
  if (watch.fd == -1)
    return;
  do
    count = UVI_SYS(ppoll)(&watch, 1, NULL, NULL);
  while (count == -1 && errno == EINTR);
  uvi_sys_close(watch.fd);
}

static int read_all(int fd, char *at, size_t size) {
  while (size > 0) {
    ssize_t count = UVI_SYS(read)(fd, at, size);

    if (count == -1 && errno == EINTR)
      continue;
    if (count == -1)
      return -errno;
    if (count == 0)
      return UV_EIO; /* a device without end: somebody has put a file in its place */
    at += count;
    size -= (size_t) count;
  }
  return 0;
}

static int random_from_device(void *buffer, size_t size) {
  int fd = UVI_SYS(open)("/dev/urandom", O_RDONLY | O_CLOEXEC);
  int err;

  if (fd == -1)
    return -errno;
  wait_until_seeded();
  err = read_all(fd, buffer, size);
  uvi_sys_close(fd);
  return err;
}

int uvi_platform_random(void *buffer, size_t size) {
  int err = uvi_random_from_kernel(buffer, size);

  return err == UV_ENOSYS ? random_from_device(buffer, size) : err;
}
