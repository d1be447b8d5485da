/* Figures of the machine and of the process, held against those of the system. Each …_differs() says what is
 * wrong, or "".
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char uvt_said[256];

static const char *uvt_say(const char *what, const char *of) {
  snprintf(uvt_said, sizeof uvt_said, "%s of %s", what, of);
  return uvt_said;
}

/* ---- interfaces ---- */

static size_t uvt_size_of_address(const struct sockaddr *address) {
  int family = address != NULL ? address->sa_family : AF_UNSPEC;
  return family == AF_INET    ? sizeof(struct sockaddr_in)
         : family == AF_INET6 ? sizeof(struct sockaddr_in6)
                              : 0;
}

/* The port and the flow are nobody's business. */
static int uvt_same_address(const void *one, const struct sockaddr *other) {
  const struct sockaddr_in *four = one;
  const struct sockaddr_in6 *six = one;
  if (four->sin_family != other->sa_family)
    return 0;
  if (other->sa_family == AF_INET)
    return memcmp(&four->sin_addr, &((const struct sockaddr_in *) (const void *) other)->sin_addr,
                  4) == 0;
  const struct sockaddr_in6 *wanted = (const void *) other;
  return memcmp(&six->sin6_addr, &wanted->sin6_addr, 16) == 0 &&
         six->sin6_scope_id == wanted->sin6_scope_id;
}

static const char *uvt_hardware(const struct ifaddrs *list, const char *name) {
  static char address[8];
  memset(address, 0, sizeof address);
  for (; list != NULL; list = list->ifa_next) {
    struct sockaddr_ll link;
    if (list->ifa_addr == NULL || list->ifa_addr->sa_family != AF_PACKET ||
        strcmp(list->ifa_name, name) != 0)
      continue;
    memcpy(&link, list->ifa_addr, sizeof link);
    memcpy(address, link.sll_addr, 6);
  }
  return address;
}

static const char *uvt_interface_differs(const uv_interface_address_t *item,
                                         const struct ifaddrs *entry, const struct ifaddrs *all) {
  char name[64];
  if (strcmp(item->name, entry->ifa_name) != 0)
    return uvt_say("the name", entry->ifa_name);
  if (!uvt_same_address(&item->address, entry->ifa_addr))
    return uvt_say("the address", entry->ifa_name);
  if (entry->ifa_netmask != NULL && !uvt_same_address(&item->netmask, entry->ifa_netmask))
    return uvt_say("the netmask", entry->ifa_name);
  if (item->is_internal != ((entry->ifa_flags & IFF_LOOPBACK) != 0))
    return uvt_say("the kind", entry->ifa_name);
  /* An alias, "eth0:1", has that of its interface. */
  snprintf(name, sizeof name, "%.*s", (int) strcspn(entry->ifa_name, ":"), entry->ifa_name);
  if (memcmp(item->phys_addr, uvt_hardware(all, name), sizeof item->phys_addr) != 0)
    return uvt_say("the hardware address", entry->ifa_name);
  return "";
}

/* Those that are up and run, in the system's order. */
const char *uvt_interfaces_differ(const uv_interface_address_t *items, int count) {
  struct ifaddrs *all;
  const char *result = "";
  int at = 0;
  if (getifaddrs(&all) != 0)
    uvt_give_up(UVT_SKIPPED, "the system does not tell its interfaces");
  for (const struct ifaddrs *entry = all; entry != NULL && *result == '\0';
       entry = entry->ifa_next) {
    const unsigned wanted = IFF_UP | IFF_RUNNING;
    if ((entry->ifa_flags & wanted) != wanted || uvt_size_of_address(entry->ifa_addr) == 0)
      continue;
    result = at < count ? uvt_interface_differs(&items[at], entry, all)
                        : uvt_say("there is no address", entry->ifa_name);
    at++;
  }
  freeifaddrs(all);
  return *result == '\0' && at != count ? "there are too many" : result;
}

/* ---- what was used up ---- */

static struct rusage uvt_noted;
static int uvt_noted_who;

void uvt_usage_note(int thread) {
  uvt_noted_who = thread ? RUSAGE_THREAD : RUSAGE_SELF;
  getrusage(uvt_noted_who, &uvt_noted);
}

static long long uvt_microseconds(long long seconds, long long more) {
  return seconds * 1000000 + more;
}

/* All figures grow: each lies between what it was before the call and what it is after it. */
const char *uvt_usage_differs(const uv_rusage_t *seen) {
  struct rusage now;
  getrusage(uvt_noted_who, &now);
#define CLOCK(name)                                                                                \
  {                                                                                                \
#name, uvt_microseconds(uvt_noted.name.tv_sec, uvt_noted.name.tv_usec),                        \
        uvt_microseconds(seen->name.tv_sec, seen->name.tv_usec),                                   \
        uvt_microseconds(now.name.tv_sec, now.name.tv_usec)                                        \
  }
#define FIGURE(name)                                                                               \
  { #name, uvt_noted.name, (long long) seen->name, now.name }
  const struct {
    const char *name;
    long long least, is, most;
  } figures[] = {
      CLOCK(ru_utime),   CLOCK(ru_stime),     FIGURE(ru_maxrss),  FIGURE(ru_ixrss),
      FIGURE(ru_idrss),  FIGURE(ru_isrss),    FIGURE(ru_minflt),  FIGURE(ru_majflt),
      FIGURE(ru_nswap),  FIGURE(ru_inblock),  FIGURE(ru_oublock), FIGURE(ru_msgsnd),
      FIGURE(ru_msgrcv), FIGURE(ru_nsignals), FIGURE(ru_nvcsw),   FIGURE(ru_nivcsw),
  };
#undef CLOCK
#undef FIGURE
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    if (figures[i].is < figures[i].least || figures[i].is > figures[i].most)
      return figures[i].name;
  }
  return "";
}

/* ---- load ---- */

static double uvt_loads[3];

void uvt_load_note(void) {
  if (getloadavg(uvt_loads, 3) != 3)
    uvt_give_up(UVT_SKIPPED, "the system does not tell its load");
}

/* It changes every few seconds, and may be told with more or fewer digits. */
const char *uvt_load_differs(const double *seen) {
  static const char *const names[] = {"the first", "the second", "the third"};
  const double digits = 0.011;
  double now[3];
  getloadavg(now, 3);
  for (int i = 0; i < 3; i++) {
    double least = uvt_loads[i] < now[i] ? uvt_loads[i] : now[i],
           most = uvt_loads[i] > now[i] ? uvt_loads[i] : now[i];
    if (!(seen[i] >= least - digits && seen[i] <= most + digits))
      return names[i];
  }
  return "";
}

/* ---- variables ---- */

/* All that have a name and a value, in the system's order. */
const char *uvt_variables_differ(const uv_env_item_t *items, int count) {
  int at = 0;
  for (char **entry = environ; *entry != NULL; entry++) {
    const char *mark = strchr(*entry, '=');
    size_t length = mark != NULL ? (size_t) (mark - *entry) : 0;
    if (mark == NULL)
      continue;
    if (at == count)
      return "there are too few";
    if (strlen(items[at].name) != length || memcmp(items[at].name, *entry, length) != 0)
      return uvt_say("the name", *entry);
    if (strcmp(items[at].value, mark + 1) != 0)
      return uvt_say("the value", *entry);
    at++;
  }
  return at == count ? "" : "there are too many";
}

/* ---- oddities ---- */

void uvt_odd_environment(void) {
  static char a[] = "UVT_A=1", odd[] = "nothing", b[] = "UVT_B=2";
  static char *list[] = {a, odd, b, NULL};
  environ = list;
}
