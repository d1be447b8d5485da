/* The part of posix/fd.h that is about sockets. */
#include <errno.h>
#include <netinet/in.h>

#include "posix/fd.h"
#include "util/sys.h"
#include "uv.h"

int uvi_socket(int family, int type, int protocol) {
  int fd = UVI_SYS(socket)(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

  return fd != -1 ? fd : -errno;
}

int uvi_socket_accept(int fd) {
  int peer;

  do
    peer = UVI_SYS(accept4)(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  while (peer == -1 && errno == EINTR);
  return peer != -1 ? peer : -errno;
}

int uvi_socket_connect(int fd, const struct sockaddr *addr, socklen_t size) {
  int result;

  /* A socket that does not block goes on connecting when a signal comes: no EALREADY to expect. */
  do
    result = UVI_SYS(connect)(fd, addr, size);
  while (result == -1 && errno == EINTR);
  return result == 0 ? 0 : -errno;
}

int uvi_socket_set(int fd, int level, int option, int value) {
  return UVI_SYS(setsockopt)(fd, level, option, &value, sizeof value) == 0 ? 0 : -errno;
}

int uvi_socket_get(int fd, int level, int option, int *value) {
  socklen_t size = sizeof *value;

  return UVI_SYS(getsockopt)(fd, level, option, value, &size) == 0 ? 0 : -errno;
}

int uvi_socket_name(int fd, bool peer, struct sockaddr *name, int *size) {
  socklen_t length;
  int result;

  if (*size < 0)
    return UV_EINVAL;
  length = (socklen_t) *size;
  result = peer ? UVI_SYS(getpeername)(fd, name, &length) : UVI_SYS(getsockname)(fd, name, &length);
  if (result != 0)
    return -errno;
  *size = (int) length;
  return 0;
}

socklen_t uvi_sockaddr_size(const struct sockaddr *addr) {
  switch (addr->sa_family) {
    case AF_INET:
      return sizeof(struct sockaddr_in);
    case AF_INET6:
      return sizeof(struct sockaddr_in6);
    default:
      return 0;
  }
}
