/* Facts that Linux tells in files of its own. */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "uv.h"

#include "linux/cgroup.h"
#include "posix/text.h"
#include "util/sys.h"

int uv_exepath(char *buffer, size_t *size) {
  ssize_t length;

  if (!uvi_text_has_room(buffer, size))
    return UV_EINVAL;
  length = *size > 1 ? readlink("/proc/self/exe", buffer, *size - 1) : 0;
  if (length == -1)
    return -errno;
  buffer[length] = '\0';
  *size = (size_t) length;
  return 0;
}

int uv_uptime(double *uptime) {
  struct timespec time;

  if (UVI_SYS(clock_gettime)(CLOCK_BOOTTIME, &time) != 0)
    return -errno;
  *uptime = (double) time.tv_sec + (double) time.tv_nsec / 1e9;
  return 0;
}

unsigned int uv_available_parallelism(void) {
  const unsigned limit = uvi_cgroup_processors();
  unsigned count = 0;
  cpu_set_t set;
  long online;

  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    count = (unsigned) CPU_COUNT(&set);
  } else {
    online = sysconf(_SC_NPROCESSORS_ONLN);
    count = online > 0 ? (unsigned) online : 0;
  }
  if (limit != 0 && limit < count)
    count = limit;
  return count > 0 ? count : 1;
}
