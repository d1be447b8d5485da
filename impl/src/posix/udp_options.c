/* Options of UDP sockets: time to live, broadcast, and how multicast datagrams are sent. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include "posix/fd.h"
#include "posix/udp_io.h"
#include "util/sys.h"

/* An option that has one name for IPv4 and another one for IPv6. */
static int set_by_family(uv_udp_t *udp, int option4, int option6, int value) {
  int family = uvi_udp_family(udp);

  if (family < 0)
    return family;
  return family == AF_INET6 ? uvi_socket_set(uvi_udp_fd(udp), IPPROTO_IPV6, option6, value)
                            : uvi_socket_set(uvi_udp_fd(udp), IPPROTO_IP, option4, value);
}

int uv_udp_set_broadcast(uv_udp_t *udp, int on) {
  if (uvi_udp_fd(udp) == -1)
    return UV_EBADF;
  return uvi_socket_set(uvi_udp_fd(udp), SOL_SOCKET, SO_BROADCAST, on);
}

int uv_udp_set_ttl(uv_udp_t *udp, int ttl) {
  if (ttl < 1 || ttl > 255)
    return UV_EINVAL;
  return set_by_family(udp, IP_TTL, IPV6_UNICAST_HOPS, ttl);
}

int uv_udp_set_multicast_ttl(uv_udp_t *udp, int ttl) {
  if (ttl < 0 || ttl > 255)
    return UV_EINVAL;
  return set_by_family(udp, IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS, ttl);
}

int uv_udp_set_multicast_loop(uv_udp_t *udp, int on) {
  if (on < 0 || on > 255)
    return UV_EINVAL;
  return set_by_family(udp, IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP, on);
}

static int set_interface4(uv_udp_t *udp, const struct in_addr *interface) {
  return UVI_SYS(setsockopt)(uvi_udp_fd(udp), IPPROTO_IP, IP_MULTICAST_IF, interface,
                             sizeof *interface) == 0
             ? 0
             : -errno;
}

int uv_udp_set_multicast_interface(uv_udp_t *udp, const char *interface_addr) {
  struct sockaddr_in name4 = {.sin_addr.s_addr = htonl(INADDR_ANY)};
  struct sockaddr_in6 name6 = {.sin6_scope_id = 0};
  bool is6 = false;

  if (interface_addr == NULL)
    is6 = uvi_udp_family(udp) == AF_INET6;
  else if (uv_ip4_addr(interface_addr, 0, &name4) != 0) {
    is6 = true;
    if (uv_ip6_addr(interface_addr, 0, &name6) != 0)
      return UV_EINVAL;
  }
  if (uvi_udp_fd(udp) == -1)
    return UV_EBADF;
  return is6 ? uvi_socket_set(uvi_udp_fd(udp), IPPROTO_IPV6, IPV6_MULTICAST_IF,
                              (int) name6.sin6_scope_id)
             : set_interface4(udp, &name4.sin_addr);
}
