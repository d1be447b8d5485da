/* A million timers: each fires once, none early, in the order of due time and then of starting. */
#include "soak.h"

#include <stdlib.h>

struct timer {
  uv_timer_t handle;
  uint64_t due_ms;
  uint64_t started; /* its number in the order of starting */
  unsigned left;    /* firings to come */
};

static uint64_t starts;
static uint64_t fired;
static uint64_t closed;
static uint64_t last_due_ms;
static uint64_t last_started;
static struct timer *timers;
static uint64_t count;

static void on_timer(uv_timer_t *handle);

static void start(struct timer *timer) {
  uint64_t timeout_ms = draw(200);

  timer->due_ms = uv_now(timer->handle.loop) + timeout_ms;
  timer->started = ++starts;
  RETURNS(uv_timer_start(&timer->handle, on_timer, timeout_ms, 0), 0);
}

static void on_close(uv_handle_t *handle) {
  (void) handle;
  closed++;
}

static void on_timer(uv_timer_t *handle) {
  struct timer *timer = (struct timer *) handle;
  struct timer *other = &timers[draw(count)];

  HOLDS(timer->left > 0);
  HOLDS(uv_now(handle->loop) >= timer->due_ms);
  HOLDS(timer->due_ms >= last_due_ms);
  HOLDS(timer->due_ms > last_due_ms || timer->started > last_started);
  last_due_ms = timer->due_ms;
  last_started = timer->started;
  fired++;
  timer->left--;
  if (timer->left > 0)
    start(timer);
  else
    uv_close((uv_handle_t *) handle, on_close);
  /* Now and then one that waits is moved, which also tries what is due but has not fired. */
  if (draw(8) == 0 && other->left > 0 && uv_is_active((uv_handle_t *) &other->handle)) {
    RETURNS(uv_timer_stop(&other->handle), 0);
    start(other);
  }
}

void trial_timers(void) {
  uint64_t firings = 0;
  uv_loop_t loop;

  count = scaled(1000000);
  timers = calloc(count, sizeof(*timers));
  HOLDS(timers != NULL);
  loop_begin(&loop);
  phase_begin("a million timers", count);
  for (uint64_t i = 0; i < count; i++) {
    RETURNS(uv_timer_init(&loop, &timers[i].handle), 0);
    timers[i].left = draw(10) == 0 ? 2 : 1;
    firings += timers[i].left;
    start(&timers[i]);
  }
  RETURNS(uv_run(&loop, UV_RUN_DEFAULT), 0);
  phase_end();
  RETURNS((int64_t) fired, (int64_t) firings);
  RETURNS((int64_t) closed, (int64_t) count);
  loop_end(&loop);
  free(timers);
  figure("timers", count);
  figure("firings", fired);
  figure("starts", starts);
}
