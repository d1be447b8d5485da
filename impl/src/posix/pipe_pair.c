/* Pairs of descriptors: uv_pipe() and uv_socketpair(). */
#include "posix/fd.h"
#include "uv.h"

int uv_pipe(uv_file *fds, int read_flags, int write_flags) {
  return uvi_fd_pipe(fds, (read_flags & UV_NONBLOCK_PIPE) != 0,
                     (write_flags & UV_NONBLOCK_PIPE) != 0);
}

int uv_socketpair(int type, int protocol, uv_os_sock_t *fds, int flags0, int flags1) {
  return uvi_fd_socketpair(type, protocol, fds, (flags0 & UV_NONBLOCK_PIPE) != 0,
                           (flags1 & UV_NONBLOCK_PIPE) != 0);
}
