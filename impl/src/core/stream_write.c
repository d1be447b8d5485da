/* Writing to streams: the queue, try-writes, shutdown.
 *
 * A request is in write_queue until all of it is written or it failed, then in write_completed_queue
 * until its callback. write_queue_size counts the bytes that are not written; those of a failed request
 * count until its callback. */
#include <string.h>

#include "core/request.h"
#include "core/stream.h"
#include "util/alloc.h"

/* How often a stream that takes everything is written to before the others get their turn; and up to how
 * many buffers any system takes in one call, so that a part of them is all that it takes now. */
enum { WRITES_PER_EVENT = 32, BUFS_PER_CALL = 256 };

static struct uvi_list *queue_of(uv_stream_t *stream) {
  return uvi_list_of(stream->write_queue);
}

static struct uvi_list *completed_of(uv_stream_t *stream) {
  return uvi_list_of(stream->write_completed_queue);
}

static size_t bytes_in(const uv_buf_t *bufs, unsigned nbufs) {
  size_t bytes = 0;

  for (unsigned i = 0; i < nbufs; i++)
    bytes += bufs[i].len;
  return bytes;
}

static int check_write(const uv_stream_t *stream, unsigned nbufs) {
  if (nbufs == 0)
    return UV_EINVAL; /* UV-STREAM-0028: an empty write has a buffer, which is empty */
  if (!uvi_stream_is_open(stream))
    return UV_EBADF;
  return uvi_stream_has(stream, UVI_STREAM_WRITABLE) ? 0 : UV_EPIPE;
}

/* Notes that `count` bytes are written. Returns whether the request is done. */
static bool advance(uv_write_t *req, size_t count) {
  while (req->write_index < req->nbufs && count >= req->bufs[req->write_index].len) {
    count -= req->bufs[req->write_index].len;
    req->write_index++;
  }
  if (req->write_index == req->nbufs)
    return true;
  req->bufs[req->write_index].base += count;
  req->bufs[req->write_index].len -= count;
  return false;
}

static void complete(uv_stream_t *stream, uv_write_t *req, int err) {
  req->error = err;
  uvi_list_remove(uvi_list_of(req->queue));
  uvi_list_insert_tail(completed_of(stream), uvi_list_of(req->queue));
}

bool uvi_stream_flush(uv_stream_t *stream) {
  bool progress = false;

  for (int i = 0; i < WRITES_PER_EVENT && uvi_stream_has_queue(stream); i++) {
    uv_write_t *req = UVI_CONTAINER_OF(queue_of(stream)->next, uv_write_t, queue);
    unsigned nbufs = req->nbufs - req->write_index;
    ssize_t count =
        uvi_stream_io_write(stream, req->bufs + req->write_index, nbufs, req->send_handle);

    if (count == UV_EAGAIN)
      break;
    progress = true;
    if (count < 0) {
      complete(stream, req, (int) count);
      continue;
    }
    req->send_handle = NULL; /* it went with the first byte */
    stream->write_queue_size -= (size_t) count;
    if (advance(req, (size_t) count))
      complete(stream, req, 0);
    else if (nbufs <= BUFS_PER_CALL && !uvi_stream_has(stream, UVI_STREAM_BLOCKING))
      break; /* asking again would only give UV_EAGAIN */
  }
  if (!uvi_list_empty(completed_of(stream)))
    uvi_stream_io_feed(stream);
  (void) uvi_stream_update(stream);
  return progress;
}

int uv_write2(uv_write_t *req, uv_stream_t *stream, const uv_buf_t *bufs, unsigned nbufs,
              uv_stream_t *passed, uv_write_cb cb) {
  bool first = !uvi_stream_has_queue(stream);
  int err = check_write(stream, nbufs);

  if (err == 0 && passed != NULL)
    err = uvi_stream_io_can_pass(stream, passed);
  if (err != 0)
    return err;

  req->bufs = req->bufsml;
  if (nbufs > sizeof req->bufsml / sizeof req->bufsml[0]) {
    req->bufs = uvi_calloc(nbufs, sizeof *bufs);
    if (req->bufs == NULL)
      return UV_ENOMEM;
  }
  memcpy(req->bufs, bufs, nbufs * sizeof *bufs);
  req->nbufs = nbufs;
  req->write_index = 0;
  req->error = 0;
  req->cb = cb;
  req->handle = stream;
  req->send_handle = passed;
  uvi_req_init(UVI_REQ(req), UV_WRITE);
  uvi_req_add(stream->loop);

  stream->write_queue_size += bytes_in(bufs, nbufs);
  uvi_list_insert_tail(queue_of(stream), uvi_list_of(req->queue));
  if (first && stream->connect_req == NULL)
    (void) uvi_stream_flush(stream);
  return 0;
}

int uv_write(uv_write_t *req, uv_stream_t *stream, const uv_buf_t *bufs, unsigned nbufs,
             uv_write_cb cb) {
  return uv_write2(req, stream, bufs, nbufs, NULL, cb);
}

int uv_try_write2(uv_stream_t *stream, const uv_buf_t *bufs, unsigned nbufs, uv_stream_t *passed) {
  int err;

  /* Nothing may overtake what waits, be it for the system or, having failed, for its callback. */
  if (stream->connect_req != NULL || uvi_stream_has_queue(stream) || stream->write_queue_size > 0)
    return UV_EAGAIN;
  err = check_write(stream, nbufs);
  if (err == 0 && passed != NULL)
    err = uvi_stream_io_can_pass(stream, passed);
  return err != 0 ? err : (int) uvi_stream_io_write(stream, bufs, nbufs, passed);
}

int uv_try_write(uv_stream_t *stream, const uv_buf_t *bufs, unsigned nbufs) {
  return uv_try_write2(stream, bufs, nbufs, NULL);
}

static unsigned report_writes(uv_stream_t *stream) {
  struct uvi_list round;
  struct uvi_list *node;
  unsigned ran = 0;

  /* What callbacks write is reported in the next round. */
  uvi_list_move(completed_of(stream), &round);
  while ((node = uvi_list_take(&round)) != NULL) {
    uv_write_t *req = UVI_CONTAINER_OF(node, uv_write_t, queue);

    if (req->error != 0)
      stream->write_queue_size -=
          bytes_in(req->bufs + req->write_index, req->nbufs - req->write_index);
    if (req->bufs != req->bufsml)
      uvi_free(req->bufs);
    req->bufs = NULL;
    uvi_req_remove(stream->loop);
    if (req->cb != NULL)
      req->cb(req, req->error);
    ran++;
  }
  return ran;
}

static unsigned end_shutdown(uv_stream_t *stream, int status) {
  uv_shutdown_t *req = stream->shutdown_req;

  if (req == NULL)
    return 0;
  stream->shutdown_req = NULL;
  uvi_req_remove(stream->loop);
  if (req->cb != NULL)
    req->cb(req, status);
  return 1;
}

unsigned uvi_stream_report(uv_stream_t *stream) {
  unsigned ran = report_writes(stream);

  if (stream->shutdown_req == NULL || uvi_stream_has_queue(stream) || !uvi_stream_is_open(stream))
    return ran;
  if (!uvi_list_empty(completed_of(stream)))
    return ran; /* a callback wrote on; the shutdown was asked for before or after, and comes last */
  return ran + end_shutdown(stream, uvi_stream_io_shutdown(stream));
}

unsigned uvi_stream_cancel(uv_stream_t *stream) {
  unsigned ran;

  while (uvi_stream_has_queue(stream))
    complete(stream, UVI_CONTAINER_OF(queue_of(stream)->next, uv_write_t, queue), UV_ECANCELED);
  ran = report_writes(stream);
  return ran + end_shutdown(stream, UV_ECANCELED);
}

int uv_shutdown(uv_shutdown_t *req, uv_stream_t *stream, uv_shutdown_cb cb) {
  /* A shutdown takes the writable bit, so this is the answer to a second one, too. */
  if (!uvi_stream_is_open(stream) || !uvi_stream_has(stream, UVI_STREAM_WRITABLE))
    return UV_ENOTCONN;

  req->handle = stream;
  req->cb = cb;
  uvi_req_init(UVI_REQ(req), UV_SHUTDOWN);
  uvi_req_add(stream->loop);
  stream->shutdown_req = req;
  stream->flags &= ~(unsigned) UVI_STREAM_WRITABLE;
  if (stream->connect_req == NULL && !uvi_stream_has_queue(stream))
    uvi_stream_io_feed(stream);
  return 0;
}
