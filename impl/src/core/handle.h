/* What all handles have in common. A handle is in its loop's list from init until just before its
 * close callback; `active` and `referenced` together keep the loop running. */
#ifndef UVI_CORE_HANDLE_H_
#define UVI_CORE_HANDLE_H_

#include <stdbool.h>

#include "core/loop.h"

/* handle->flags. One bit is spoken for: programs (uvloop) set 0x4000 in a pipe so as to read from a
 * write-only one. It is the readable bit of streams and must mean nothing anywhere else. */
enum {
  UVI_HANDLE_CLOSING = 1u << 0,  /* uv_close() was called; stays set */
  UVI_HANDLE_CLOSED = 1u << 1,   /* the close callback is being or has been called */
  UVI_HANDLE_ACTIVE = 1u << 2,   /* what uv_is_active() tells */
  UVI_HANDLE_REF = 1u << 3,      /* what uv_has_ref() tells */
  UVI_TIMER_DUE = 1u << 4,       /* in loop->due_timers: its callback is next, it looks inactive */
  UVI_SIGNAL_ENDING = 1u << 5,   /* one-shot, in its callback: stops after it */
  UVI_SIGNAL_INTERNAL = 1u << 6, /* the loop's own, for its children */
  UVI_HANDLE_LINGERS = 1u << 7,  /* closing, but not to be finished yet */

  UVI_HANDLE_READABLE = 0x4000u, /* streams; fixed by compiled programs */
};

/* Every handle begins with uv_handle_t's fields. They are always read and written through
 * uv_handle_t, so that the compiler sees one object. */
#define UVI_HANDLE(handle) ((uv_handle_t *) (void *) (handle))

/* Sets the common fields but `data`, which is the user's, and adds the handle to the loop:
 * referenced, inactive. */
void uvi_handle_init(uv_loop_t *loop, uv_handle_t *handle, uv_handle_type type);

/* The same for a part of another handle: in no list, and nothing that keeps the loop running. */
void uvi_handle_init_inner(uv_loop_t *loop, uv_handle_t *handle, uv_handle_type type);

/* Makes it active or inactive; harmless if it is already. */
void uvi_handle_start(uv_handle_t *handle);
void uvi_handle_stop(uv_handle_t *handle);

static inline bool uvi_handle_is_active(const uv_handle_t *handle) {
  return (handle->flags & UVI_HANDLE_ACTIVE) != 0;
}

static inline bool uvi_handle_is_closing(const uv_handle_t *handle) {
  return (handle->flags & UVI_HANDLE_CLOSING) != 0;
}

/* What differs between kinds of handles. `close` is uv_close()'s part, which stops everything; NULL
 * is a kind that nobody can have initialised. `finish` comes right before the close callback, if
 * not NULL. */
struct uvi_handle_kind {
  const char *name;
  size_t size; /* 0: no type of its own */
  void (*close)(uv_handle_t *);
  void (*finish)(uv_handle_t *);
};

/* For `close`: something that the handle began goes on, and its close callback has to wait for that. A
 * request keeps the loop running meanwhile. */
void uvi_handle_linger(uv_handle_t *handle);

/* What a handle lingered for is over. Nothing happens if it does not linger. */
void uvi_handle_settle(uv_handle_t *handle);

/* A timer that is part of another handle. It need not be closed, only stopped. */
void uvi_timer_init_inner(uv_loop_t *loop, uv_timer_t *timer);

/* NULL for a type that does not exist. */
const struct uvi_handle_kind *uvi_handle_kind(uv_handle_type type);

/* close and finish of each kind */
void uvi_timer_close(uv_handle_t *handle);
void uvi_idle_close(uv_handle_t *handle);
void uvi_prepare_close(uv_handle_t *handle);
void uvi_check_close(uv_handle_t *handle);
void uvi_async_close(uv_handle_t *handle);
void uvi_async_finish(uv_handle_t *handle);
void uvi_stream_close(uv_handle_t *handle);
void uvi_stream_finish(uv_handle_t *handle);
void uvi_pipe_close(uv_handle_t *handle);
void uvi_poll_close(uv_handle_t *handle);
void uvi_process_close(uv_handle_t *handle);
void uvi_signal_close(uv_handle_t *handle);
void uvi_tty_close(uv_handle_t *handle);
void uvi_fs_event_close(uv_handle_t *handle);
void uvi_udp_close(uv_handle_t *handle);
void uvi_udp_finish(uv_handle_t *handle);
void uvi_fs_poll_close(uv_handle_t *handle);

#endif
