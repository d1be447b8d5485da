/* TCP handles: sockets, addresses, connecting. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "posix/fd.h"
#include "posix/stream_io.h"
#include "util/sys.h"

static bool is_closing(const uv_tcp_t *tcp) {
  return (tcp->flags & UVI_HANDLE_CLOSING) != 0;
}

static int tcp_fd(const uv_tcp_t *tcp) {
  return uvi_stream_fd((const uv_stream_t *) tcp);
}

/* Sees to it that there is a socket; sets `flags` in any case. */
static int need_socket(uv_tcp_t *tcp, int family, unsigned flags) {
  int fd;
  int err;

  if (tcp_fd(tcp) != -1) {
    tcp->flags |= flags;
    return 0;
  }
  fd = uvi_socket(family, SOCK_STREAM, 0);
  if (fd < 0)
    return fd;
  err = uvi_stream_open(UVI_STREAM(tcp), fd, flags | UVI_STREAM_SOCKET);
  if (err != 0)
    uvi_sys_close(fd);
  return err;
}

int uv_tcp_init_ex(uv_loop_t *loop, uv_tcp_t *tcp, unsigned flags) {
  int family = (int) (flags & 0xFF);
  int err = 0;

  if (family != AF_INET && family != AF_INET6 && family != AF_UNSPEC)
    return UV_EINVAL;
  if ((flags & ~0xFFu) != 0)
    return UV_EINVAL;

  uvi_stream_init(loop, UVI_STREAM(tcp), UV_TCP);
  if (family != AF_UNSPEC)
    err = need_socket(tcp, family, 0);
  if (err != 0) /* then the memory is the caller's, who must not close it */
    uvi_list_remove(uvi_list_of(tcp->handle_queue));
  return err;
}

int uv_tcp_init(uv_loop_t *loop, uv_tcp_t *tcp) {
  return uv_tcp_init_ex(loop, tcp, AF_UNSPEC);
}

int uv_tcp_open(uv_tcp_t *tcp, uv_os_sock_t sock) {
  int err;

  if (is_closing(tcp))
    return UV_EINVAL;
  err = uvi_fd_status(sock);
  if (err < 0)
    return err;
  err = uvi_io_reserve(uvi_loop_of(tcp->loop), sock);
  if (err != 0)
    return err;
  if (tcp_fd(tcp) != -1 && tcp_fd(tcp) != sock)
    return UV_EBUSY;
  err = uvi_fd_nonblock(sock, true);
  return err != 0 ? err : uvi_stream_open(UVI_STREAM(tcp), sock, UVI_STREAM_RDWR);
}

static int set_bind_options(uv_tcp_t *tcp, int family, unsigned flags) {
  int fd = tcp_fd(tcp);
  int err = uvi_socket_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);

  if (err == 0 && (flags & UV_TCP_REUSEPORT)) {
#ifdef SO_REUSEPORT
    err = uvi_socket_set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
#else
    err = UV_ENOTSUP;
#endif
  }
  if (err == 0 && family == AF_INET6)
    err = uvi_socket_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, (flags & UV_TCP_IPV6ONLY) != 0);
  return err;
}

int uv_tcp_bind(uv_tcp_t *tcp, const struct sockaddr *addr, unsigned flags) {
  socklen_t size = uvi_sockaddr_size(addr);
  int err;

  if (is_closing(tcp) || size == 0)
    return UV_EINVAL;
  if ((flags & UV_TCP_IPV6ONLY) && addr->sa_family != AF_INET6)
    return UV_EINVAL;
  err = need_socket(tcp, addr->sa_family, 0);
  if (err == 0)
    err = set_bind_options(tcp, addr->sa_family, flags);
  if (err != 0)
    return err;

  tcp->delayed_error = 0;
  if (UVI_SYS(bind)(tcp_fd(tcp), addr, size) == 0)
    return 0;
  switch (errno) {
    case EADDRINUSE: /* systems differ in when they say so; listening and connecting tell */
      tcp->delayed_error = UV_EADDRINUSE;
      return 0;
    case EAFNOSUPPORT: /* the socket is of another family */
      return UV_EINVAL;
    default:
      return uv_translate_sys_error(errno);
  }
}

int uvi_tcp_listen(uv_tcp_t *tcp, int backlog) {
  int err;

  if (tcp->connect_req != NULL)
    return UV_EINVAL;
  if (tcp->delayed_error != 0)
    return tcp->delayed_error;
  err = need_socket(tcp, AF_INET, 0);
  return err != 0 ? err : uvi_stream_begin_listen(UVI_STREAM(tcp), backlog);
}

/* UV-TCP-0190: a link-local address means nothing without an interface, so the first one that has such an
 * address is taken. Returns `addr` itself, or `to` with what it lacks. */
static const struct sockaddr *with_scope(const struct sockaddr *addr, struct sockaddr_in6 *to) {
  if (addr->sa_family != AF_INET6)
    return addr;
  memcpy(to, addr, sizeof *to);
  if (to->sin6_scope_id != 0 || !IN6_IS_ADDR_LINKLOCAL(&to->sin6_addr))
    return addr;
  to->sin6_scope_id = uvi_link_local_scope();
  return (const struct sockaddr *) to;
}

int uv_tcp_connect(uv_connect_t *req, uv_tcp_t *tcp, const struct sockaddr *addr,
                   uv_connect_cb cb) {
  struct sockaddr_in6 scoped;
  socklen_t size = uvi_sockaddr_size(addr);
  int err;

  if (is_closing(tcp) || size == 0)
    return UV_EINVAL;
  if (tcp->connect_req != NULL)
    return UV_EALREADY;

  err = tcp->delayed_error;
  if (err == 0) {
    err = need_socket(tcp, addr->sa_family, 0);
    if (err != 0)
      return err;
    err = uvi_socket_connect(tcp_fd(tcp), with_scope(addr, &scoped), size);
    if (err == -EINPROGRESS)
      err = UVI_STREAM_PENDING;
    else if (err != 0 && err != UV_ECONNREFUSED)
      return err;
    tcp->flags |= UVI_STREAM_RDWR; /* writes are queued from here on */
  }
  tcp->delayed_error = 0;
  uvi_stream_connecting(UVI_STREAM(tcp), req, cb, err);
  return 0;
}

static int get_name(const uv_tcp_t *tcp, bool peer, struct sockaddr *name, int *size) {
  if (tcp->delayed_error != 0 && !(tcp->flags & UVI_STREAM_CONNECT_DONE))
    return tcp->delayed_error;
  if (tcp_fd(tcp) == -1)
    return UV_EBADF;
  return uvi_socket_name(tcp_fd(tcp), peer, name, size);
}

int uv_tcp_getsockname(const uv_tcp_t *tcp, struct sockaddr *name, int *size) {
  return get_name(tcp, false, name, size);
}

int uv_tcp_getpeername(const uv_tcp_t *tcp, struct sockaddr *name, int *size) {
  return get_name(tcp, true, name, size);
}

int uv_tcp_close_reset(uv_tcp_t *tcp, uv_close_cb close_cb) {
  const struct linger now = {.l_onoff = 1, .l_linger = 0};

  /* A connection that is being ended in order cannot be ended by a reset as well. */
  if (tcp->shutdown_req != NULL)
    return UV_EINVAL;
  if (tcp_fd(tcp) == -1)
    return UV_EBADF;
  if (UVI_SYS(setsockopt)(tcp_fd(tcp), SOL_SOCKET, SO_LINGER, &now, sizeof now) != 0)
    return uv_translate_sys_error(errno);
  uv_close(UVI_HANDLE(tcp), close_cb);
  return 0;
}
