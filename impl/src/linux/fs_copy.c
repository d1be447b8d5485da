/* Copying within the kernel: FICLONE, copy_file_range(2), sendfile(2). */
#include "posix/fs_copy.h"

#include <errno.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <sys/sendfile.h>

#include "posix/fs_perform.h"
#include "util/sys.h"

int uvi_fs_clone(int out, int in) {
  int err;

  do
    err = UVI_SYS(ioctl)(out, FICLONE, in);
  while (err == -1 && errno == EINTR);
  return (int) uvi_fs_result(err);
}

/* It is not that kind of file, or not on this file system: another call may do. */
static bool is_refusal(int err) {
  switch (err) {
    case EINVAL:
    case ENOSYS:
    case EOPNOTSUPP:
    case EPERM:
    case ESPIPE:
    case EXDEV:
      return true;
    default:
      return false;
  }
}

/* copy_file_range(2) calls a file that is appended to a bad descriptor. */
static bool appends(int out) {
  int flags = UVI_SYS(fcntl)(out, F_GETFL);

  return flags != -1 && (flags & O_APPEND);
}

static ssize_t copy_range(int out, int in, int64_t *offset, size_t length) {
  ssize_t count;

  do
    count = UVI_SYS(copy_file_range)(in, offset, out, NULL, length, 0);
  while (count == -1 && errno == EINTR);
  return count;
}

static ssize_t send_file(int out, int in, int64_t *offset, size_t length) {
  ssize_t count;

  do
    count = UVI_SYS(sendfile)(out, in, offset, length);
  while (count == -1 && errno == EINTR);
  return count;
}

/* copy_file_range(2) says 0 of the files of /proc, whatever is in them. */
ssize_t uvi_fs_copy_in_kernel(int out, int in, int64_t *offset, size_t length) {
  ssize_t count = copy_range(out, in, offset, length);

  if (count == -1 && errno == EBADF && appends(out))
    return UV_ENOSYS;
  if (count == 0 || (count == -1 && is_refusal(errno)))
    count = send_file(out, in, offset, length);
  if (count == -1 && is_refusal(errno))
    return UV_ENOSYS;
  return uvi_fs_result(count);
}
