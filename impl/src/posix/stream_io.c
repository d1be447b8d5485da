/* How streams read, write and shut down on POSIX. */
#include "posix/stream_io.h"

#include <errno.h>
#include <limits.h>

#include "posix/fd.h"
#include "util/sys.h"

#ifndef IOV_MAX
#define IOV_MAX 1024
#endif

_Static_assert(sizeof(uv_buf_t) == sizeof(struct iovec) &&
                   offsetof(uv_buf_t, base) == offsetof(struct iovec, iov_base) &&
                   offsetof(uv_buf_t, len) == offsetof(struct iovec, iov_len),
               "buffers are given to the system as they are");

static unsigned on_io(struct uvi_loop *loop, struct uvi_io *io, uint32_t mask) {
  (void) loop;
  return uvi_stream_ready(UVI_CONTAINER_OF(io, uv_stream_t, io_watcher), mask);
}

void uvi_stream_io_init(uv_stream_t *stream) {
  uvi_io_init(uvi_stream_io(stream), on_io, -1);
}

bool uvi_stream_is_open(const uv_stream_t *stream) {
  return uvi_stream_fd(stream) != -1;
}

int uvi_stream_open(uv_stream_t *stream, int fd, unsigned flags) {
  struct uvi_io *io = uvi_stream_io(stream);
  int type;
  int err;

  if (io->fd == fd) {
    stream->flags |= flags;
    return 0;
  }
  if (io->fd != -1)
    return UV_EBUSY;
  err = uvi_io_reserve(uvi_loop_of(stream->loop), fd);
  if (err != 0)
    return err;

  if (!(flags & UVI_STREAM_SOCKET) && uvi_socket_get(fd, SOL_SOCKET, SO_TYPE, &type) == 0)
    flags |= UVI_STREAM_SOCKET;
  io->fd = fd;
  stream->flags |= flags;
  if (stream->type == UV_TCP)
    err = uvi_tcp_apply_options((uv_tcp_t *) stream);
  if (err != 0)
    io->fd = -1;
  return err;
}

int uvi_stream_io_want(uv_stream_t *stream, uint32_t mask) {
  struct uvi_io *io = uvi_stream_io(stream);

  if (io->want == mask || io->fd == -1)
    return 0;
  return uvi_io_want(uvi_loop_of(stream->loop), io, mask);
}

void uvi_stream_io_feed(uv_stream_t *stream) {
  uvi_io_feed(uvi_loop_of(stream->loop), uvi_stream_io(stream), UVI_STREAM_DONE);
}

static bool passes_handles(const uv_stream_t *stream) {
  return stream->type == UV_NAMED_PIPE && ((const uv_pipe_t *) stream)->ipc != 0;
}

static ssize_t read_with_fds(uv_stream_t *stream, uv_buf_t buf) {
  int fds[UVI_FDS_PER_MESSAGE];
  unsigned count;
  ssize_t size = uvi_fd_receive(uvi_stream_fd(stream), buf.base, buf.len, fds, &count);

  if (count > 0) {
    int err = uvi_stream_queue_fds(stream, fds, count);

    if (err != 0)
      return err;
  }
  return size;
}

ssize_t uvi_stream_io_read(uv_stream_t *stream, uv_buf_t buf) {
  ssize_t size;

  if (buf.len > SSIZE_MAX)
    buf.len = SSIZE_MAX;
  if (passes_handles(stream) && uvi_stream_has(stream, UVI_STREAM_SOCKET))
    return read_with_fds(stream, buf);
  do
    size = UVI_SYS(read)(uvi_stream_fd(stream), buf.base, buf.len);
  while (size == -1 && errno == EINTR);
  return size != -1 ? size : -errno;
}

/* A peer that is gone makes an error of a write, and of one to a socket nothing more than that. A pipe or
 * a terminal raises SIGPIPE or SIGTTOU, if the program does not ignore it: there is no call without. */
static ssize_t write_bufs(const uv_stream_t *stream, const struct iovec *iov, int count) {
  int fd = uvi_stream_fd(stream);
  ssize_t size;

  if (uvi_stream_has(stream, UVI_STREAM_SOCKET)) {
    if (count != 1)
      return uvi_fd_send(fd, (void *) (uintptr_t) iov, (size_t) count, -1);
    do
      size = UVI_SYS(send)(fd, iov->iov_base, iov->iov_len, MSG_NOSIGNAL);
    while (size == -1 && errno == EINTR);
  } else {
    do
      size = count == 1 ? UVI_SYS(write)(fd, iov->iov_base, iov->iov_len)
                        : UVI_SYS(writev)(fd, iov, count);
    while (size == -1 && errno == EINTR);
  }
  return size != -1 ? size : -errno;
}

static int fd_of(const uv_stream_t *handle) {
  uv_os_fd_t fd;

  return uv_fileno((const uv_handle_t *) handle, &fd) == 0 ? fd : -1;
}

int uvi_stream_io_can_pass(const uv_stream_t *stream, const uv_stream_t *passed) {
  if (!passes_handles(stream))
    return UV_EINVAL;
  return fd_of(passed) != -1 ? 0 : UV_EBADF;
}

ssize_t uvi_stream_io_write(uv_stream_t *stream, const uv_buf_t *bufs, unsigned nbufs,
                            uv_stream_t *passed) {
  const struct iovec *iov = (const struct iovec *) (const void *) bufs;
  ssize_t size;
  int fd;

  if (nbufs > IOV_MAX)
    nbufs = IOV_MAX;
  if (passed == NULL) {
    size = write_bufs(stream, iov, (int) nbufs);
  } else {
    fd = fd_of(passed);
    if (fd == -1)
      return UV_EBADF; /* closed while it waited */
    size = uvi_fd_send(uvi_stream_fd(stream), (void *) (uintptr_t) iov, nbufs, fd);
  }
  return size == UV_ENOBUFS ? UV_EAGAIN : size; /* UV-STREAM-0193: it passes */
}

int uvi_stream_io_shutdown(uv_stream_t *stream) {
  return UVI_SYS(shutdown)(uvi_stream_fd(stream), SHUT_WR) == 0 ? 0 : -errno;
}

int uvi_stream_io_connected(uv_stream_t *stream) {
  int error = 0;
  int err = uvi_socket_get(uvi_stream_fd(stream), SOL_SOCKET, SO_ERROR, &error);

  if (err != 0)
    return err;
  return error == EINPROGRESS ? UVI_STREAM_PENDING : uv_translate_sys_error(error);
}

int uv_stream_set_blocking(uv_stream_t *stream, int blocking) {
  int err;

  if (!uvi_stream_is_open(stream))
    return UV_EBADF;
  err = uvi_fd_nonblock(uvi_stream_fd(stream), blocking == 0);
  if (err != 0)
    return err;
  if (blocking != 0)
    stream->flags |= UVI_STREAM_BLOCKING;
  else
    stream->flags &= ~(unsigned) UVI_STREAM_BLOCKING;
  return 0;
}
