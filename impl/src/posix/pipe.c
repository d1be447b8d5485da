/* Pipe handles: local sockets, and descriptors of pipes. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/un.h>

#include "posix/fd.h"
#include "posix/pipe_name.h"
#include "posix/stream_io.h"
#include "util/alloc.h"
#include "util/sys.h"

static int pipe_fd(const uv_pipe_t *pipe) {
  return uvi_stream_fd((const uv_stream_t *) pipe);
}

static bool is_closing(const uv_pipe_t *pipe) {
  return (pipe->flags & UVI_HANDLE_CLOSING) != 0;
}

int uv_pipe_init(uv_loop_t *loop, uv_pipe_t *pipe, int ipc) {
  uvi_stream_init(loop, UVI_STREAM(pipe), UV_NAMED_PIPE);
  pipe->ipc = ipc;
  pipe->bound_path = NULL;
  return 0;
}

int uv_pipe_bind(uv_pipe_t *pipe, const char *name) {
  return uv_pipe_bind2(pipe, name, strlen(name), 0);
}

int uv_pipe_bind2(uv_pipe_t *pipe, const char *name, size_t length, unsigned flags) {
  struct sockaddr_un addr;
  socklen_t size;
  char *path = NULL;
  int fd = -1;
  int err = uvi_pipe_address(name, length, flags, &addr, &size);

  if (err != 0)
    return err;
  if (is_closing(pipe) || pipe_fd(pipe) != -1)
    return UV_EINVAL;

  if (addr.sun_path[0] != '\0') { /* a path, to be removed at the end */
    path = uvi_malloc(sizeof addr.sun_path + 1);
    if (path == NULL)
      return UV_ENOMEM;
    memcpy(path, addr.sun_path, sizeof addr.sun_path);
    path[sizeof addr.sun_path] = '\0';
  }
  err = uvi_socket(AF_UNIX, SOCK_STREAM, 0);
  if (err < 0)
    goto fail;
  fd = err;
  if (UVI_SYS(bind)(fd, (const struct sockaddr *) &addr, size) != 0) {
    /* The folder does not exist: other systems call that a lack of access. */
    err = errno == ENOENT ? UV_EACCES : uv_translate_sys_error(errno);
    goto fail;
  }
  err = uvi_stream_open(UVI_STREAM(pipe), fd, UVI_STREAM_SOCKET);
  if (err != 0)
    goto fail_bound;
  pipe->bound_path = path;
  return 0;

fail_bound:
  if (path != NULL)
    (void) UVI_SYS(unlink)(path);
fail:
  if (fd != -1)
    uvi_sys_close(fd);
  uvi_free(path);
  return err;
}

int uvi_pipe_listen(uv_pipe_t *pipe, int backlog) {
  /* Connections carry data, and only what passes handles is neither of the two. */
  if (pipe_fd(pipe) == -1 || pipe->ipc != 0 || pipe->connect_req != NULL)
    return UV_EINVAL;
  return uvi_stream_begin_listen(UVI_STREAM(pipe), backlog);
}

int uv_pipe_open(uv_pipe_t *pipe, uv_file fd) {
  unsigned flags = 0;
  int mode;
  int err = 0;

  if (is_closing(pipe))
    return UV_EINVAL;
  if (pipe_fd(pipe) != -1 && pipe_fd(pipe) != fd)
    return UV_EBUSY;
  mode = uvi_fd_status(fd);
  if (mode < 0)
    return mode;
  if (pipe_fd(pipe) == -1)
    err = uvi_io_reserve(uvi_loop_of(pipe->loop), fd);
  if (err == 0)
    err = uvi_fd_nonblock(fd, true);
  if (err != 0)
    return err;

  mode &= O_ACCMODE;
  if (mode != O_WRONLY)
    flags |= UVI_HANDLE_READABLE;
  if (mode != O_RDONLY)
    flags |= UVI_STREAM_WRITABLE;
  return uvi_stream_open(UVI_STREAM(pipe), fd, flags);
}

/* Connects, and says how that went: 0 is that it is done. */
static int connect_to(uv_pipe_t *pipe, const struct sockaddr_un *addr, socklen_t size) {
  int fd = pipe_fd(pipe);
  int err;

  if (fd == -1) {
    fd = uvi_socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
      return fd;
    err = uvi_stream_open(UVI_STREAM(pipe), fd, UVI_STREAM_SOCKET);
    if (err != 0) {
      uvi_sys_close(fd);
      return err;
    }
  }
  err = uvi_socket_connect(fd, (const struct sockaddr *) addr, size);
  if (err == 0)
    pipe->flags |= UVI_STREAM_RDWR;
  return err == -EINPROGRESS ? UVI_STREAM_PENDING : err;
}

int uv_pipe_connect2(uv_connect_t *req, uv_pipe_t *pipe, const char *name, size_t length,
                     unsigned flags, uv_connect_cb cb) {
  struct sockaddr_un addr;
  socklen_t size;
  int err = length == 0 ? UV_EINVAL : uvi_pipe_address(name, length, flags, &addr, &size);

  if (err != 0)
    return err;
  if (is_closing(pipe))
    return UV_EINVAL;
  if (pipe->connect_req != NULL)
    return UV_EALREADY;
  uvi_stream_connecting(UVI_STREAM(pipe), req, cb, connect_to(pipe, &addr, size));
  return 0;
}

void uv_pipe_connect(uv_connect_t *req, uv_pipe_t *pipe, const char *name, uv_connect_cb cb) {
  int err = uv_pipe_connect2(req, pipe, name, strlen(name), 0, cb);

  if (err != 0 && pipe->connect_req == NULL)
    uvi_stream_connecting(UVI_STREAM(pipe), req, cb, err);
}

void uv_pipe_pending_instances(uv_pipe_t *pipe, int count) {
  (void) pipe;
  (void) count; /* a matter of Windows */
}

int uv_pipe_pending_count(uv_pipe_t *pipe) {
  return pipe->ipc != 0 ? (int) uvi_stream_queued_fds(UVI_STREAM(pipe)) : 0;
}

uv_handle_type uv_pipe_pending_type(uv_pipe_t *pipe) {
  if (uv_pipe_pending_count(pipe) == 0)
    return UV_UNKNOWN_HANDLE;
  return uv_guess_handle(pipe->accepted_fd);
}

void uvi_pipe_close(uv_handle_t *handle) {
  uv_pipe_t *pipe = (uv_pipe_t *) handle;

  if (pipe->bound_path != NULL) {
    /* Before the descriptor is closed, so that nobody else can have bound the path meanwhile. */
    (void) UVI_SYS(unlink)(pipe->bound_path);
    uvi_free((void *) (uintptr_t) pipe->bound_path);
    pipe->bound_path = NULL;
  }
  uvi_stream_close(handle);
}
