/* Options of TCP sockets. They may be set before there is a socket, which gets them when it is made or
 * opened. */
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "posix/fd.h"
#include "posix/stream_io.h"

#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE TCP_KEEPALIVE /* macOS */
#endif

/* For a handle that had no socket when it was turned on. */
enum { DEFAULT_IDLE_S = 60 };

static int set_nodelay(int fd, bool on) {
  return uvi_socket_set(fd, IPPROTO_TCP, TCP_NODELAY, on);
}

static int set_keepalive(int fd, bool on, unsigned idle_s, unsigned interval_s, unsigned count) {
  int err;

  if (!on)
    return uvi_socket_set(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
  if (idle_s == 0 || interval_s == 0 || count == 0)
    return UV_EINVAL;
  err = uvi_socket_set(fd, IPPROTO_TCP, TCP_KEEPIDLE, (int) idle_s);
  if (err == 0)
    err = uvi_socket_set(fd, IPPROTO_TCP, TCP_KEEPINTVL, (int) interval_s);
  if (err == 0)
    err = uvi_socket_set(fd, IPPROTO_TCP, TCP_KEEPCNT, (int) count);
  return err != 0 ? err : uvi_socket_set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

int uvi_tcp_apply_options(uv_tcp_t *tcp) {
  int fd = uvi_stream_fd((const uv_stream_t *) tcp);
  int err = 0;

  if (tcp->flags & UVI_TCP_NODELAY)
    err = set_nodelay(fd, true);
  if (err == 0 && (tcp->flags & UVI_TCP_KEEPALIVE))
    err = set_keepalive(fd, true, DEFAULT_IDLE_S, 1, 10);
  return err;
}

static void remember(uv_tcp_t *tcp, unsigned flag, bool on) {
  tcp->flags = on ? tcp->flags | flag : tcp->flags & ~flag;
}

int uv_tcp_nodelay(uv_tcp_t *tcp, int enable) {
  int fd = uvi_stream_fd((const uv_stream_t *) tcp);
  int err = fd != -1 ? set_nodelay(fd, enable != 0) : 0;

  if (err == 0)
    remember(tcp, UVI_TCP_NODELAY, enable != 0);
  return err;
}

int uv_tcp_keepalive_ex(uv_tcp_t *tcp, int on, unsigned idle, unsigned interval, unsigned count) {
  int fd = uvi_stream_fd((const uv_stream_t *) tcp);
  int err = fd != -1 ? set_keepalive(fd, on != 0, idle, interval, count) : 0;

  if (err == 0)
    remember(tcp, UVI_TCP_KEEPALIVE, on != 0);
  return err;
}

int uv_tcp_keepalive(uv_tcp_t *tcp, int enable, unsigned delay) {
  return uv_tcp_keepalive_ex(tcp, enable, delay, 1, 10);
}

int uv_tcp_simultaneous_accepts(uv_tcp_t *tcp, int enable) {
  (void) tcp;
  (void) enable;
  return 0; /* a matter of Windows */
}
