/* Processes: their numbers, priority, what they have used up, signals to them, their descriptors. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "uv.h"

#include "posix/fd.h"
#include "util/sys.h"

uv_pid_t uv_os_getpid(void) {
  return getpid();
}

uv_pid_t uv_os_getppid(void) {
  return getppid();
}

int uv_os_getpriority(uv_pid_t pid, int *priority) {
  int value;

  if (priority == NULL)
    return UV_EINVAL;
  errno = 0; /* -1 is a priority too */
  value = getpriority(PRIO_PROCESS, (id_t) pid);
  if (value == -1 && errno != 0)
    return -errno;
  *priority = value;
  return 0;
}

int uv_os_setpriority(uv_pid_t pid, int priority) {
  if (priority < UV_PRIORITY_HIGHEST || priority > UV_PRIORITY_LOW)
    return UV_EINVAL;
  return setpriority(PRIO_PROCESS, (id_t) pid, priority) == 0 ? 0 : -errno;
}

static int usage_of(int who, uv_rusage_t *to) {
  struct rusage from;

  if (getrusage(who, &from) != 0)
    return -errno;
  memset(to, 0, sizeof *to);
  to->ru_utime.tv_sec = from.ru_utime.tv_sec;
  to->ru_utime.tv_usec = from.ru_utime.tv_usec;
  to->ru_stime.tv_sec = from.ru_stime.tv_sec;
  to->ru_stime.tv_usec = from.ru_stime.tv_usec;
  to->ru_maxrss = (uint64_t) from.ru_maxrss;
  to->ru_ixrss = (uint64_t) from.ru_ixrss;
  to->ru_idrss = (uint64_t) from.ru_idrss;
  to->ru_isrss = (uint64_t) from.ru_isrss;
  to->ru_minflt = (uint64_t) from.ru_minflt;
  to->ru_majflt = (uint64_t) from.ru_majflt;
  to->ru_nswap = (uint64_t) from.ru_nswap;
  to->ru_inblock = (uint64_t) from.ru_inblock;
  to->ru_oublock = (uint64_t) from.ru_oublock;
  to->ru_msgsnd = (uint64_t) from.ru_msgsnd;
  to->ru_msgrcv = (uint64_t) from.ru_msgrcv;
  to->ru_nsignals = (uint64_t) from.ru_nsignals;
  to->ru_nvcsw = (uint64_t) from.ru_nvcsw;
  to->ru_nivcsw = (uint64_t) from.ru_nivcsw;
  return 0;
}

int uv_getrusage(uv_rusage_t *rusage) {
  return usage_of(RUSAGE_SELF, rusage);
}

int uv_getrusage_thread(uv_rusage_t *rusage) {
#ifdef RUSAGE_THREAD
  return usage_of(RUSAGE_THREAD, rusage);
#else
  (void) rusage;
  return UV_ENOTSUP;
#endif
}

int uv_kill(int pid, int signum) {
  return UVI_SYS(kill)(pid, signum) == 0 ? 0 : -errno;
}

/* Descriptors that were inherited are low, with few gaps: past the first ones it ends at a gap. */
void uv_disable_stdio_inheritance(void) {
  enum { LIKELY_INHERITED = 16 };

  for (int fd = 0;; fd++) {
    if (uvi_fd_cloexec(fd, true) != 0 && fd >= LIKELY_INHERITED)
      return;
  }
}

uv_os_fd_t uv_get_osfhandle(int fd) {
  return fd;
}

int uv_open_osfhandle(uv_os_fd_t os_fd) {
  return os_fd;
}
