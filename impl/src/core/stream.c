/* Streams: init, events, closing, and what can be asked. Reading, writing and connecting have their own
 * files. */
#include "core/stream.h"

#include "core/request.h"
#include "util/check.h"

void uvi_stream_init(uv_loop_t *loop, uv_stream_t *stream, uv_handle_type type) {
  uvi_handle_init(loop, UVI_HANDLE(stream), type);
  stream->write_queue_size = 0;
  stream->alloc_cb = NULL;
  stream->read_cb = NULL;
  stream->connect_req = NULL;
  stream->shutdown_req = NULL;
  uvi_list_init(uvi_list_of(stream->write_queue));
  uvi_list_init(uvi_list_of(stream->write_completed_queue));
  stream->connection_cb = NULL;
  stream->delayed_error = 0;
  stream->accepted_fd = -1;
  stream->queued_fds = NULL;
  uvi_stream_io_init(stream);
}

int uvi_stream_update(uv_stream_t *stream) {
  uint32_t want = 0;

  if (stream->connect_req != NULL) {
    /* Nothing else can happen before the connection is there. */
    want = uvi_stream_has(stream, UVI_STREAM_CONNECT_DONE) ? 0 : UVI_IO_WRITABLE;
  } else {
    if (uvi_stream_has(stream, UVI_STREAM_READING))
      want |= UVI_IO_READABLE;
    if (uvi_stream_has(stream, UVI_STREAM_LISTENING) && stream->accepted_fd == -1)
      want |= UVI_IO_READABLE;
    if (uvi_stream_has_queue(stream))
      want |= UVI_IO_WRITABLE;
  }
  return uvi_stream_io_want(stream, want);
}

unsigned uvi_stream_ready(uv_stream_t *stream, uint32_t mask) {
  const uint32_t trouble = UVI_IO_ERROR | UVI_IO_HANGUP;
  unsigned ran = 0;

  if (stream->connect_req != NULL)
    return uvi_stream_connect_ready(stream, mask);
  if (uvi_stream_has(stream, UVI_STREAM_LISTENING))
    return uvi_stream_accept_ready(stream);

  if ((mask & (UVI_IO_READABLE | trouble)) && uvi_stream_has(stream, UVI_STREAM_READING))
    ran += uvi_stream_read(stream, mask);
  /* A read callback may have closed it. */
  if (!uvi_stream_is_open(stream))
    return ran;
  if ((mask & (UVI_IO_WRITABLE | trouble)) && uvi_stream_has_queue(stream))
    ran += uvi_stream_flush(stream); /* a part is something done, too: the wait is over */
  return ran + uvi_stream_report(stream);
}

void uvi_stream_close(uv_handle_t *handle) {
  uv_stream_t *stream = UVI_STREAM(handle);

  uvi_stream_io_close(stream);
  handle->flags &= ~(unsigned) (UVI_STREAM_RDWR | UVI_STREAM_READING | UVI_STREAM_LISTENING);
  uvi_handle_stop(handle);
}

void uvi_stream_finish(uv_handle_t *handle) {
  uv_stream_t *stream = UVI_STREAM(handle);
  uv_connect_t *req = stream->connect_req;

  if (req != NULL) {
    stream->connect_req = NULL;
    uvi_req_remove(handle->loop);
    if (req->cb != NULL)
      req->cb(req, UV_ECANCELED);
  }
  (void) uvi_stream_cancel(stream);
  UVI_ASSERT(stream->write_queue_size == 0);
}

int uv_is_readable(const uv_stream_t *stream) {
  return uvi_stream_has(stream, UVI_HANDLE_READABLE);
}

int uv_is_writable(const uv_stream_t *stream) {
  return uvi_stream_has(stream, UVI_STREAM_WRITABLE);
}

size_t uv_stream_get_write_queue_size(const uv_stream_t *stream) {
  return stream->write_queue_size;
}
