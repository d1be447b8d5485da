static const char *uvt_say(const char *what, const char *of) {
  static char uvt_said[256];
  snprintf(uvt_said, sizeof uvt_said, "%s of %s", what, of);
  return uvt_said;
}

static size_t uvt_size_of_address(const struct sockaddr *address) {
  int family = address != NULL ? address->sa_family : AF_UNSPEC;
  return family == AF_INET    ? sizeof(struct sockaddr_in)
         : family == AF_INET6 ? sizeof(struct sockaddr_in6)
                              : 0;
}

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
  if (strcmp(item->name, entry->ifa_name) != 0)
    return uvt_say("the name", entry->ifa_name);
  if (!uvt_same_address(&item->address, entry->ifa_addr))
    return uvt_say("the address", entry->ifa_name);
  if (entry->ifa_netmask != NULL && !uvt_same_address(&item->netmask, entry->ifa_netmask))
    return uvt_say("the netmask", entry->ifa_name);
  if (item->is_internal != ((entry->ifa_flags & IFF_LOOPBACK) != 0))
    return uvt_say("the kind", entry->ifa_name);
  if (strchr(entry->ifa_name, ':') == NULL &&
      memcmp(item->phys_addr, uvt_hardware(all, entry->ifa_name), sizeof item->phys_addr) != 0)
    return uvt_say("the uvt_hardware address", entry->ifa_name);
  return "";
}

static const char *uvt_interfaces_differ(const uv_interface_address_t *items, int count) {
  struct ifaddrs *all;
  const char *result = "";
  int at = 0;
  if (getifaddrs(&all) != 0)
    return "";
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

struct uvt_usage {
  struct rusage usage;
  int who;
};

static struct uvt_usage *uvt_usage_noted(void) {
  static struct uvt_usage noted;
  return &noted;
}

static void uvt_usage_note(int thread) {
  uvt_usage_noted()->who = thread ? RUSAGE_THREAD : RUSAGE_SELF;
  getrusage(uvt_usage_noted()->who, &uvt_usage_noted()->usage);
}

static long long uvt_microseconds(long long seconds, long long more) {
  return seconds * 1000000 + more;
}

static const char *uvt_usage_differs(const uv_rusage_t *seen) {
  struct rusage now;
  const struct rusage *before = &uvt_usage_noted()->usage;
  getrusage(uvt_usage_noted()->who, &now);
#define CLOCK(name)                                                                                \
  {                                                                                                \
#name, uvt_microseconds(before->name.tv_sec, before->name.tv_usec),                            \
        uvt_microseconds(seen->name.tv_sec, seen->name.tv_usec),                                   \
        uvt_microseconds(now.name.tv_sec, now.name.tv_usec)                                        \
  }
#define FIGURE(name)                                                                               \
  { #name, before->name, (long long) seen->name, now.name }
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

static double *uvt_load(void) {
  static double load[3];
  return load;
}

static void uvt_load_note(void) {
  (void) !getloadavg(uvt_load(), 3);
}

static const char *uvt_load_differs(const double *seen) {
  static const char *const names[] = {"the first", "the second", "the third"};
  const double digits = 0.011;
  double now[3];
  const double *load = uvt_load();
  (void) !getloadavg(now, 3);
  for (int i = 0; i < 3; i++) {
    double least = load[i] < now[i] ? load[i] : now[i], most = load[i] > now[i] ? load[i] : now[i];
    if (!(seen[i] >= least - digits && seen[i] <= most + digits))
      return names[i];
  }
  return "";
}

static const char *uvt_variables_differ(const uv_env_item_t *items, int count) {
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
