#include "posix/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>

#include "util/sys.h"
#include "uv.h"

int uvi_fd_cloexec(int fd, bool on) {
  return UVI_SYS(fcntl)(fd, F_SETFD, on ? FD_CLOEXEC : 0) == 0 ? 0 : -errno;
}

int uvi_fd_status(int fd) {
  int flags = UVI_SYS(fcntl)(fd, F_GETFL);

  return flags != -1 ? flags : -errno;
}

int uvi_fd_nonblock(int fd, bool on) {
  int old = uvi_fd_status(fd);
  int now;

  if (old < 0)
    return old;
  now = on ? old | O_NONBLOCK : old & ~O_NONBLOCK;
  if (now == old)
    return 0;
  return UVI_SYS(fcntl)(fd, F_SETFL, now) == 0 ? 0 : -errno;
}

int uvi_fd_open(const char *path, int flags) {
  int fd;

  do
    fd = UVI_SYS(open)(path, flags | O_CLOEXEC);
  while (fd == -1 && errno == EINTR);
  return fd != -1 ? fd : -errno;
}

int uvi_fd_dup(int fd) {
  int copy = UVI_SYS(fcntl)(fd, F_DUPFD_CLOEXEC, 0);

  return copy != -1 ? copy : -errno;
}

/* Ends that differ in mode are made blocking, and one is changed. */
static int finish_pair(int fds[2], bool first, bool second) {
  int err = 0;

  if (first != second)
    err = uvi_fd_nonblock(fds[first ? 0 : 1], true);
  if (err == 0)
    return 0;
  uvi_sys_close(fds[0]);
  uvi_sys_close(fds[1]);
  return err;
}

int uvi_fd_pipe(int fds[2], bool nonblock_read, bool nonblock_write) {
  int made[2];
  int err;

  if (UVI_SYS(pipe2)(made, O_CLOEXEC | (nonblock_read && nonblock_write ? O_NONBLOCK : 0)) != 0)
    return -errno;
  err = finish_pair(made, nonblock_read, nonblock_write);
  if (err != 0)
    return err;
  fds[0] = made[0];
  fds[1] = made[1];
  return 0;
}

int uvi_fd_socketpair(int type, int protocol, int fds[2], bool nonblock_first,
                      bool nonblock_second) {
  int made[2];
  int err;

  type |= SOCK_CLOEXEC | (nonblock_first && nonblock_second ? SOCK_NONBLOCK : 0);
  if (UVI_SYS(socketpair)(AF_UNIX, type, protocol, made) != 0)
    return -errno;
  err = finish_pair(made, nonblock_first, nonblock_second);
  if (err != 0)
    return err;
  fds[0] = made[0];
  fds[1] = made[1];
  return 0;
}
