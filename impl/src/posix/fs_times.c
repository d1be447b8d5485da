/* Setting the times of a file. */
#include <math.h>
#include <stdbool.h>

#include "posix/fs_perform.h"
#include "util/sys.h"

/* From here on the seconds are no int64_t. */
#define SECONDS_LIMIT 9223372036854775808.0

/* Seconds since 1970, with a fraction that counts forwards also before 1970; infinite is now, not a
 * number is to be left as it is. */
static bool to_timespec(double seconds, struct timespec *time) {
  *time = (struct timespec){0};
  if (isnan(seconds)) {
    time->tv_nsec = UTIME_OMIT;
    return true;
  }
  if (isinf(seconds)) {
    time->tv_nsec = UTIME_NOW;
    return true;
  }
  if (seconds < -SECONDS_LIMIT || seconds >= SECONDS_LIMIT)
    return false;
  time->tv_sec = (time_t) seconds;
  time->tv_nsec = (long) ((seconds - (double) time->tv_sec) * 1e9);
  if (time->tv_nsec < 0) { /* both were cut towards 0 */
    time->tv_sec--;
    time->tv_nsec += 1000000000;
  }
  return true;
}

static bool both(const uv_fs_t *req, struct timespec times[2]) {
  return to_timespec(req->u.times[0], &times[0]) && to_timespec(req->u.times[1], &times[1]);
}

static ssize_t by_path(const uv_fs_t *req, int flags) {
  struct timespec times[2];

  if (!both(req, times))
    return UV_EINVAL;
  return uvi_fs_result(UVI_SYS(utimensat)(AT_FDCWD, req->path, times, flags));
}

ssize_t uvi_fs_do_utime(uv_fs_t *req) {
  return by_path(req, 0);
}

ssize_t uvi_fs_do_lutime(uv_fs_t *req) {
  return by_path(req, AT_SYMLINK_NOFOLLOW);
}

ssize_t uvi_fs_do_futime(uv_fs_t *req) {
  struct timespec times[2];

  if (!both(req, times))
    return UV_EINVAL;
  return uvi_fs_result(UVI_SYS(futimens)(req->file, times));
}
