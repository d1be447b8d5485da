/* Membership of multicast groups. A handle without a socket is bound to any address first, in a way that
 * lets others on this machine join, too. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "posix/fd.h"
#include "posix/udp_io.h"
#include "util/sys.h"

union address {
  struct sockaddr any;
  struct sockaddr_in in4;
  struct sockaddr_in6 in6;
};

static int read_address(const char *text, union address *to) {
  return uv_ip4_addr(text, 0, &to->in4) == 0 || uv_ip6_addr(text, 0, &to->in6) == 0 ? 0 : UV_EINVAL;
}

static bool is_known(uv_membership membership) {
  return membership == UV_JOIN_GROUP || membership == UV_LEAVE_GROUP;
}

/* NULL is for any interface. */
static int read_interface4(const char *text, struct in_addr *to) {
  struct sockaddr_in name = {.sin_addr.s_addr = htonl(INADDR_ANY)};
  int err = text != NULL ? uv_ip4_addr(text, 0, &name) : 0;

  *to = name.sin_addr;
  return err;
}

/* An interface is named by what follows the '%'; 0 is for any. */
static int read_interface6(const char *text, unsigned *index) {
  struct sockaddr_in6 name = {.sin6_scope_id = 0};
  int err = text != NULL ? uv_ip6_addr(text, 0, &name) : 0;

  *index = name.sin6_scope_id;
  return err;
}

static int set(const uv_udp_t *udp, int level, int option, const void *value, size_t size) {
  return UVI_SYS(setsockopt)(uvi_udp_fd(udp), level, option, value, (socklen_t) size) == 0 ? 0
                                                                                           : -errno;
}

static int set_group4(uv_udp_t *udp, const union address *group, const char *interface_addr,
                      bool join) {
  struct ip_mreq request = {.imr_multiaddr = group->in4.sin_addr};
  int err = read_interface4(interface_addr, &request.imr_interface);

  if (err != 0)
    return err;
  return set(udp, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, &request,
             sizeof request);
}

static int set_group6(uv_udp_t *udp, const union address *group, const char *interface_addr,
                      bool join) {
  struct ipv6_mreq request = {.ipv6mr_multiaddr = group->in6.sin6_addr};
  int err = read_interface6(interface_addr, &request.ipv6mr_interface);

  if (err != 0)
    return err;
  return set(udp, IPPROTO_IPV6, join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, &request,
             sizeof request);
}

int uv_udp_set_membership(uv_udp_t *udp, const char *multicast_addr, const char *interface_addr,
                          uv_membership membership) {
  union address group;
  int err = is_known(membership) ? read_address(multicast_addr, &group) : UV_EINVAL;

  if (err == 0)
    err = uvi_udp_prepare(udp, group.any.sa_family, UV_UDP_REUSEADDR);
  if (err != 0)
    return err;
  return group.any.sa_family == AF_INET
             ? set_group4(udp, &group, interface_addr, membership == UV_JOIN_GROUP)
             : set_group6(udp, &group, interface_addr, membership == UV_JOIN_GROUP);
}

static int set_source4(uv_udp_t *udp, const union address *group, const union address *source,
                       const char *interface_addr, bool join) {
  struct ip_mreq_source request = {.imr_multiaddr = group->in4.sin_addr,
                                   .imr_sourceaddr = source->in4.sin_addr};
  int err = read_interface4(interface_addr, &request.imr_interface);

  if (err != 0)
    return err;
  return set(udp, IPPROTO_IP, join ? IP_ADD_SOURCE_MEMBERSHIP : IP_DROP_SOURCE_MEMBERSHIP, &request,
             sizeof request);
}

static int set_source6(uv_udp_t *udp, const union address *group, const union address *source,
                       const char *interface_addr, bool join) {
  struct group_source_req request;
  unsigned index;
  int err = read_interface6(interface_addr, &index);

  if (err != 0)
    return err;
  memset(&request, 0, sizeof request);
  request.gsr_interface = index;
  memcpy(&request.gsr_group, &group->in6, sizeof group->in6);
  memcpy(&request.gsr_source, &source->in6, sizeof source->in6);
  return set(udp, IPPROTO_IPV6, join ? MCAST_JOIN_SOURCE_GROUP : MCAST_LEAVE_SOURCE_GROUP, &request,
             sizeof request);
}

int uv_udp_set_source_membership(uv_udp_t *udp, const char *multicast_addr,
                                 const char *interface_addr, const char *source_addr,
                                 uv_membership membership) {
  union address group;
  union address source;
  int err = is_known(membership) ? read_address(multicast_addr, &group) : UV_EINVAL;

  if (err == 0)
    err = read_address(source_addr, &source);
  if (err == 0 && group.any.sa_family != source.any.sa_family)
    err = UV_EINVAL;
  if (err == 0)
    err = uvi_udp_prepare(udp, group.any.sa_family, UV_UDP_REUSEADDR);
  if (err != 0)
    return err;
  return group.any.sa_family == AF_INET
             ? set_source4(udp, &group, &source, interface_addr, membership == UV_JOIN_GROUP)
             : set_source6(udp, &group, &source, interface_addr, membership == UV_JOIN_GROUP);
}
