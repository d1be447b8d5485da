/* Network interfaces as the library under test sees them: the program's definitions of getifaddrs(3) and
 * freeifaddrs(3) come before the C library's, and ask it unless a scenario pretends something else.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifndef UVT_EXPORT
#define UVT_EXPORT __attribute__((visibility("default")))
#endif

static const struct uvt_interface {
  const char *name;
  unsigned flags;
  const char *address; /* NULL: none; "": its hardware address */
  const char *netmask;
  int number;
} uvt_interfaces[] = {
    {"lo", IFF_UP | IFF_RUNNING | IFF_LOOPBACK, "127.0.0.1", "255.0.0.0", 1},
    {"uvt10", IFF_UP | IFF_RUNNING, "10.9.8.7", "255.255.0.0", 0},
    {"lo", IFF_UP | IFF_RUNNING | IFF_LOOPBACK, "", NULL, 0},
    {"uvt1", IFF_UP | IFF_RUNNING, "", NULL, 0x11},
    {"uvt10", IFF_UP | IFF_RUNNING, "", NULL, 0x22},
    {"uvt2", 0, "", NULL, 0x33},
    {"uvt1", IFF_UP | IFF_RUNNING, "10.9.8.6", "255.255.255.0", 0},
    {"uvt1:5", IFF_UP | IFF_RUNNING, "10.9.8.5", "255.255.255.128", 0},
    {"uvt2", 0, "10.9.8.4", "255.255.255.0", 0},
    {"uvt3", IFF_UP, "10.9.8.3", "255.255.255.0", 0},
    {"uvt4", IFF_RUNNING, "10.9.8.2", "255.255.255.0", 0},
    {"uvt5", IFF_UP | IFF_RUNNING, "10.9.8.1", "255.255.255.255", 0},
    {"uvt10", IFF_UP | IFF_RUNNING, "fe80::10", "ffff:ffff:ffff:ffff::", 7},
    {"uvt1", IFF_UP | IFF_RUNNING, "fd00::1:2:3:4", "ffff:ffff:ffff:ffff:ffff::", 0},
    {"uvt6", IFF_UP | IFF_RUNNING, NULL, NULL, 0}, /* the last: left out unless asked for */
};

enum { UVT_INTERFACES = sizeof uvt_interfaces / sizeof uvt_interfaces[0] };

struct uvt_given {
  struct ifaddrs entry;
  struct sockaddr_storage address;
  struct sockaddr_storage netmask;
  char name[16];
};

static atomic_int uvt_interfaces_how, uvt_interfaces_asked, uvt_interfaces_given;
static _Atomic(struct ifaddrs *) uvt_interfaces_last[8];

/* 1: those above; 2: with one without an address; 3: none; 4: the system fails with EMFILE. 0: as it is. */
void uvt_pretend_interfaces(int how) {
  atomic_store(&uvt_interfaces_how, how);
}

/* How often they were asked for since the last time, and how many lists are not given back. */
int uvt_interfaces_reads(void) {
  return atomic_exchange(&uvt_interfaces_asked, 0);
}

int uvt_interfaces_kept(void) {
  return atomic_load(&uvt_interfaces_given);
}

static struct sockaddr *uvt_interface_address(struct sockaddr_storage *to, const char *text,
                                              int number) {
  struct sockaddr_in *in4 = (struct sockaddr_in *) to;
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) to;
  struct sockaddr_ll *link = (struct sockaddr_ll *) to;
  if (text == NULL)
    return NULL;
  if (*text == '\0') {
    link->sll_family = AF_PACKET;
    link->sll_halen = 6;
    link->sll_addr[0] = number != 0 ? 2 : 0;
    link->sll_addr[5] = (unsigned char) number;
  } else if (inet_pton(AF_INET, text, &in4->sin_addr) == 1) {
    in4->sin_family = AF_INET;
  } else {
    in6->sin6_family = AF_INET6;
    in6->sin6_scope_id = (unsigned) number;
    inet_pton(AF_INET6, text, &in6->sin6_addr);
  }
  return (struct sockaddr *) to;
}

UVT_EXPORT int getifaddrs(struct ifaddrs **list) {
  static int (*next)(struct ifaddrs **);
  int how = atomic_load(&uvt_interfaces_how);
  int count = how == 2 ? UVT_INTERFACES : UVT_INTERFACES - 1;
  struct uvt_given *given;
  if (how == 0) {
    void *found = dlsym(RTLD_NEXT, "getifaddrs");
    memcpy(&next, &found, sizeof next);
    return next(list);
  }
  atomic_fetch_add(&uvt_interfaces_asked, 1);
  errno = EMFILE;
  *list = NULL;
  if (how >= 3)
    return how == 3 ? 0 : -1;
  given = calloc((size_t) count, sizeof *given);
  for (int i = 0; given != NULL && i < count; i++) {
    const struct uvt_interface *from = &uvt_interfaces[i];
    strncpy(given[i].name, from->name, sizeof given[i].name - 1);
    given[i].entry.ifa_name = given[i].name;
    given[i].entry.ifa_flags = from->flags;
    given[i].entry.ifa_addr = uvt_interface_address(&given[i].address, from->address, from->number);
    given[i].entry.ifa_netmask = uvt_interface_address(&given[i].netmask, from->netmask, 0);
    given[i].entry.ifa_next = i + 1 < count ? &given[i + 1].entry : NULL;
  }
  *list = given != NULL ? &given->entry : NULL;
  for (int i = 0; given != NULL && i < 8; i++) {
    struct ifaddrs *none = NULL;
    if (atomic_compare_exchange_strong(&uvt_interfaces_last[i], &none, *list))
      break;
  }
  atomic_fetch_add(&uvt_interfaces_given, given != NULL);
  return given != NULL ? 0 : -1;
}

UVT_EXPORT void freeifaddrs(struct ifaddrs *list) {
  static void (*next)(struct ifaddrs *);
  void *found;
  for (int i = 0; list != NULL && i < 8; i++) {
    struct ifaddrs *own = list;
    if (!atomic_compare_exchange_strong(&uvt_interfaces_last[i], &own, NULL))
      continue;
    atomic_fetch_sub(&uvt_interfaces_given, 1);
    free(list);
    return;
  }
  found = dlsym(RTLD_NEXT, "freeifaddrs");
  memcpy(&next, &found, sizeof next);
  if (list != NULL)
    next(list);
}
