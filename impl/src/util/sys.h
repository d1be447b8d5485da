/* The one place where POSIX system calls are named. A test build (UVI_TEST_SYS) calls them through
 * a table that a test may change, so that each can be made to fail; any other build calls them
 * directly.
 *
 *   fd = UVI_SYS(close)(fd);
 *
 * Add a call to UVI_SYS_CALLS (or to a system's own list below it) when a source needs it. */
#ifndef UVI_UTIL_SYS_H_
#define UVI_UTIL_SYS_H_

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif

#ifdef UVI_TEST_SYS

/* XX(result, name, parameters) */
#define UVI_SYS_CALLS(XX)                                                                          \
  XX(int, clock_gettime, (clockid_t clock, struct timespec * time))                                \
  XX(int, close, (int fd))                                                                         \
  XX(int, ppoll,                                                                                   \
     (struct pollfd * fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask))    \
  XX(int, pipe2, (int fds[2], int flags))                                                          \
  XX(ssize_t, read, (int fd, void *buffer, size_t size))                                           \
  XX(ssize_t, write, (int fd, const void *buffer, size_t size))

#define UVI_SYS_CALLS_LINUX(XX)                                                                    \
  XX(int, epoll_create1, (int flags))                                                              \
  XX(int, epoll_ctl, (int epoll_fd, int op, int fd, struct epoll_event *event))                    \
  XX(int, epoll_pwait,                                                                             \
     (int epoll_fd, struct epoll_event *events, int capacity, int timeout_ms,                      \
      const sigset_t *mask))                                                                       \
  XX(int, eventfd, (unsigned int count, int flags))

struct uvi_sys {
#define XX(result, name, parameters) result(*name) parameters;
  UVI_SYS_CALLS(XX)
#ifdef __linux__
  UVI_SYS_CALLS_LINUX(XX)
#endif
#undef XX
};

extern struct uvi_sys uvi_sys; /* starts as the real calls */

#define UVI_SYS(name) uvi_sys.name
#else
#define UVI_SYS(name) name
#endif

/* Close-on-exec, non-blocking descriptors only ever come out of the library's own calls. Closes
 * `fd` once, whatever happens: after EINTR the descriptor is gone on Linux, and closing it again
 * may hit a new one that another thread has just opened. Leaves errno alone. */
void uvi_sys_close(int fd);

#endif
