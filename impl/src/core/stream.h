/* Streams: the state machine that TCP, pipe and terminal handles share. It knows when to write, read,
 * accept and call back; how that is done is the system's, behind the functions at the end.
 *
 * Everything is tried at once, and what comes back with UV_EAGAIN waits until the descriptor is ready.
 * Over a completion backend the wait is the submitted operation itself, and uvi_stream_ready() is what
 * its end calls.
 *
 * Requests that end inside a call of the program, such as a write that went through at once, are fed
 * (UVI_STREAM_DONE): their callbacks run in the pending phase, never inside the call. */
#ifndef UVI_CORE_STREAM_H_
#define UVI_CORE_STREAM_H_

#include "backend/backend.h"
#include "core/handle.h"

/* Bits of handle->flags, besides those of all handles and UVI_HANDLE_READABLE. */
enum {
  UVI_STREAM_WRITABLE = 1u << 16,  /* open for writing; cleared by uv_shutdown() */
  UVI_STREAM_READING = 1u << 17,   /* between uv_read_start() and its end */
  UVI_STREAM_LISTENING = 1u << 18, /* connection_cb is set */
  UVI_STREAM_SOCKET = 1u << 19,    /* the descriptor is a socket: writes need not raise SIGPIPE */
  UVI_STREAM_BLOCKING = 1u << 20,  /* the descriptor blocks */
  UVI_STREAM_CONNECT_DONE = 1u << 21, /* the result of connect_req is delayed_error */
  UVI_STREAM_BOUND = 1u << 22,        /* pipes: bound already */
  UVI_TCP_NODELAY = 1u << 23,         /* wished before there was a socket */
  UVI_TCP_KEEPALIVE = 1u << 24,       /* the same */
  UVI_STREAM_RDWR = UVI_HANDLE_READABLE | UVI_STREAM_WRITABLE,
};

/* A connection attempt that goes on: neither success nor an error. */
#define UVI_STREAM_PENDING 1

/* What uvi_stream_ready() gets when requests have ended. No backend reports this bit. */
#define UVI_STREAM_DONE UVI_IO_EDGE

#define UVI_STREAM(handle) ((uv_stream_t *) (void *) (handle))

static inline bool uvi_stream_has(const uv_stream_t *stream, unsigned flags) {
  return (stream->flags & flags) != 0;
}

/* ---- stream.c ---- */

/* Initialises the common part, without a descriptor. */
void uvi_stream_init(uv_loop_t *loop, uv_stream_t *stream, uv_handle_type type);

/* The descriptor is ready for `mask`, or UVI_STREAM_DONE. Returns how many callbacks it ran. */
unsigned uvi_stream_ready(uv_stream_t *stream, uint32_t mask);

/* Brings what is waited for in line with the stream's state. */
int uvi_stream_update(uv_stream_t *stream);

/* ---- stream_write.c ---- */

/* Writes what is queued until the system takes no more; callbacks are left for later. Returns whether
 * there was any progress. */
bool uvi_stream_flush(uv_stream_t *stream);

/* Calls back all that has ended, and shuts down once the queue is empty. */
unsigned uvi_stream_report(uv_stream_t *stream);

/* All queued writes, and a shutdown that waits for them, fail with UV_ECANCELED. They are reported
 * by this call. */
unsigned uvi_stream_cancel(uv_stream_t *stream);

static inline bool uvi_stream_has_queue(const uv_stream_t *stream) {
  return !uvi_list_empty((const struct uvi_list *) (const void *) stream->write_queue);
}

/* ---- stream_read.c ---- */

unsigned uvi_stream_read(uv_stream_t *stream, uint32_t mask);
void uvi_stream_stop_reading(uv_stream_t *stream);

/* ---- stream_connect.c ---- */

/* A connection attempt has begun: `err` is its result, UVI_STREAM_PENDING if that is to come. */
void uvi_stream_connecting(uv_stream_t *stream, uv_connect_t *req, uv_connect_cb cb, int err);

unsigned uvi_stream_connect_ready(uv_stream_t *stream, uint32_t mask);
unsigned uvi_stream_accept_ready(uv_stream_t *stream);

/* ---- the system's part ---- */

bool uvi_stream_is_open(const uv_stream_t *stream);

/* Gives the stream its watcher, closed. */
void uvi_stream_io_init(uv_stream_t *stream);

/* Waits for `mask` from now on, in place of what it was; 0 cannot fail. */
int uvi_stream_io_want(uv_stream_t *stream, uint32_t mask);

/* Has the pending phase call uvi_stream_ready() with UVI_STREAM_DONE. */
void uvi_stream_io_feed(uv_stream_t *stream);

/* Bytes read, 0 at the end of the stream, or an error. */
ssize_t uvi_stream_io_read(uv_stream_t *stream, uv_buf_t buf);

/* Bytes written, or an error. `passed` goes along if it is not NULL. */
ssize_t uvi_stream_io_write(uv_stream_t *stream, const uv_buf_t *bufs, unsigned nbufs,
                            uv_stream_t *passed);

/* 0, or why the handle cannot be passed along. */
int uvi_stream_io_can_pass(const uv_stream_t *stream, const uv_stream_t *passed);

int uvi_stream_io_shutdown(uv_stream_t *stream);

/* How connecting has ended, UVI_STREAM_PENDING if it hasn't. */
int uvi_stream_io_connected(uv_stream_t *stream);

/* The next connection goes to server->accepted_fd. */
int uvi_stream_io_accept(uv_stream_t *server);

/* Begins to listen. UV_EINVAL for kinds that don't. */
int uvi_stream_io_listen(uv_stream_t *stream, int backlog);

/* Gives server->accepted_fd to `client` and sets the next one, or -1. If `client` cannot have it, it is
 * closed; only for a kind of handle that takes none it stays (UV_EINVAL). */
int uvi_stream_io_take(uv_stream_t *server, uv_stream_t *client);

/* Closes all that the stream owns in the system. */
void uvi_stream_io_close(uv_stream_t *stream);

#endif
