/* What scenarios compare the library's facts about the machine with.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <grp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* ---- what the system says of itself, other than through the library ---- */

const char *uvt_os_text(const char *what) {
  static char text[4096];
  static struct utsname name;
  const struct passwd *user = getpwuid(geteuid());
  uname(&name);
  text[0] = 0;
  if (strcmp(what, "cwd") == 0)
    return getcwd(text, sizeof text);
  if (strcmp(what, "exe") == 0) {
    ssize_t length = readlink("/proc/self/exe", text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
  } else if (strcmp(what, "host") == 0) {
    gethostname(text, sizeof text - 1);
  } else if (strcmp(what, "sysname") == 0) {
    return name.sysname;
  } else if (strcmp(what, "release") == 0) {
    return name.release;
  } else if (strcmp(what, "version") == 0) {
    return name.version;
  } else if (strcmp(what, "machine") == 0) {
    return name.machine;
  } else if (user != NULL && strcmp(what, "user") == 0) {
    return user->pw_name;
  } else if (user != NULL && strcmp(what, "home") == 0) {
    return user->pw_dir;
  } else if (user != NULL && strcmp(what, "shell") == 0) {
    return user->pw_shell;
  } else if (strcmp(what, "group") == 0 && getgrgid(getegid()) != NULL) {
    return getgrgid(getegid())->gr_name;
  }
  return text;
}

long long uvt_os_number(const char *what) {
  const int is_thread = strncmp(what, "thread's ", 9) == 0;
  struct timespec time;
  struct rusage usage;
  cpu_set_t set;
  if (strcmp(what, "ppid") == 0)
    return getppid();
  if (strcmp(what, "uid") == 0)
    return geteuid();
  if (strcmp(what, "gid") == 0)
    return getegid();
  if (strcmp(what, "cpus online") == 0)
    return sysconf(_SC_NPROCESSORS_ONLN);
  if (strcmp(what, "memory") == 0)
    return sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
  if (strcmp(what, "cpus allowed") == 0) {
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
  }
  if (strcmp(what, "seconds up") == 0) {
    return clock_gettime(CLOCK_BOOTTIME, &time) == 0 ? (long long) time.tv_sec : -1;
  }
  if (strcmp(what, "seconds") == 0) {
    return clock_gettime(CLOCK_REALTIME, &time) == 0 ? (long long) time.tv_sec : -1;
  }
  if (strcmp(what, "nanoseconds") == 0) {
    return clock_gettime(CLOCK_REALTIME, &time) == 0 ? time.tv_sec * 1000000000LL + time.tv_nsec
                                                     : -1;
  }
  if (getrusage(is_thread ? RUSAGE_THREAD : RUSAGE_SELF, &usage) != 0)
    return -1;
  if (is_thread)
    what += 9;
  if (strcmp(what, "most memory") == 0)
    return usage.ru_maxrss;
  if (strcmp(what, "voluntary switches") == 0)
    return usage.ru_nvcsw;
  if (strcmp(what, "involuntary switches") == 0)
    return usage.ru_nivcsw;
  if (strcmp(what, "minor faults") == 0)
    return usage.ru_minflt;
  if (strcmp(what, "major faults") == 0)
    return usage.ru_majflt;
  if (strcmp(what, "user time") == 0)
    return (long long) usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec;
  if (strcmp(what, "system time") == 0)
    return (long long) usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec;
  return -1;
}

const char *uvt_env_item(const uv_env_item_t *items, int count, const char *name) {
  for (int i = 0; i < count; i++) {
    if (strcmp(items[i].name, name) == 0)
      return items[i].value;
  }
  return "(none)";
}

/* Whether the IPv4 address is among them, with that netmask, on an interface of that kind. */
int uvt_has_interface(const uv_interface_address_t *items, int count, const char *address,
                      const char *netmask, int is_internal) {
  for (int i = 0; i < count; i++) {
    char has[2][INET_ADDRSTRLEN];
    if (items[i].address.address4.sin_family != AF_INET)
      continue;
    inet_ntop(AF_INET, &items[i].address.address4.sin_addr, has[0], sizeof has[0]);
    inet_ntop(AF_INET, &items[i].netmask.netmask4.sin_addr, has[1], sizeof has[1]);
    if (strcmp(has[0], address) == 0 && strcmp(has[1], netmask) == 0) {
      return items[i].is_internal == is_internal;
    }
  }
  return 0;
}

unsigned uvt_if_index(const char *name) {
  return if_nametoindex(name);
}

/* Whether the machine takes part in an IPv6 group on an interface; -1 where the system does not tell. */
int uvt_in_group6(const char *interface, const char *group) {
  unsigned char wanted[16];
  char line[256], name[64], hex[64], text[64];
  FILE *file = fopen("/proc/net/igmp6", "r");
  int found = 0;
  if (file == NULL || inet_pton(AF_INET6, group, wanted) != 1) {
    if (file != NULL)
      fclose(file);
    return -1;
  }
  for (int i = 0; i < 16; i++)
    snprintf(hex + 2 * i, 3, "%02x", wanted[i]);
  while (fgets(line, sizeof line, file) != NULL)
    if (sscanf(line, "%*d %63s %63s", name, text) == 2 && strcmp(name, interface) == 0 &&
        strcmp(text, hex) == 0)
      found = 1;
  fclose(file);
  return found;
}

/* The versions of glibc's symbols are symbols themselves, whose address is NULL. */
const char *uvt_null_symbol(void) {
  static const char *const names[] = {"GLIBC_2.2.5", "GLIBC_2.0", "GLIBC_2.17", "GLIBC_2.4"};
  void *library = dlopen("libm.so.6", RTLD_LAZY);
  const char *found = NULL;
  for (size_t i = 0; library != NULL && found == NULL && i < sizeof names / sizeof names[0]; i++) {
    (void) dlerror();
    if (dlsym(library, names[i]) == NULL && dlerror() == NULL)
      found = names[i];
  }
  if (library != NULL)
    dlclose(library);
  if (found == NULL)
    uvt_give_up(UVT_SKIPPED, "no symbol here has the address NULL");
  return found;
}
