/* Descriptors: opening them so that no child inherits them, their modes, sockets and their options,
 * and passing them over a local socket. Functions return 0 or a descriptor or a count, else a UV_E*
 * code; a call that a signal interrupts is made again. Any thread. */
#ifndef UVI_POSIX_FD_H_
#define UVI_POSIX_FD_H_

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

/* ---- modes ---- */

int uvi_fd_cloexec(int fd, bool on);
/* O_NONBLOCK, which belongs to the open file: others that share it see the change. */
int uvi_fd_nonblock(int fd, bool on);
/* fcntl(F_GETFL): O_ACCMODE and the status flags; UV_EBADF if `fd` is not open. */
int uvi_fd_status(int fd);

/* ---- making ---- */

/* open(2) with O_CLOEXEC; `flags` has no O_CREAT. */
int uvi_fd_open(const char *path, int flags);
/* A duplicate with O_CLOEXEC. */
int uvi_fd_dup(int fd);
/* pipe2(2) and socketpair(2) with O_CLOEXEC; each end non-blocking as wanted. */
int uvi_fd_pipe(int fds[2], bool nonblock_read, bool nonblock_write);
int uvi_fd_socketpair(int type, int protocol, int fds[2], bool nonblock_first,
                      bool nonblock_second);

/* ---- sockets ---- */

/* A socket that is non-blocking and close-on-exec. */
int uvi_socket(int family, int type, int protocol);
/* The next connection of a listening socket, non-blocking and close-on-exec. */
int uvi_socket_accept(int fd);
/* connect(2) as it is, UV_EINPROGRESS included. */
int uvi_socket_connect(int fd, const struct sockaddr *addr, socklen_t size);
/* An option of type int. */
int uvi_socket_set(int fd, int level, int option, int value);
int uvi_socket_get(int fd, int level, int option, int *value);
/* getsockname(2), or with `peer` getpeername(2). `*size` as there: room, then the length. */
int uvi_socket_name(int fd, bool peer, struct sockaddr *name, int *size);
/* The length of an address of a family that uv_tcp_bind() and its like take (AF_INET, AF_INET6);
 * 0 for others. */
socklen_t uvi_sockaddr_size(const struct sockaddr *addr);
/* The interface of the first link-local IPv6 address; 0 for none. */
unsigned uvi_link_local_scope(void);

/* ---- passing descriptors (SCM_RIGHTS) ---- */

enum { UVI_FDS_PER_MESSAGE = 64 };

/* sendmsg(2) of `count` buffers, with the descriptor `fd` along unless it is -1. */
ssize_t uvi_fd_send(int socket, void *iov, size_t count, int fd);

/* recvmsg(2) into one buffer. Descriptors that come along go to `fds`, of which there is room for
 * UVI_FDS_PER_MESSAGE; all are close-on-exec. */
ssize_t uvi_fd_receive(int socket, void *base, size_t size, int *fds, unsigned *fd_count);

#endif
