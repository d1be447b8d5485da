/* uv_metrics_info() and uv_metrics_idle_time().
 *
 * The idle time may be read by any thread while the loop sleeps, and includes the sleep so far. It
 * is two numbers that change together; a version that is odd meanwhile lets a reader see that it
 * has to look again, and the loop never waits for a reader. */
#include "core/metrics.h"

#include <string.h>

#include "util/clock.h"

void uvi_metrics_idle_begin(struct uvi_metrics *metrics) {
  atomic_store(&metrics->idle_since_ns, uvi_clock_now_ns());
}

void uvi_metrics_idle_end(struct uvi_metrics *metrics) {
  /* The version first, then the clock: a reader that sees the old version has read an earlier time,
   * so what is added here is no less than what it answered. */
  atomic_fetch_add(&metrics->version, 1);
  atomic_fetch_add(&metrics->idle_ns, uvi_clock_now_ns() - atomic_load(&metrics->idle_since_ns));
  atomic_store(&metrics->idle_since_ns, 0);
  atomic_fetch_add(&metrics->version, 1);
}

uint64_t uv_metrics_idle_time(uv_loop_t *loop) {
  struct uvi_metrics *metrics = &uvi_loop_of(loop)->metrics;
  uint64_t version, idle_ns, since_ns;

  /* The clock is read in between, too: if the poll ended before that, the sum would count what came
   * after it, and the next answer would be less. Ends as soon as the loop's thread sleeps or works
   * for longer than this takes. */
  do {
    version = atomic_load(&metrics->version);
    idle_ns = atomic_load(&metrics->idle_ns);
    since_ns = atomic_load(&metrics->idle_since_ns);
    if (since_ns != 0)
      idle_ns += uvi_clock_now_ns() - since_ns;
  } while ((version & 1) != 0 || version != atomic_load(&metrics->version));
  return idle_ns;
}

int uv_metrics_info(uv_loop_t *loop, uv_metrics_t *metrics) {
  const struct uvi_metrics *own = &uvi_loop_of(loop)->metrics;

  memset(metrics, 0, sizeof *metrics);
  metrics->loop_count = own->loop_count;
  metrics->events = own->events;
  metrics->events_waiting = own->events_waiting;
  return 0;
}
