/* Copying by reading and writing, where the kernel will not copy by itself. */
#include "posix/fs_copy.h"

#include <stdbool.h>

#include "posix/fs_perform.h"
#include "util/sys.h"

enum { CHUNK = 16 << 10 }; /* on the stack of whoever called */

static ssize_t read_some(int in, const int64_t *offset, char *to, size_t size) {
  ssize_t count;

  do
    count = offset != NULL ? UVI_SYS(pread)(in, to, size, *offset) : UVI_SYS(read)(in, to, size);
  while (count == -1 && errno == EINTR);
  return uvi_fs_result(count);
}

static int wait_writable(int out) {
  struct pollfd watch = {.fd = out, .events = POLLOUT};

  return UVI_SYS(ppoll)(&watch, 1, NULL, NULL) != -1 || errno == EINTR ? 0 : -errno;
}

/* All of it, unless something goes wrong. With `wait` that the file takes no more now is nothing
 * wrong: the bytes would be lost, as they cannot be read a second time. */
static ssize_t write_all(int out, const char *from, size_t size, bool wait) {
  size_t done = 0;
  int err = 0;

  while (done < size && err == 0) {
    ssize_t count = UVI_SYS(write)(out, from + done, size - done);

    if (count != -1)
      done += (size_t) count;
    else if (errno == EAGAIN && wait)
      err = wait_writable(out);
    else if (errno != EINTR)
      err = -errno;
  }
  return done > 0 ? (ssize_t) done : err;
}

ssize_t uvi_fs_copy_by_hand(int out, int in, int64_t *offset, size_t length) {
  char chunk[CHUNK];
  size_t total = 0;
  ssize_t result = 0;

  while (total < length) {
    size_t size = length - total < CHUNK ? length - total : CHUNK;
    ssize_t got = read_some(in, offset, chunk, size);

    if (got == UV_ESPIPE && offset != NULL) { /* a pipe is read from where it stands */
      offset = NULL;
      continue;
    }
    result = got > 0 ? write_all(out, chunk, (size_t) got, offset == NULL) : got;
    if (result <= 0)
      break;
    total += (size_t) result;
    if (offset != NULL)
      *offset += result;
    if (result < got || (size_t) got < size)
      break;
  }
  return total > 0 ? (ssize_t) total : result;
}

ssize_t uvi_fs_copy(int out, int in, int64_t *offset, size_t length) {
  ssize_t result = uvi_fs_copy_in_kernel(out, in, offset, length);

  if (result == UV_ENOSYS || (result == 0 && length > 0))
    return uvi_fs_copy_by_hand(out, in, offset, length);
  return result;
}
