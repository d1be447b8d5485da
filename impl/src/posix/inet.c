/* Network addresses as text. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "uv.h"

static const char *scope_of(const char *text) {
  return strchr(text, '%');
}

/* An IPv6 address without what follows its '%'. */
static int read_ip6(const char *text, void *dst) {
  char address[INET6_ADDRSTRLEN];
  const char *scope = scope_of(text);
  const size_t length = scope != NULL ? (size_t) (scope - text) : strlen(text);

  if (length >= sizeof address)
    return UV_EINVAL;
  memcpy(address, text, length);
  address[length] = '\0';
  return inet_pton(AF_INET6, address, dst) == 1 ? 0 : UV_EINVAL;
}

int uv_inet_pton(int af, const char *src, void *dst) {
  if (src == NULL || dst == NULL)
    return UV_EINVAL;
  switch (af) {
    case AF_INET:
      return inet_pton(AF_INET, src, dst) == 1 ? 0 : UV_EINVAL;
    case AF_INET6:
      return read_ip6(src, dst);
    default:
      return UV_EAFNOSUPPORT;
  }
}

int uv_inet_ntop(int af, const void *src, char *dst, size_t size) {
  char text[INET6_ADDRSTRLEN];
  size_t length;

  if (af != AF_INET && af != AF_INET6)
    return UV_EAFNOSUPPORT;
  if (inet_ntop(af, src, text, sizeof text) == NULL)
    return UV_ENOSPC;
  length = strlen(text);
  if (length >= size)
    return UV_ENOSPC; /* and nothing is written */
  memcpy(dst, text, length + 1);
  return 0;
}

int uv_ip4_addr(const char *ip, int port, struct sockaddr_in *addr) {
  memset(addr, 0, sizeof *addr);
  addr->sin_family = AF_INET;
  addr->sin_port = htons((uint16_t) port);
  return uv_inet_pton(AF_INET, ip, &addr->sin_addr);
}

int uv_ip6_addr(const char *ip, int port, struct sockaddr_in6 *addr) {
  const char *scope = scope_of(ip);

  memset(addr, 0, sizeof *addr);
  addr->sin6_family = AF_INET6;
  addr->sin6_port = htons((uint16_t) port);
  if (scope != NULL)
    addr->sin6_scope_id = if_nametoindex(scope + 1); /* 0 where there is no such interface */
  return uv_inet_pton(AF_INET6, ip, &addr->sin6_addr);
}

int uv_ip4_name(const struct sockaddr_in *src, char *dst, size_t size) {
  return uv_inet_ntop(AF_INET, &src->sin_addr, dst, size);
}

int uv_ip6_name(const struct sockaddr_in6 *src, char *dst, size_t size) {
  return uv_inet_ntop(AF_INET6, &src->sin6_addr, dst, size);
}

int uv_ip_name(const struct sockaddr *src, char *dst, size_t size) {
  const void *address = src;

  switch (src->sa_family) {
    case AF_INET:
      return uv_ip4_name(address, dst, size);
    case AF_INET6:
      return uv_ip6_name(address, dst, size);
    default:
      return UV_EAFNOSUPPORT;
  }
}
