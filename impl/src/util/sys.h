/* The one place where POSIX system calls are named. A test build (UVI_TEST_SYS) calls them through
 * a table that a test may change, so that each can be made to fail; any other build calls them
 * directly.
 *
 *   fd = UVI_SYS(close)(fd);
 *
 * Add a call to UVI_SYS_CALLS (or to a system's own list below it) when a source needs it. */
#ifndef UVI_UTIL_SYS_H_
#define UVI_UTIL_SYS_H_

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/vfs.h>
#endif

#ifdef UVI_TEST_SYS

/* XX(result, name, parameters). The socket addresses are spelt as the C library declares them. */
#define UVI_SYS_CALLS(XX)                                                                          \
  XX(int, accept4, (int fd, __SOCKADDR_ARG name, socklen_t *size, int flags))                      \
  XX(int, access, (const char *path, int mode))                                                    \
  XX(int, bind, (int fd, __CONST_SOCKADDR_ARG name, socklen_t size))                               \
  XX(int, chdir, (const char *path))                                                               \
  XX(int, chmod, (const char *path, mode_t mode))                                                  \
  XX(int, chown, (const char *path, uid_t uid, gid_t gid))                                         \
  XX(int, clock_gettime, (clockid_t clock, struct timespec * time))                                \
  XX(int, close, (int fd))                                                                         \
  XX(int, closedir, (DIR * dir))                                                                   \
  XX(int, connect, (int fd, __CONST_SOCKADDR_ARG name, socklen_t size))                            \
  XX(int, dup2, (int fd, int target))                                                              \
  XX(int, execve, (const char *path, char *const args[], char *const env[]))                       \
  XX(int, fchmod, (int fd, mode_t mode))                                                           \
  XX(int, fchown, (int fd, uid_t uid, gid_t gid))                                                  \
  XX(int, fcntl, (int fd, int command, ...))                                                       \
  XX(int, fdatasync, (int fd))                                                                     \
  XX(pid_t, fork, (void) )                                                                         \
  XX(int, fstat, (int fd, struct stat *st))                                                        \
  XX(int, fsync, (int fd))                                                                         \
  XX(int, ftruncate, (int fd, off_t size))                                                         \
  XX(int, futimens, (int fd, const struct timespec times[2]))                                      \
  XX(int, getpeername, (int fd, __SOCKADDR_ARG name, socklen_t *size))                             \
  XX(int, getsockname, (int fd, __SOCKADDR_ARG name, socklen_t *size))                             \
  XX(int, getsockopt, (int fd, int level, int option, void *value, socklen_t *size))               \
  XX(int, ioctl, (int fd, unsigned long request, ...))                                             \
  XX(int, kill, (pid_t pid, int signum))                                                           \
  XX(int, lchown, (const char *path, uid_t uid, gid_t gid))                                        \
  XX(int, link, (const char *path, const char *new_path))                                          \
  XX(int, listen, (int fd, int backlog))                                                           \
  XX(int, lstat, (const char *path, struct stat *st))                                              \
  XX(int, mkdir, (const char *path, mode_t mode))                                                  \
  XX(char *, mkdtemp, (char *path))                                                                \
  XX(int, mkostemp, (char *path, int flags))                                                       \
  XX(int, open, (const char *path, int flags, ...))                                                \
  XX(DIR *, opendir, (const char *path))                                                           \
  XX(int, pipe2, (int fds[2], int flags))                                                          \
  XX(int, ppoll,                                                                                   \
     (struct pollfd * fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask))    \
  XX(ssize_t, pread, (int fd, void *buffer, size_t size, off_t offset))                            \
  XX(ssize_t, preadv, (int fd, const struct iovec *vectors, int count, off_t offset))              \
  XX(int, pthread_create,                                                                          \
     (pthread_t * thread, const pthread_attr_t *attributes, void *(*start)(void *), void *arg))    \
  XX(ssize_t, pwrite, (int fd, const void *buffer, size_t size, off_t offset))                     \
  XX(ssize_t, pwritev, (int fd, const struct iovec *vectors, int count, off_t offset))             \
  XX(ssize_t, read, (int fd, void *buffer, size_t size))                                           \
  XX(struct dirent *, readdir, (DIR * dir))                                                        \
  XX(ssize_t, readlink, (const char *path, char *buffer, size_t size))                             \
  XX(ssize_t, readv, (int fd, const struct iovec *vectors, int count))                             \
  XX(char *, realpath, (const char *path, char *resolved))                                         \
  XX(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags))                                \
  XX(int, rename, (const char *path, const char *new_path))                                        \
  XX(int, rmdir, (const char *path))                                                               \
  XX(ssize_t, send, (int fd, const void *buffer, size_t size, int flags))                          \
  XX(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags))                          \
  XX(pid_t, setsid, (void) )                                                                       \
  XX(int, setsockopt, (int fd, int level, int option, const void *value, socklen_t size))          \
  XX(int, shutdown, (int fd, int how))                                                             \
  XX(int, sigaction, (int signum, const struct sigaction *action, struct sigaction *old))          \
  XX(int, sigprocmask, (int how, const sigset_t *mask, sigset_t *old))                             \
  XX(int, socket, (int family, int type, int protocol))                                            \
  XX(int, socketpair, (int family, int type, int protocol, int fds[2]))                            \
  XX(int, stat, (const char *path, struct stat *st))                                               \
  XX(int, symlink, (const char *path, const char *new_path))                                       \
  XX(int, unlink, (const char *path))                                                              \
  XX(int, utimensat, (int dirfd, const char *path, const struct timespec times[2], int flags))     \
  XX(pid_t, waitpid, (pid_t pid, int *status, int options))                                        \
  XX(ssize_t, write, (int fd, const void *buffer, size_t size))                                    \
  XX(ssize_t, writev, (int fd, const struct iovec *vectors, int count))

#define UVI_SYS_CALLS_LINUX(XX)                                                                    \
  XX(int, clone, (int (*start)(void *), void *stack, int flags, void *argument, ...))              \
  XX(ssize_t, copy_file_range,                                                                     \
     (int in, off64_t *in_offset, int out, off64_t *out_offset, size_t size, unsigned int flags))  \
  XX(int, epoll_create1, (int flags))                                                              \
  XX(int, epoll_ctl, (int epoll_fd, int op, int fd, struct epoll_event *event))                    \
  XX(int, epoll_pwait,                                                                             \
     (int epoll_fd, struct epoll_event *events, int capacity, int timeout_ms,                      \
      const sigset_t *mask))                                                                       \
  XX(int, eventfd, (unsigned int count, int flags))                                                \
  XX(ssize_t, getrandom, (void *buffer, size_t size, unsigned int flags))                          \
  XX(int, inotify_add_watch, (int inotify_fd, const char *path, uint32_t mask))                    \
  XX(int, inotify_init1, (int flags))                                                              \
  XX(int, inotify_rm_watch, (int inotify_fd, int wd))                                              \
  XX(int, recvmmsg,                                                                                \
     (int fd, struct mmsghdr *messages, unsigned int count, int flags, struct timespec *timeout))  \
  XX(ssize_t, sendfile, (int out, int in, off_t *offset, size_t size))                             \
  XX(int, sendmmsg, (int fd, struct mmsghdr *messages, unsigned int count, int flags))             \
  XX(int, statfs, (const char *path, struct statfs *found))                                        \
  XX(int, statx, (int dirfd, const char *path, int flags, unsigned int mask, struct statx *found))

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
