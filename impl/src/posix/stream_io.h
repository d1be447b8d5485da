/* The POSIX side of streams: what tcp.c, pipe.c and tty.c need of it. */
#ifndef UVI_POSIX_STREAM_IO_H_
#define UVI_POSIX_STREAM_IO_H_

#include "core/stream.h"
#include "posix/io.h"

static inline struct uvi_io *uvi_stream_io(const uv_stream_t *stream) {
  return (struct uvi_io *) (uintptr_t) &stream->io_watcher;
}

/* -1 without one. */
static inline int uvi_stream_fd(const uv_stream_t *stream) {
  return uvi_stream_io(stream)->fd;
}

/* Gives the stream a descriptor and sets `flags`. UV_EBUSY if it has another one; on failure the
 * descriptor stays the caller's. */
int uvi_stream_open(uv_stream_t *stream, int fd, unsigned flags);

/* The system begins to listen; then the reserve for uvi_stream_io_accept() is there if possible. */
int uvi_stream_begin_listen(uv_stream_t *stream, int backlog);

/* Takes charge of descriptors that came over a pipe. On UV_ENOMEM they are closed. */
int uvi_stream_queue_fds(uv_stream_t *stream, const int *fds, unsigned count);
/* How many there are to accept. */
unsigned uvi_stream_queued_fds(const uv_stream_t *stream);

/* Each kind's part of uvi_stream_io_listen() and of opening. */
int uvi_tcp_listen(uv_tcp_t *tcp, int backlog);
int uvi_pipe_listen(uv_pipe_t *pipe, int backlog);
int uvi_tcp_apply_options(uv_tcp_t *tcp);

#endif
