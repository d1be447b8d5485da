/* What a loop is made of. The public uv_loop_t holds the user's pointer, the counts and the list of
 * handles; the rest is this struct, which lies in its `reserved` words. */
#ifndef UVI_CORE_LOOP_H_
#define UVI_CORE_LOOP_H_

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uv.h"

#include "core/platform.h"
#include "util/heap.h"
#include "util/list.h"

struct uvi_backend;

/* loop->options */
enum {
  UVI_LOOP_METRICS_IDLE_TIME = 1u << 0,
  UVI_LOOP_BLOCK_SIGPROF = 1u << 1,
};

struct uvi_metrics {
  uint64_t loop_count;
  uint64_t events;
  uint64_t events_waiting;
  bool waited; /* the events at hand are of a poll that was to wait for them */
  /* Read by other threads while the loop is in the kernel; `version` is odd during a change. */
  _Atomic uint64_t version;
  _Atomic uint64_t idle_ns;       /* in finished polls */
  _Atomic uint64_t idle_since_ns; /* start of the poll in progress; 0: none */
};

struct uvi_loop {
  /* Phases and time: the loop's thread only. */
  uint64_t now_ms;
  bool time_fresh; /* the clock was read and no callback has run since */
  unsigned options;
  atomic_int stop; /* atomic because signal handlers call uv_stop() */

  struct uvi_list idle;
  struct uvi_list prepare;
  struct uvi_list check;
  struct uvi_list pending; /* deferred callbacks: struct uvi_io */
  struct uvi_list asyncs;
  uv_handle_t *closing; /* last closed first, linked by next_closing */

  struct uvi_heap timers;
  struct uvi_list due_timers; /* collected, callback still to come */
  uint64_t timer_starts;      /* ever; orders timers of equal due time */

  struct uvi_metrics metrics;

  uint32_t poll_round;   /* counts those of the poll phase, so that none tells a descriptor twice */
  uint32_t poll_repeats; /* what the backend has reported a second time in this one */

  const struct uvi_backend *backend;
  int backend_fd;
  void *backend_data;

  atomic_uint wake_sent; /* a wake-up is under way: another need not be */

  _Atomic(struct uv__work *) works_done; /* from the thread pool, last one first; see work.c */
  atomic_uint works_busy;                /* threads of the pool that are adding to it */

  struct uvi_platform_loop platform;
};

_Static_assert(sizeof(struct uvi_loop) <= sizeof(((uv_loop_t *) 0)->reserved),
               "the loop's state must fit into uv_loop_t");
_Static_assert(_Alignof(struct uvi_loop) <= _Alignof(uv_loop_t),
               "the loop's state must be aligned in uv_loop_t");

static inline struct uvi_loop *uvi_loop_of(const uv_loop_t *loop) {
  return (struct uvi_loop *) (void *) (uintptr_t) loop->reserved;
}

static inline uv_loop_t *uvi_loop_api(struct uvi_loop *loop) {
  return UVI_CONTAINER_OF(loop, uv_loop_t, reserved);
}

/* ---- run.c ---- */

/* Reads the clock into now_ms. */
void uvi_loop_update_time(struct uvi_loop *loop);

/* Anything that keeps uv_run() going: active referenced handles, requests, closing handles. */
bool uvi_loop_alive(struct uvi_loop *loop);

/* How long the loop may sleep now, for reasons of its own: 0, milliseconds, -1 for ever. */
int uvi_loop_timeout_ms(struct uvi_loop *loop);

/* ---- the phases: each returns how many callbacks it ran ---- */

unsigned uvi_phase_idle(struct uvi_loop *loop);
unsigned uvi_phase_prepare(struct uvi_loop *loop);
unsigned uvi_phase_check(struct uvi_loop *loop);
unsigned uvi_phase_timers(struct uvi_loop *loop);
unsigned uvi_phase_closing(struct uvi_loop *loop);

/* The poll phase; `timeout_ms` as from uvi_loop_timeout_ms(). Comes back without having run
 * anything only when it was not to wait or when time was up. */
unsigned uvi_phase_poll(struct uvi_loop *loop, int timeout_ms);

/* ---- timer.c ---- */

/* Milliseconds until the next timer is due, at most INT_MAX; -1 without timers. */
int uvi_timers_timeout_ms(const struct uvi_loop *loop);

/* ---- async.c ---- */

/* Wakes the loop unless that is under way already. Any thread, signal handlers. */
int uvi_loop_wake(struct uvi_loop *loop);

/* The loop was woken: delivers the work that the thread pool has finished, tells of the signals that
 * were caught, then runs the callbacks of all asyncs that were sent to. Returns how many of all that
 * there were, asyncs without a callback included. */
unsigned uvi_asyncs_run(struct uvi_loop *loop);

/* After a fork, in the child: forgets senders that exist in the parent alone, and sees to it that
 * what was sent before the fork is not lost. */
int uvi_asyncs_fork(struct uvi_loop *loop);

#endif
