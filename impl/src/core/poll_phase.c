/* The poll phase: waits in the backend and hands out what it reports. */
#include <stdio.h>

#include "backend/backend.h"
#include "core/loop.h"
#include "core/metrics.h"
#include "util/check.h"
#include "util/clock.h"

/* Events lie on the stack, 8 KiB of them. The number of polls is bounded so that a flood of events
 * does not keep the other phases waiting for ever. */
enum { EVENTS_PER_POLL = 256, POLLS_PER_PHASE = 64 };

static unsigned dispatch(struct uvi_loop *loop, const struct uvi_event *events, int count) {
  unsigned ran = 0;

  for (int i = 0; i < count; i++) {
    if (events[i].op == NULL) {
      ran += uvi_platform_dispatch(loop, &events[i]);
    } else {
      events[i].op->done(loop, events[i].op, events[i].result);
      ran++;
    }
  }
  return ran;
}

static int poll_backend(struct uvi_loop *loop, int timeout_ms, struct uvi_event *events) {
  int count;

  if (timeout_ms != 0)
    timeout_ms = uvi_clock_block(timeout_ms);
  count = loop->backend->poll(loop, timeout_ms, events, EVENTS_PER_POLL);
  if (count < 0) {
    char what[80];

    snprintf(what, sizeof what, "polling with %s: %s", loop->backend->name, uv_strerror(count));
    uvi_fatal(what);
  }
  loop->metrics.events += (unsigned) count;
  loop->metrics.waited = timeout_ms != 0;
  return count;
}

/* Polls without and then with sleeping, so that only true idleness counts as idle. */
static int poll_measured(struct uvi_loop *loop, int timeout_ms, struct uvi_event *events) {
  int count = poll_backend(loop, 0, events);

  loop->metrics.events_waiting += (unsigned) count;
  if (count == 0 && timeout_ms != 0) {
    uvi_metrics_idle_begin(&loop->metrics);
    count = poll_backend(loop, timeout_ms, events);
    uvi_metrics_idle_end(&loop->metrics);
  }
  return count;
}

/* One round: what is ready, and as long as it fills the array, the rest of it. Backends report what
 * has waited longest first, so the rest has been told when something comes that was told before. */
static unsigned poll_round(struct uvi_loop *loop, int timeout_ms) {
  struct uvi_event events[EVENTS_PER_POLL];
  unsigned ran = 0;
  int count;

  if (timeout_ms == 0 || (loop->options & UVI_LOOP_METRICS_IDLE_TIME))
    count = poll_measured(loop, timeout_ms, events);
  else
    count = poll_backend(loop, timeout_ms, events);
  /* Callbacks of this poll and of the check phase get a time that no earlier callback made stale. */
  if (timeout_ms != 0 || !loop->time_fresh)
    uvi_loop_update_time(loop);
  loop->poll_repeats = 0;
  if (++loop->poll_round == 0)
    loop->poll_round = 1;
  ran += dispatch(loop, events, count);

  for (int polls = 1; polls < POLLS_PER_PHASE && count == EVENTS_PER_POLL; polls++) {
    count = poll_measured(loop, 0, events);
    ran += dispatch(loop, events, count);
    if (loop->poll_repeats > 0)
      break;
  }
  loop->metrics.events -= loop->poll_repeats;
  loop->metrics.events_waiting -= loop->poll_repeats;
  /* UV-SIGNAL-0066: last, so that a child's output comes before its end. */
  return ran + uvi_platform_signals(loop);
}

unsigned uvi_phase_poll(struct uvi_loop *loop, int timeout_ms) {
  unsigned ran;

  loop->metrics.loop_count++;
  uvi_platform_submit(loop);

  /* A poll may come back early with nothing: a signal, a wake-up whose cause is gone. A program
   * that asked for one round has been promised a callback, so the wait goes on for what is left of
   * it. The loop ends: each round sleeps until something happens, and time or a stop make the
   * timeout 0. */
  for (;;) {
    ran = poll_round(loop, timeout_ms);
    if (ran > 0 || timeout_ms == 0)
      return ran;
    timeout_ms = uvi_loop_timeout_ms(loop);
    if (timeout_ms == 0)
      return 0;
  }
}
