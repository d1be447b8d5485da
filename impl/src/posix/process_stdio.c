/* What a child gets as its first descriptors: the part that is done before it exists. */
#include <string.h>

#include "posix/fd.h"
#include "posix/process.h"
#include "posix/stream_io.h"
#include "util/alloc.h"
#include "util/sys.h"

enum { WAYS = UV_CREATE_PIPE | UV_INHERIT_FD | UV_INHERIT_STREAM };

static bool is_new_pipe(const uv_process_options_t *options, int at) {
  return at < options->stdio_count && (options->stdio[at].flags & WAYS) == UV_CREATE_PIPE;
}

/* Whether the stream can get an end: a stream that has a descriptor, or would get two, cannot. */
static int check_stream(const uv_process_options_t *options, int at) {
  const uv_stream_t *stream = options->stdio[at].data.stream;

  if (stream == NULL || stream->type != UV_NAMED_PIPE || (stream->flags & UVI_HANDLE_CLOSING))
    return UV_EINVAL;
  if (uvi_stream_fd(stream) != -1)
    return UV_EBUSY;
  for (int i = 0; i < at; i++) {
    if (is_new_pipe(options, i) && options->stdio[i].data.stream == stream)
      return UV_EBUSY;
  }
  return 0;
}

static int make_pipe(struct uvi_stdio *stdio, const uv_process_options_t *options, int at) {
  const uv_stream_t *stream = options->stdio[at].data.stream;
  int err = check_stream(options, at);
  int fds[2];

  if (err == 0) /* UV_NONBLOCK_PIPE: D-0114 */
    err = uvi_fd_socketpair(SOCK_STREAM, 0, fds, true, false);
  if (err != 0)
    return err;
  stdio->ours[at] = fds[0];
  stdio->fds[at] = fds[1];
  return uvi_io_reserve(uvi_loop_of(stream->loop), fds[0]);
}

static int open_one(struct uvi_stdio *stdio, const uv_process_options_t *options, int at) {
  const uv_stdio_container_t *container = &options->stdio[at];

  switch (container->flags & WAYS) {
    case UV_IGNORE:
      return 0;
    case UV_CREATE_PIPE:
      return make_pipe(stdio, options, at);
    case UV_INHERIT_FD:
      stdio->fds[at] = container->data.fd;
      break;
    case UV_INHERIT_STREAM:
      if (container->data.stream == NULL)
        return UV_EINVAL;
      stdio->fds[at] = uvi_stream_fd(container->data.stream);
      break;
    default:
      return UV_EINVAL;
  }
  return stdio->fds[at] >= 0 ? 0 : UV_EINVAL;
}

int uvi_stdio_open(struct uvi_stdio *stdio, const uv_process_options_t *options) {
  int given = options->stdio != NULL && options->stdio_count > 0 ? options->stdio_count : 0;
  size_t count = given > 3 ? (size_t) given : 3;
  int err = 0;

  stdio->count = (int) count;
  stdio->fds = stdio->few;
  if (3 * count > sizeof stdio->few / sizeof stdio->few[0])
    stdio->fds = uvi_malloc(3 * count * sizeof *stdio->fds);
  if (stdio->fds == NULL)
    return UV_ENOMEM;
  stdio->ours = stdio->fds + count;
  stdio->moved = stdio->ours + count;
  for (size_t i = 0; i < 2 * count; i++)
    stdio->fds[i] = -1;

  for (int i = 0; i < given && err == 0; i++)
    err = open_one(stdio, options, i);
  memcpy(stdio->moved, stdio->fds, count * sizeof *stdio->fds);
  if (err != 0)
    uvi_stdio_end(stdio, options);
  return err;
}

void uvi_stdio_give(struct uvi_stdio *stdio, const uv_process_options_t *options) {
  for (int i = 0; i < stdio->count; i++) {
    uv_stdio_flags how = stdio->ours[i] != -1 ? options->stdio[i].flags : UV_IGNORE;
    unsigned flags = UVI_STREAM_SOCKET;

    if (stdio->ours[i] == -1)
      continue;
    if (how & UV_READABLE_PIPE) /* the child reads, so this side writes */
      flags |= UVI_STREAM_WRITABLE;
    if (how & UV_WRITABLE_PIPE)
      flags |= UVI_HANDLE_READABLE;
    /* It has been checked, and there is room. */
    (void) uvi_stream_open(options->stdio[i].data.stream, stdio->ours[i], flags);
    stdio->ours[i] = -1;
  }
}

void uvi_stdio_end(struct uvi_stdio *stdio, const uv_process_options_t *options) {
  for (int i = 0; i < stdio->count; i++) {
    if (stdio->ours[i] != -1)
      uvi_sys_close(stdio->ours[i]);
    if (is_new_pipe(options, i) && stdio->fds[i] != -1)
      uvi_sys_close(stdio->fds[i]);
  }
  if (stdio->fds != stdio->few)
    uvi_free(stdio->fds);
}
