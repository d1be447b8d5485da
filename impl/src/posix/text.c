#include "posix/text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "uv.h"

#include "posix/fd.h"
#include "util/sys.h"

bool uvi_text_has_room(const char *buffer, const size_t *size) {
  return buffer != NULL && size != NULL && *size != 0;
}

int uvi_text_give(const char *text, size_t length, char *buffer, size_t *size) {
  if (length >= *size) {
    *size = length + 1;
    return UV_ENOBUFS;
  }
  memcpy(buffer, text, length);
  buffer[length] = '\0';
  *size = length;
  return 0;
}

int uvi_text_read(const char *path, char *buffer, size_t size) {
  size_t length = 0;
  ssize_t got = 1;
  int fd = uvi_fd_open(path, O_RDONLY);

  if (fd < 0)
    return fd;
  while (got > 0 && length < size - 1) {
    do {
      got = UVI_SYS(read)(fd, buffer + length, size - 1 - length);
    } while (got == -1 && errno == EINTR);
    if (got > 0)
      length += (size_t) got;
  }
  if (got == -1)
    got = -errno;
  uvi_sys_close(fd);
  buffer[length] = '\0';
  return got < 0 ? (int) got : (int) length;
}
