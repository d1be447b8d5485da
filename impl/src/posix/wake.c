#include "posix/wake.h"

#include <errno.h>

#include "backend/backend.h"
#include "core/loop.h"
#include "posix/io.h"
#include "util/sys.h"

/* With edge-triggered events a counter need not be read: each write makes a new event, and it has
 * room for more writes than there will be. Otherwise the descriptor stays ready until it has been
 * read, and a pipe that nobody reads takes no more writes. */
static void drain(struct uvi_loop *loop, int fd) {
  bool counter = fd == loop->platform.wake_fd;
  char buffer[512];
  ssize_t count;

  if (counter && (loop->backend->flags & UVI_BACKEND_EDGE))
    return;
  do
    count = UVI_SYS(read)(fd, buffer, sizeof buffer);
  while ((count == -1 && errno == EINTR) || count == (ssize_t) sizeof buffer);
}

static unsigned on_wake(struct uvi_loop *loop, struct uvi_io *io, uint32_t mask) {
  (void) mask;
  drain(loop, io->fd);
  return uvi_asyncs_run(loop);
}

int uvi_wake_open(struct uvi_loop *loop) {
  int fds[2];
  int err = uvi_wake_descriptors(fds);

  if (err != 0)
    return err;
  loop->platform.wake_fd = fds[1];
  uvi_io_init(&loop->platform.wake, on_wake, fds[0]);
  err = uvi_io_want(loop, &loop->platform.wake, UVI_IO_READABLE | UVI_IO_EDGE);
  if (err == 0) /* at once: a program that polls uv_backend_fd() waits for sends before it runs */
    err = uvi_io_submit(loop, &loop->platform.wake);
  if (err != 0)
    uvi_wake_close(loop);
  return err;
}

void uvi_wake_close(struct uvi_loop *loop) {
  int fd = loop->platform.wake.fd;

  if (loop->platform.wake_fd == -1)
    return;
  uvi_io_close(loop, &loop->platform.wake);
  uvi_sys_close(fd);
  if (loop->platform.wake_fd != fd)
    uvi_sys_close(loop->platform.wake_fd);
  loop->platform.wake_fd = -1;
}

int uvi_wake_write(struct uvi_loop *loop) {
  const uint64_t one = 1;
  int saved = errno;
  int err = 0;
  ssize_t count;

  do
    count = UVI_SYS(write)(loop->platform.wake_fd, &one, sizeof one);
  while (count == -1 && errno == EINTR);
  /* Full means that the loop has yet to see the writes before. */
  if (count == -1 && errno != EAGAIN)
    err = -errno;
  errno = saved;
  return err;
}
