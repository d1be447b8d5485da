/* Addresses of the network interfaces that are up. */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#ifdef __linux__
#include <netpacket/packet.h>
#endif

#include "uv.h"

#include "posix/fd.h"
#include "util/alloc.h"

static bool is_ours(const struct ifaddrs *entry) {
  return (entry->ifa_flags & IFF_UP) && (entry->ifa_flags & IFF_RUNNING) &&
         entry->ifa_addr != NULL && uvi_sockaddr_size(entry->ifa_addr) != 0;
}

/* The hardware address of an interface; "eth0:1" is another name for that of "eth0". */
static void find_hardware(const struct ifaddrs *list, uv_interface_address_t *to) {
#ifdef __linux__
  const size_t length = strcspn(to->name, ":");

  for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
    struct sockaddr_ll hardware;

    if (entry->ifa_addr == NULL || entry->ifa_addr->sa_family != AF_PACKET ||
        strlen(entry->ifa_name) != length || memcmp(entry->ifa_name, to->name, length) != 0)
      continue;
    memcpy(&hardware, entry->ifa_addr, sizeof hardware);
    memcpy(to->phys_addr, hardware.sll_addr, sizeof to->phys_addr);
    return;
  }
#else
  (void) list;
  (void) to;
#endif
}

static char *fill_in(const struct ifaddrs *list, const struct ifaddrs *entry, char *names,
                     uv_interface_address_t *to) {
  const size_t size = strlen(entry->ifa_name) + 1;

  memset(to, 0, sizeof *to);
  to->name = memcpy(names, entry->ifa_name, size);
  memcpy(&to->address, entry->ifa_addr, uvi_sockaddr_size(entry->ifa_addr));
  if (entry->ifa_netmask != NULL)
    memcpy(&to->netmask, entry->ifa_netmask, uvi_sockaddr_size(entry->ifa_addr));
  to->is_internal = (entry->ifa_flags & IFF_LOOPBACK) != 0;
  find_hardware(list, to);
  return names + size;
}

/* One block: the array, then the names. */
int uv_interface_addresses(uv_interface_address_t **addresses, int *count) {
  struct ifaddrs *list;
  uv_interface_address_t *to;
  size_t found = 0, names_size = 0;
  char *names;

  *addresses = NULL;
  *count = 0;
  if (getifaddrs(&list) != 0)
    return -errno;
  for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
    if (is_ours(entry)) {
      found++;
      names_size += strlen(entry->ifa_name) + 1;
    }
  }
  if (found == 0)
    goto done;
  to = uvi_malloc(found * sizeof *to + names_size);
  if (to == NULL) {
    freeifaddrs(list);
    return UV_ENOMEM;
  }
  *addresses = to;
  *count = (int) found;
  names = (char *) (to + found);
  for (const struct ifaddrs *entry = list; entry != NULL; entry = entry->ifa_next) {
    if (is_ours(entry))
      names = fill_in(list, entry, names, to++);
  }
done:
  freeifaddrs(list);
  return 0;
}

unsigned uvi_link_local_scope(void) {
  struct ifaddrs *list;
  unsigned scope = 0;

  if (getifaddrs(&list) != 0)
    return 0;
  for (const struct ifaddrs *entry = list; entry != NULL && scope == 0; entry = entry->ifa_next) {
    struct sockaddr_in6 address;

    if (entry->ifa_addr == NULL || entry->ifa_addr->sa_family != AF_INET6)
      continue;
    memcpy(&address, entry->ifa_addr, sizeof address);
    if (IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr))
      scope = address.sin6_scope_id;
  }
  freeifaddrs(list);
  return scope;
}

void uv_free_interface_addresses(uv_interface_address_t *addresses, int count) {
  (void) count;
  uvi_free(addresses);
}
