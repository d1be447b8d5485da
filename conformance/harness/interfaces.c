/* Network interfaces as the library under test sees them: as pretend.c does for files.
 *
 * Its twin for `uvspec repro` is repro/interfaces.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"

#include <dlfcn.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <string.h>

#define UVT_EXPORT __attribute__((visibility("default")))

static int uvt_interfaces_on, uvt_interfaces_read;

void uvt_pretend_interfaces(void) {
  uvt_interfaces_on = 1;
}

int uvt_pretended_interfaces(void) {
  return uvt_interfaces_read;
}

/* In the kernel's order: hardware addresses first. One entry has no address, as those of some tunnels. */
static const struct {
  const char *name;
  unsigned flags;
  int family;
  unsigned char last; /* byte of the address */
} uvt_interfaces[] = {
    {"nul0", IFF_UP | IFF_RUNNING, AF_UNSPEC, 0},
    {"one0", IFF_UP | IFF_RUNNING, AF_PACKET, 1},
    {"two0", IFF_UP | IFF_RUNNING, AF_PACKET, 2},
    {"off0", 0, AF_PACKET, 3},
    {"one0", IFF_UP | IFF_RUNNING, AF_INET, 1},
    {"two0", IFF_UP | IFF_RUNNING, AF_INET, 2},
    {"off0", 0, AF_INET, 3},
    {"idle0", IFF_UP, AF_INET, 4},
    {"one0:1", IFF_UP | IFF_RUNNING, AF_INET, 5},
    {"tun0", IFF_UP | IFF_RUNNING, AF_INET, 6},
    {"two0", IFF_UP | IFF_RUNNING, AF_INET6, 7},
};

UVT_EXPORT int getifaddrs(struct ifaddrs **list) {
  enum { COUNT = sizeof uvt_interfaces / sizeof uvt_interfaces[0] };
  static struct ifaddrs entries[COUNT];
  static union {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_ll ll;
  } addresses[COUNT], mask;
  if (!uvt_interfaces_on) {
    int (*next)(struct ifaddrs **);
    void *symbol = dlsym(RTLD_NEXT, "getifaddrs");
    memcpy(&next, &symbol, sizeof next);
    return next(list);
  }
  uvt_interfaces_read++;
  for (int i = 0; i < COUNT; i++) {
    unsigned char last = uvt_interfaces[i].last;
    addresses[i].any.sa_family = (sa_family_t) uvt_interfaces[i].family;
    if (uvt_interfaces[i].family == AF_INET)
      addresses[i].in.sin_addr.s_addr = htonl(0xC0000200u | last);
    else if (uvt_interfaces[i].family == AF_INET6)
      addresses[i].in6.sin6_addr.s6_addr[15] = last;
    else
      addresses[i].ll.sll_halen = 6, addresses[i].ll.sll_addr[5] = last;
    entries[i].ifa_name = (char *) uvt_interfaces[i].name;
    entries[i].ifa_flags = uvt_interfaces[i].flags;
    entries[i].ifa_addr = uvt_interfaces[i].family == AF_UNSPEC ? NULL : &addresses[i].any;
    entries[i].ifa_netmask = entries[i].ifa_addr != NULL ? &mask.any : NULL;
    entries[i].ifa_next = i + 1 < COUNT ? &entries[i + 1] : NULL;
  }
  mask.any.sa_family = AF_INET;
  *list = entries;
  return 0;
}

UVT_EXPORT void freeifaddrs(struct ifaddrs *list) {
  void (*next)(struct ifaddrs *);
  void *symbol = dlsym(RTLD_NEXT, "freeifaddrs");
  if (uvt_interfaces_on)
    return;
  memcpy(&next, &symbol, sizeof next);
  next(list);
}
