#include "posix/pipe_name.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "posix/fd.h"
#include "posix/stream_io.h"
#include "util/sys.h"

enum { NAME_OFFSET = offsetof(struct sockaddr_un, sun_path) };

static bool is_name(const char *name, size_t length) {
#ifdef __linux__
  if (length > 0 && name[0] == '\0')
    return true; /* abstract: any bytes */
#endif
  return memchr(name, '\0', length) == NULL;
}

int uvi_pipe_address(const char *name, size_t length, unsigned flags, struct sockaddr_un *addr,
                     socklen_t *size) {
  const size_t room = sizeof addr->sun_path;

  if ((flags & ~(unsigned) UV_PIPE_NO_TRUNCATE) != 0)
    return UV_EINVAL;
  if (name == NULL || !is_name(name, length))
    return UV_EINVAL;
  if ((flags & UV_PIPE_NO_TRUNCATE) && length > room)
    return UV_EINVAL;

  if (length > room)
    length = room;
  memset(addr, 0, sizeof *addr);
  addr->sun_family = AF_UNIX;
  memcpy(addr->sun_path, name, length);
  /* Every byte of an abstract name counts; a path ends with a NUL, if there is room for it. */
  *size = (socklen_t) (length > 0 && name[0] == '\0' ? NAME_OFFSET + length : sizeof *addr);
  if (length == 0)
    *size = NAME_OFFSET; /* the system chooses a name */
  return 0;
}

/* Returns the length of the name in `addr`, and whether it is a path. */
static size_t name_in(const struct sockaddr_un *addr, int size, bool *path) {
  size_t length = size > NAME_OFFSET ? (size_t) size - NAME_OFFSET : 0;

  if (length > sizeof addr->sun_path)
    length = sizeof addr->sun_path;
  *path = length == 0 || addr->sun_path[0] != '\0';
  return *path ? strnlen(addr->sun_path, length) : length;
}

static int get_name(const uv_pipe_t *pipe, bool peer, char *buffer, size_t *size) {
  struct sockaddr_un addr = {0};
  int addr_size = sizeof addr;
  int fd = uvi_stream_fd((const uv_stream_t *) pipe);
  size_t length;
  bool path;
  int err;

  if (buffer == NULL || size == NULL || *size == 0)
    return UV_EINVAL;
  err = fd == -1 ? UV_EBADF : uvi_socket_name(fd, peer, (struct sockaddr *) &addr, &addr_size);
  if (err != 0) {
    *size = 0;
    return err;
  }
  length = name_in(&addr, addr_size, &path);
  if (length + path > *size) {
    *size = length + path;
    return UV_ENOBUFS;
  }
  memcpy(buffer, addr.sun_path, length);
  if (path)
    buffer[length] = '\0';
  *size = length;
  return 0;
}

int uv_pipe_getsockname(const uv_pipe_t *pipe, char *buffer, size_t *size) {
  return get_name(pipe, false, buffer, size);
}

int uv_pipe_getpeername(const uv_pipe_t *pipe, char *buffer, size_t *size) {
  return get_name(pipe, true, buffer, size);
}

int uv_pipe_chmod(uv_pipe_t *pipe, int flags) {
  char path[sizeof(((struct sockaddr_un *) 0)->sun_path) + 1];
  size_t size = sizeof path;
  mode_t more = 0;
  struct stat st;
  int err;

  if (pipe == NULL || uvi_stream_fd((const uv_stream_t *) pipe) == -1)
    return UV_EBADF;
  if (flags != UV_READABLE && flags != UV_WRITABLE && flags != (UV_READABLE | UV_WRITABLE))
    return UV_EINVAL;

  /* The mode of a socket's descriptor is not that of its path. */
  err = uv_pipe_getsockname(pipe, path, &size);
  if (err != 0)
    return err;
  if (UVI_SYS(stat)(path, &st) != 0)
    return uv_translate_sys_error(errno);
  if (flags & UV_READABLE)
    more |= S_IRUSR | S_IRGRP | S_IROTH;
  if (flags & UV_WRITABLE)
    more |= S_IWUSR | S_IWGRP | S_IWOTH;
  if ((st.st_mode & more) == more)
    return 0;
  return UVI_SYS(chmod)(path, (st.st_mode | more) & 07777) == 0 ? 0 : uv_translate_sys_error(errno);
}
