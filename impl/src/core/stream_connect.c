/* Connecting streams, listening, accepting. */
#include "core/request.h"
#include "core/stream.h"

/* How many connections one event may bring before other descriptors get their turn. */
enum { ACCEPTS_PER_EVENT = 64 };

void uvi_stream_connecting(uv_stream_t *stream, uv_connect_t *req, uv_connect_cb cb, int err) {
  req->handle = stream;
  req->cb = cb;
  uvi_req_init(UVI_REQ(req), UV_CONNECT);
  uvi_req_add(stream->loop);
  stream->connect_req = req;

  if (err == UVI_STREAM_PENDING) {
    err = uvi_stream_update(stream);
    if (err == 0)
      return;
  }
  stream->delayed_error = err;
  stream->flags |= UVI_STREAM_CONNECT_DONE;
  (void) uvi_stream_update(stream);
  uvi_stream_io_feed(stream);
}

unsigned uvi_stream_connect_ready(uv_stream_t *stream, uint32_t mask) {
  uv_connect_t *req = stream->connect_req;
  unsigned ran = 1;
  int err;

  if (uvi_stream_has(stream, UVI_STREAM_CONNECT_DONE)) {
    err = stream->delayed_error;
    stream->delayed_error = 0;
    stream->flags &= ~(unsigned) UVI_STREAM_CONNECT_DONE;
  } else if (mask & (UVI_IO_WRITABLE | UVI_IO_ERROR | UVI_IO_HANGUP)) {
    err = uvi_stream_io_connected(stream);
  } else {
    err = UVI_STREAM_PENDING;
  }
  if (err == UVI_STREAM_PENDING)
    return 0;

  stream->connect_req = NULL;
  uvi_req_remove(stream->loop);
  if (err == 0)
    stream->flags |= stream->shutdown_req != NULL ? UVI_HANDLE_READABLE : UVI_STREAM_RDWR;
  (void) uvi_stream_update(stream);
  if (req->cb != NULL)
    req->cb(req, err);

  /* The callback may have closed it, which cancels the rest, or begun anew. */
  if (!uvi_stream_is_open(stream) || stream->connect_req != NULL)
    return ran;
  if (err != 0)
    return ran + uvi_stream_cancel(stream);
  (void) uvi_stream_flush(stream);
  return ran + uvi_stream_report(stream);
}

int uv_listen(uv_stream_t *stream, int backlog, uv_connection_cb cb) {
  int err;

  if (uvi_handle_is_closing(UVI_HANDLE(stream)))
    return UV_EINVAL;
  err = uvi_stream_io_listen(stream, backlog);
  if (err != 0)
    return err;

  stream->connection_cb = cb;
  stream->flags |= UVI_STREAM_LISTENING;
  uvi_handle_start(UVI_HANDLE(stream));
  return uvi_stream_update(stream);
}

unsigned uvi_stream_accept_ready(uv_stream_t *stream) {
  unsigned ran = 0;

  for (int i = 0; i < ACCEPTS_PER_EVENT && stream->accepted_fd == -1; i++) {
    int err = uvi_stream_io_accept(stream);

    if (err == UV_EAGAIN)
      break;
    if (err == UV_ECONNABORTED) /* it gave up while it waited: nobody's concern */
      continue;
    ran++;
    if (stream->connection_cb != NULL)
      stream->connection_cb(stream, err);
    if (err != 0 || !uvi_stream_is_open(stream))
      return ran;
  }
  /* One that is not accepted holds back the next ones: uv_accept() goes on. */
  (void) uvi_stream_update(stream);
  return ran;
}

int uv_accept(uv_stream_t *server, uv_stream_t *client) {
  int err;

  if (server->accepted_fd == -1)
    return UV_EAGAIN;
  err = uvi_stream_io_take(server, client);
  (void) uvi_stream_update(server);
  return err;
}
