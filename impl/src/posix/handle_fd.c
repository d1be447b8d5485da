/* Handles and their descriptors: uv_fileno(), buffer sizes, and the kind of handle that suits a
 * descriptor. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/stat.h>

#include "posix/fd.h"
#include "posix/stream_io.h"
#include "util/sys.h"

/* The watcher of a handle; NULL for kinds that have none. */
static const struct uvi_io *io_of(const uv_handle_t *handle) {
  switch (handle->type) {
    case UV_TCP:
    case UV_NAMED_PIPE:
    case UV_TTY:
      return uvi_stream_io((const uv_stream_t *) handle);
    case UV_UDP:
      return (const struct uvi_io *) (const void *) &((const uv_udp_t *) handle)->io_watcher;
    case UV_POLL:
      return (const struct uvi_io *) (const void *) &((const uv_poll_t *) handle)->io_watcher;
    default:
      return NULL;
  }
}

int uv_fileno(const uv_handle_t *handle, uv_os_fd_t *fd) {
  const struct uvi_io *io = io_of(handle);

  if (io == NULL)
    return UV_EINVAL;
  if (uvi_handle_is_closing(handle) || io->fd == -1)
    return UV_EBADF;
  *fd = io->fd;
  return 0;
}

static int buffer_size(uv_handle_t *handle, int option, int *value) {
  const struct uvi_io *io;

  if (handle == NULL || value == NULL)
    return UV_EINVAL;
  if (handle->type != UV_TCP && handle->type != UV_NAMED_PIPE && handle->type != UV_UDP)
    return UV_ENOTSUP;
  io = io_of(handle);
  if (io->fd == -1)
    return UV_EBADF;
  return *value == 0 ? uvi_socket_get(io->fd, SOL_SOCKET, option, value)
                     : uvi_socket_set(io->fd, SOL_SOCKET, option, *value);
}

int uv_send_buffer_size(uv_handle_t *handle, int *value) {
  return buffer_size(handle, SO_SNDBUF, value);
}

int uv_recv_buffer_size(uv_handle_t *handle, int *value) {
  return buffer_size(handle, SO_RCVBUF, value);
}

static uv_handle_type guess_socket(int fd) {
  struct sockaddr_storage name = {0};
  int size = sizeof name;
  int type;

  if (uvi_socket_get(fd, SOL_SOCKET, SO_TYPE, &type) != 0 ||
      uvi_socket_name(fd, false, (struct sockaddr *) &name, &size) != 0)
    return UV_UNKNOWN_HANDLE;

  if (type == SOCK_STREAM) {
    if (name.ss_family == AF_INET || name.ss_family == AF_INET6)
      return UV_TCP;
    if (name.ss_family == AF_UNIX)
      return UV_NAMED_PIPE;
  }
  if (type == SOCK_DGRAM && (name.ss_family == AF_INET || name.ss_family == AF_INET6))
    return UV_UDP;
  return UV_UNKNOWN_HANDLE;
}

uv_handle_type uv_guess_handle(uv_file fd) {
  struct stat st;

  if (fd < 0)
    return UV_UNKNOWN_HANDLE;
  if (isatty(fd))
    return UV_TTY;
  if (UVI_SYS(fstat)(fd, &st) != 0)
    return UV_UNKNOWN_HANDLE;
  if (S_ISREG(st.st_mode) || S_ISCHR(st.st_mode))
    return UV_FILE;
  if (S_ISFIFO(st.st_mode))
    return UV_NAMED_PIPE;
  return S_ISSOCK(st.st_mode) ? guess_socket(fd) : UV_UNKNOWN_HANDLE;
}
