/* Readiness by epoll(7). */
#include <errno.h>

#include "backend/backend.h"
#include "core/loop.h"
#include "posix/signal_mask.h"
#include "posix/wake.h"
#include "util/sys.h"

static int epoll_backend_init(struct uvi_loop *loop) {
  int fd = UVI_SYS(epoll_create1)(EPOLL_CLOEXEC);

  if (fd == -1)
    return -errno;
  loop->backend_fd = fd;
  return 0;
}

static void epoll_backend_close(struct uvi_loop *loop) {
  if (loop->backend_fd != -1)
    uvi_sys_close(loop->backend_fd);
  loop->backend_fd = -1;
}

static int epoll_backend_fork(struct uvi_loop *loop) {
  /* The inherited descriptor is the parent's epoll instance: closing it is all that is safe. */
  epoll_backend_close(loop);
  return epoll_backend_init(loop);
}

static uint32_t to_epoll(uint32_t mask) {
  return (mask & UVI_IO_READABLE ? (uint32_t) EPOLLIN : 0) |
         (mask & UVI_IO_WRITABLE ? (uint32_t) EPOLLOUT : 0) |
         (mask & UVI_IO_PRIORITY ? (uint32_t) EPOLLPRI : 0) |
         (mask & UVI_IO_PEER_SHUT ? (uint32_t) EPOLLRDHUP : 0) |
         (mask & UVI_IO_EDGE ? (uint32_t) EPOLLET : 0);
}

static uint32_t from_epoll(uint32_t events) {
  return (events & EPOLLIN ? (uint32_t) UVI_IO_READABLE : 0) |
         (events & EPOLLOUT ? (uint32_t) UVI_IO_WRITABLE : 0) |
         (events & EPOLLPRI ? (uint32_t) UVI_IO_PRIORITY : 0) |
         (events & EPOLLRDHUP ? (uint32_t) UVI_IO_PEER_SHUT : 0) |
         (events & EPOLLERR ? (uint32_t) UVI_IO_ERROR : 0) |
         (events & EPOLLHUP ? (uint32_t) UVI_IO_HANGUP : 0);
}

static int control(struct uvi_loop *loop, int op, int fd, struct epoll_event *event) {
  return UVI_SYS(epoll_ctl)(loop->backend_fd, op, fd, event) == 0 ? 0 : -errno;
}

static int epoll_backend_watch(struct uvi_loop *loop, int fd, uint32_t tag, uint32_t old,
                               uint32_t now) {
  struct epoll_event event = {.events = to_epoll(now),
                              .data.u64 = (uint64_t) tag << 32 | (uint32_t) fd};
  int err;

  if (now == 0) {
    err = control(loop, EPOLL_CTL_DEL, fd, &event);
    /* Gone is gone: the program closed the descriptor before it told us. */
    return err == UV_ENOENT || err == UV_EBADF ? 0 : err;
  }

  /* The kernel forgets a descriptor that is closed and remembers one that was duplicated, neither
   * of which we can see. So what we believed may be wrong once, and not twice. */
  err = control(loop, old == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
  if (err == UV_EEXIST)
    err = control(loop, EPOLL_CTL_MOD, fd, &event);
  else if (err == UV_ENOENT)
    err = control(loop, EPOLL_CTL_ADD, fd, &event);
  return err;
}

static void epoll_backend_forget(struct uvi_loop *loop, int fd, uint32_t old) {
  struct epoll_event event = {0}; /* old kernels want one */

  /* Closing would do if we knew that nobody, such as a child process, holds a duplicate. */
  if (old != 0)
    (void) control(loop, EPOLL_CTL_DEL, fd, &event);
}

static int epoll_backend_poll(struct uvi_loop *loop, int timeout_ms, struct uvi_event *events,
                              int budget) {
  struct epoll_event ready[256];
  sigset_t buffer;
  int capacity = (int) (sizeof ready / sizeof ready[0]);
  int count;

  if (budget < capacity)
    capacity = budget;
  count = UVI_SYS(epoll_pwait)(loop->backend_fd, ready, capacity, timeout_ms,
                               uvi_poll_signal_mask(loop, timeout_ms, &buffer));
  if (count == -1)
    return errno == EINTR ? 0 : -errno;

  for (int i = 0; i < count; i++) {
    events[i].op = NULL;
    events[i].result = 0;
    events[i].fd = (int) (uint32_t) ready[i].data.u64;
    events[i].tag = (uint32_t) (ready[i].data.u64 >> 32);
    events[i].mask = from_epoll(ready[i].events);
  }
  return count;
}

const struct uvi_backend uvi_backend_epoll = {
    .name = "epoll",
    .flags = UVI_BACKEND_EDGE,
    .init = epoll_backend_init,
    .close = epoll_backend_close,
    .fork = epoll_backend_fork,
    .watch = epoll_backend_watch,
    .forget = epoll_backend_forget,
    .poll = epoll_backend_poll,
    .wake = uvi_wake_write,
};
