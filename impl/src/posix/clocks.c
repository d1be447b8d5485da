/* Clocks by name, and sleeping. */
#include <errno.h>
#include <time.h>

#include "uv.h"

#include "util/sys.h"

int uv_clock_gettime(uv_clock_id clock_id, uv_timespec64_t *ts) {
  struct timespec time;
  clockid_t clock;

  if (ts == NULL)
    return UV_EFAULT;
  switch (clock_id) {
    case UV_CLOCK_MONOTONIC:
      clock = CLOCK_MONOTONIC;
      break;
    case UV_CLOCK_REALTIME:
      clock = CLOCK_REALTIME;
      break;
    default:
      return UV_EINVAL;
  }
  if (UVI_SYS(clock_gettime)(clock, &time) != 0)
    return -errno;
  ts->tv_sec = time.tv_sec;
  ts->tv_nsec = (int32_t) time.tv_nsec;
  return 0;
}

int uv_gettimeofday(uv_timeval64_t *tv) {
  struct timespec time;

  if (tv == NULL)
    return UV_EINVAL;
  if (UVI_SYS(clock_gettime)(CLOCK_REALTIME, &time) != 0)
    return -errno;
  tv->tv_sec = time.tv_sec;
  tv->tv_usec = (int32_t) (time.tv_nsec / 1000);
  return 0;
}

void uv_sleep(unsigned int msec) {
  struct timespec left = {.tv_sec = (time_t) (msec / 1000),
                          .tv_nsec = (long) (msec % 1000) * 1000000};

  while (nanosleep(&left, &left) == -1 && errno == EINTR)
    continue;
}
