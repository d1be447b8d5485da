#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <ifaddrs.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <math.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

/* A check prints what it saw when it does not hold; the helpers (uvt_…) stand below the scenario. */
#define CHECK_INT(call, op, want)                                                                  \
  do {                                                                                             \
    long long seen_ = (long long) (call), want_ = (long long) (want);                              \
    uvt_check(#call, #op " " #want, seen_ op want_, "%lld", seen_);                                \
  } while (0)
#define CHECK_UINT(call, op, want)                                                                 \
  do {                                                                                             \
    unsigned long long seen_ = (unsigned long long) (call);                                        \
    unsigned long long want_ = (unsigned long long) (want);                                        \
    uvt_check(#call, #op " " #want, seen_ op want_, "%llu", seen_);                                \
  } while (0)
#define CHECK_PTR(call, op, want)                                                                  \
  do {                                                                                             \
    const void *seen_ = (const void *) (call), *want_ = (const void *) (want);                     \
    uvt_check(#call, #op " " #want, seen_ op want_, "%p", seen_);                                  \
  } while (0)
#define CHECK_STR(call, want)                                                                      \
  do {                                                                                             \
    const char *seen_ = (call), *text_ = seen_ ? seen_ : "(null)";                                 \
    uvt_check(#call, "== " #want, seen_ != NULL && strcmp(seen_, want) == 0, "\"%s\"", text_);     \
  } while (0)
#define CHECK(condition) uvt_check(#condition, "to hold", (condition) != 0, "%s", "it does not")
#define CHECK_ONE_OF(call, ...)                                                                    \
  do {                                                                                             \
    const long long want_[] = {__VA_ARGS__}, seen_ = (long long) (call);                           \
    int found_ = 0;                                                                                \
    for (size_t k_ = 0; k_ < sizeof want_ / sizeof want_[0]; k_++)                                 \
      found_ |= want_[k_] == seen_;                                                                \
    uvt_check(#call, "one of " #__VA_ARGS__, found_, "%lld", seen_);                               \
  } while (0)

static void uvt_check(const char *call, const char *want, int holds, const char *format, ...);
