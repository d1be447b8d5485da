/* UDP handles: sockets, addresses, binding and connecting. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "posix/fd.h"
#include "posix/udp_io.h"
#include "util/sys.h"

static unsigned on_io(struct uvi_loop *loop, struct uvi_io *io, uint32_t mask) {
  (void) loop;
  return uvi_udp_ready(UVI_CONTAINER_OF(io, uv_udp_t, io_watcher), mask);
}

static bool is_closing(const uv_udp_t *udp) {
  return (udp->flags & UVI_HANDLE_CLOSING) != 0;
}

int uvi_udp_family(const uv_udp_t *udp) {
  struct sockaddr_storage name = {0};
  int size = sizeof name;
  int err;

  if (uvi_udp_fd(udp) == -1)
    return UV_EBADF;
  err = uvi_socket_name(uvi_udp_fd(udp), false, (struct sockaddr *) &name, &size);
  return err != 0 ? err : name.ss_family;
}

/* Sees to it that there is a socket. */
static int need_socket(uv_udp_t *udp, int family) {
  int fd;
  int err;

  if (uvi_udp_fd(udp) != -1)
    return 0;
  fd = uvi_socket(family, SOCK_DGRAM, 0);
  if (fd < 0)
    return fd;
  err = uvi_io_reserve(uvi_loop_of(udp->loop), fd);
  if (err != 0)
    uvi_sys_close(fd);
  else
    uvi_udp_io(udp)->fd = fd;
  return err;
}

int uv_udp_init_ex(uv_loop_t *loop, uv_udp_t *udp, unsigned flags) {
  int family = (int) (flags & 0xFF);
  int err = 0;

  if (family != AF_INET && family != AF_INET6 && family != AF_UNSPEC)
    return UV_EINVAL;
  if ((flags & ~(0xFFu | UV_UDP_RECVMMSG)) != 0)
    return UV_EINVAL;

  uvi_udp_init(loop, udp,
               (flags & UV_UDP_RECVMMSG) && uvi_udp_io_can_batch() ? UVI_UDP_BATCHES : 0);
  uvi_io_init(uvi_udp_io(udp), on_io, -1);
  if (family != AF_UNSPEC)
    err = need_socket(udp, family);
  if (err != 0) /* then the memory is the caller's, who must not close it */
    uvi_list_remove(uvi_list_of(udp->handle_queue));
  return err;
}

int uv_udp_init(uv_loop_t *loop, uv_udp_t *udp) {
  return uv_udp_init_ex(loop, udp, AF_UNSPEC);
}

/* ---- options that have to be there before an address is ---- */

static int set_reuse_address(int fd) {
#if defined(SO_REUSEPORT) && !defined(__linux__) && !defined(__sun)
  return uvi_socket_set(fd, SOL_SOCKET, SO_REUSEPORT, 1); /* the BSDs' name for it */
#else
  return uvi_socket_set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
#endif
}

static int set_reuse_port(int fd) {
#if defined(SO_REUSEPORT_LB)
  return uvi_socket_set(fd, SOL_SOCKET, SO_REUSEPORT_LB, 1);
#elif defined(SO_REUSEPORT) && defined(__linux__)
  return uvi_socket_set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
#else
  (void) fd;
  return UV_ENOTSUP; /* it would not share the datagrams out */
#endif
}

static int set_reuse(int fd, unsigned flags) {
  int err = flags & UV_UDP_REUSEADDR ? set_reuse_address(fd) : 0;

  return err == 0 && (flags & UV_UDP_REUSEPORT) ? set_reuse_port(fd) : err;
}

static int set_bind_options(int fd, int family, unsigned flags) {
  int err = flags & UV_UDP_LINUX_RECVERR ? uvi_udp_queue_errors(fd, family) : 0;

  if (err == 0)
    err = set_reuse(fd, flags);
  if (err == 0 && (flags & UV_UDP_IPV6ONLY))
    err = uvi_socket_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  return err;
}

/* ---- opening ---- */

int uv_udp_open_ex(uv_udp_t *udp, uv_os_sock_t sock, unsigned flags) {
  struct sockaddr_storage peer;
  int size = sizeof peer;
  int err;

  if (is_closing(udp) || (flags & ~(unsigned) (UV_UDP_REUSEADDR | UV_UDP_REUSEPORT)) != 0)
    return UV_EINVAL;
  if (uvi_udp_fd(udp) != -1)
    return UV_EBUSY;
  err = uvi_fd_status(sock);
  if (err < 0)
    return err;
  err = uvi_io_reserve(uvi_loop_of(udp->loop), sock);
  if (err == 0)
    err = set_reuse(sock, flags);
  if (err == 0)
    err = uvi_fd_nonblock(sock, true);
  if (err != 0)
    return err;

  uvi_udp_io(udp)->fd = sock;
  if (uvi_socket_name(sock, true, (struct sockaddr *) &peer, &size) == 0)
    udp->flags |= UVI_UDP_CONNECTED;
  return 0;
}

int uv_udp_open(uv_udp_t *udp, uv_os_sock_t sock) {
  return uv_udp_open_ex(udp, sock, UV_UDP_REUSEADDR);
}

/* ---- binding ---- */

int uv_udp_bind(uv_udp_t *udp, const struct sockaddr *addr, unsigned flags) {
  const unsigned known =
      UV_UDP_IPV6ONLY | UV_UDP_REUSEADDR | UV_UDP_REUSEPORT | UV_UDP_LINUX_RECVERR;
  socklen_t size = uvi_sockaddr_size(addr);
  int err;

  if (is_closing(udp) || size == 0 || (flags & ~known) != 0)
    return UV_EINVAL;
  if ((flags & UV_UDP_IPV6ONLY) && addr->sa_family != AF_INET6)
    return UV_EINVAL;
  err = need_socket(udp, addr->sa_family);
  if (err == 0)
    err = set_bind_options(uvi_udp_fd(udp), addr->sa_family, flags);
  if (err != 0)
    return err;

  if (UVI_SYS(bind)(uvi_udp_fd(udp), addr, size) == 0)
    return 0;
  /* The socket is of another family. */
  return errno == EAFNOSUPPORT ? UV_EINVAL : uv_translate_sys_error(errno);
}

int uvi_udp_prepare(uv_udp_t *udp, int family, unsigned flags) {
  struct sockaddr_in any4 = {.sin_family = AF_INET};
  struct sockaddr_in6 any6 = {.sin6_family = AF_INET6};

  if (uvi_udp_fd(udp) != -1)
    return 0;
  switch (family) {
    case AF_INET:
      return uv_udp_bind(udp, (const struct sockaddr *) &any4, flags);
    case AF_INET6:
      return uv_udp_bind(udp, (const struct sockaddr *) &any6, flags);
    default:
      return UV_EINVAL;
  }
}

int uvi_udp_io_prepare(uv_udp_t *udp, const struct sockaddr *addr) {
  if (addr == NULL)
    return uvi_udp_prepare(udp, AF_INET, 0);
  if (uvi_udp_io_address_size(addr) == 0)
    return UV_EINVAL;
  return uvi_udp_prepare(udp, addr->sa_family, 0);
}

/* ---- connecting ---- */

static int disconnect(uv_udp_t *udp) {
  const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
  int err;

  if (!uvi_udp_has(udp, UVI_UDP_CONNECTED))
    return UV_ENOTCONN;
  err = uvi_socket_connect(uvi_udp_fd(udp), &nobody, sizeof nobody);
  if (err != 0 && err != UV_EAFNOSUPPORT) /* some systems do it and say this */
    return err;
  udp->flags &= ~(unsigned) UVI_UDP_CONNECTED;
  return 0;
}

int uv_udp_connect(uv_udp_t *udp, const struct sockaddr *addr) {
  socklen_t size;
  int err;

  if (addr == NULL)
    return disconnect(udp);
  size = uvi_sockaddr_size(addr);
  if (is_closing(udp) || size == 0)
    return UV_EINVAL;
  if (uvi_udp_has(udp, UVI_UDP_CONNECTED))
    return UV_EISCONN;
  err = uvi_udp_prepare(udp, addr->sa_family, 0);
  if (err == 0)
    err = uvi_socket_connect(uvi_udp_fd(udp), addr, size);
  if (err == 0)
    udp->flags |= UVI_UDP_CONNECTED;
  return err;
}

/* ---- names ---- */

static int get_name(const uv_udp_t *udp, bool peer, struct sockaddr *name, int *size) {
  if (uvi_udp_fd(udp) == -1)
    return UV_EBADF;
  return uvi_socket_name(uvi_udp_fd(udp), peer, name, size);
}

int uv_udp_getsockname(const uv_udp_t *udp, struct sockaddr *name, int *size) {
  return get_name(udp, false, name, size);
}

int uv_udp_getpeername(const uv_udp_t *udp, struct sockaddr *name, int *size) {
  return get_name(udp, true, name, size);
}

void uvi_udp_io_close(uv_udp_t *udp) {
  struct uvi_io *io = uvi_udp_io(udp);
  int fd = io->fd;

  if (fd == -1)
    return;
  uvi_io_close(uvi_loop_of(udp->loop), io);
  /* The standard ones stay: a later open would get the number and be taken for one of them. */
  if (fd > STDERR_FILENO)
    uvi_sys_close(fd);
}
