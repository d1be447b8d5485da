/* The seam to the kernel. A backend knows descriptors and completions, and nothing else: no handle,
 * no timer, no stream. Everything that has a state machine sits above it, once, for all backends.
 *
 * Two kinds fit behind the same table.
 *
 * Readiness (epoll, poll, kqueue, event ports) says that a descriptor can be read or written. It is
 * told of interest with watch() and reports an event whose `op` is NULL, with `fd`, `tag` and
 * `mask`.
 *
 * Completion (io_uring, IOCP) says that an operation has ended. Whoever starts an operation owns a
 * struct uvi_op, keeps it and the buffers in place until it is reported, and finds the outcome in
 * `result`. Submitting is the backend's own affair, as operations differ between systems (an SQE,
 * an OVERLAPPED): its header offers it to the sources that know they run on it. A backend may do
 * both, as io_uring does with its poll operation.
 *
 * All functions are for the loop's thread, except wake(). A backend allocates with util/alloc.h and
 * reports failure as a UV_E* code. */
#ifndef UVI_BACKEND_BACKEND_H_
#define UVI_BACKEND_BACKEND_H_

#include <stdint.h>

struct uvi_loop;
struct uvi_op;

/* What a watcher wants to hear of, and what a backend reports. */
enum {
  UVI_IO_READABLE = 1u << 0,
  UVI_IO_WRITABLE = 1u << 1,
  UVI_IO_PRIORITY = 1u << 2,  /* out-of-band data */
  UVI_IO_PEER_SHUT = 1u << 3, /* the peer will write no more */
  UVI_IO_ERROR = 1u << 4,     /* reported unasked */
  UVI_IO_HANGUP = 1u << 5,    /* reported unasked */
  UVI_IO_EDGE = 1u << 6,      /* a wish: report anew only after a change; see UVI_BACKEND_EDGE */
};

typedef void uvi_op_done(struct uvi_loop *loop, struct uvi_op *op, int64_t result);

/* An operation that a completion backend has in hand. Embedded in the request it belongs to. */
struct uvi_op {
  uvi_op_done *done; /* called on the loop's thread, once */
};

/* One thing that happened. Filled in by poll(); valid until the next poll(). */
struct uvi_event {
  struct uvi_op *op; /* the operation that ended; NULL: a descriptor is ready */
  int64_t result;    /* of the operation: >= 0, or a UV_E* code */
  int fd;            /* the descriptor that is ready, */
  uint32_t tag;      /* what watch() was told with it, */
  uint32_t mask;     /* and for what: UVI_IO_* */
};

struct uvi_backend {
  const char *name;
  unsigned flags; /* UVI_BACKEND_* */

  /* Creates the kernel's object, if there is one; sets loop->backend_fd (-1: none) and
   * backend_data. */
  int (*init)(struct uvi_loop *loop);

  /* Releases what init() made. Never fails; also called after a failed fork(). */
  void (*close)(struct uvi_loop *loop);

  /* In a forked child: leaves what was inherited from the parent untouched, makes anew. Knows no
   * descriptor afterwards: the caller declares its interest again. */
  int (*fork)(struct uvi_loop *loop);

  /* Replaces the interest in `fd`, `old` by `now`: 0 is none. `tag` comes back with each event, so
   * that the caller can tell a stale one (the descriptor was closed and its number used again). */
  int (*watch)(struct uvi_loop *loop, int fd, uint32_t tag, uint32_t old, uint32_t now);

  /* `fd`, with interest `old`, is about to be closed. As watch(…, old, 0), except that it never
   * fails, and that no later poll() reports it even where a duplicate keeps the open file alive. */
  void (*forget)(struct uvi_loop *loop, int fd, uint32_t old);

  /* Waits until something happens or `timeout_ms` is over (0: doesn't wait; negative: for ever),
   * and reports at most `budget` events. May return 0 early, as after a signal. */
  int (*poll)(struct uvi_loop *loop, int timeout_ms, struct uvi_event *events, int budget);

  /* Ends a poll() in progress, or else the next one, early. Any thread, signal handlers too; the
   * caller sees to it that one call is enough until that poll() has returned. */
  int (*wake)(struct uvi_loop *loop);
};

enum {
  /* UVI_IO_EDGE is honoured. Without it a descriptor is reported as long as it stays ready. */
  UVI_BACKEND_EDGE = 1u << 0,
};

/* The backends of this system, best first, ended by NULL. Each system has one file for it. */
extern const struct uvi_backend *const uvi_backends[];

extern const struct uvi_backend uvi_backend_epoll;
extern const struct uvi_backend uvi_backend_poll;

/* Opens the loop's backend: the one that the environment variable UVI_BACKEND names, else the first
 * that this system lets us have. An unknown name is ignored. */
int uvi_backend_open(struct uvi_loop *loop);

#endif
