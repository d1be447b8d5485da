/* Reading from streams. */
#include "core/stream.h"

/* What alloc callbacks are told to give, and how often a stream that always has more is read before the
 * others get their turn. */
enum { SUGGESTED_SIZE = 64 * 1024, READS_PER_EVENT = 32 };

int uv_read_start(uv_stream_t *stream, uv_alloc_cb alloc_cb, uv_read_cb read_cb) {
  uv_handle_t *handle = UVI_HANDLE(stream);
  int err;

  if (alloc_cb == NULL || read_cb == NULL || uvi_handle_is_closing(handle))
    return UV_EINVAL;
  if (uvi_stream_has(stream, UVI_STREAM_READING))
    return UV_EALREADY;
  if (!uvi_stream_has(stream, UVI_HANDLE_READABLE))
    return UV_ENOTCONN;

  stream->flags |= UVI_STREAM_READING;
  err = uvi_stream_update(stream);
  if (err != 0) {
    stream->flags &= ~(unsigned) UVI_STREAM_READING;
    return err;
  }
  stream->alloc_cb = alloc_cb;
  stream->read_cb = read_cb;
  uvi_handle_start(handle);
  return 0;
}

void uvi_stream_stop_reading(uv_stream_t *stream) {
  if (!uvi_stream_has(stream, UVI_STREAM_READING))
    return;
  stream->flags &= ~(unsigned) UVI_STREAM_READING;
  uvi_handle_stop(UVI_HANDLE(stream));
  (void) uvi_stream_update(stream);
}

int uv_read_stop(uv_stream_t *stream) {
  uvi_stream_stop_reading(stream);
  return 0;
}

/* One read. Returns whether there may be more to read now. */
static bool read_once(uv_stream_t *stream, uint32_t mask) {
  uv_read_cb read_cb = stream->read_cb;
  uv_buf_t buf = {.base = NULL, .len = 0};
  size_t size;
  ssize_t count;

  stream->alloc_cb(UVI_HANDLE(stream), SUGGESTED_SIZE, &buf);
  size = buf.len;
  if (!uvi_stream_has(stream, UVI_STREAM_READING)) {
    /* UV-STREAM-0040: it was stopped or closed just now. The memory goes back, nothing was read. */
    if (buf.base != NULL && size > 0)
      read_cb(stream, 0, &buf);
    return false;
  }
  if (buf.base == NULL || size == 0) {
    stream->read_cb(stream, UV_ENOBUFS, &buf);
    return false;
  }

  count = uvi_stream_io_read(stream, buf);
  if (count > 0) {
    stream->read_cb(stream, count, &buf);
    /* Less than there was room for: that was all, unless it is all that will ever come. */
    return (size_t) count == size || (mask & UVI_IO_HANGUP);
  }
  if (count == UV_EAGAIN) {
    stream->read_cb(stream, 0, &buf);
    return false;
  }

  read_cb = stream->read_cb;
  if (count < 0) /* the connection is broken in both directions */
    stream->flags &= ~(unsigned) UVI_STREAM_RDWR;
  uvi_stream_stop_reading(stream);
  read_cb(stream, count == 0 ? UV_EOF : count, &buf);
  return false;
}

unsigned uvi_stream_read(uv_stream_t *stream, uint32_t mask) {
  /* A descriptor that blocks is known to have something once, not twice. */
  int most = uvi_stream_has(stream, UVI_STREAM_BLOCKING) ? 1 : READS_PER_EVENT;

  for (int i = 0; i < most && uvi_stream_has(stream, UVI_STREAM_READING); i++)
    if (!read_once(stream, mask))
      break;
  return 1;
}
