/* uv_run() and what decides how long the loop sleeps. */
#include <limits.h>

#include "core/loop.h"
#include "util/clock.h"

/* How often the callbacks that were deferred during the poll may defer more before the loop moves
 * on to its other phases. */
enum { PENDING_ROUNDS = 8 };

void uvi_loop_update_time(struct uvi_loop *loop) {
  loop->now_ms = uvi_clock_now_ns() / 1000000u;
  loop->time_fresh = true;
}

void uv_update_time(uv_loop_t *loop) {
  uvi_loop_update_time(uvi_loop_of(loop));
}

uint64_t uv_now(const uv_loop_t *loop) {
  return uvi_loop_of(loop)->now_ms;
}

static bool has_work(const uv_loop_t *loop) {
  return loop->active_handles > 0 || loop->active_reqs.count > 0;
}

bool uvi_loop_alive(struct uvi_loop *loop) {
  /* A closing handle counts even if it is unreferenced: its callback is still owed. */
  return has_work(uvi_loop_api(loop)) || !uvi_list_empty(&loop->pending) || loop->closing != NULL;
}

int uv_loop_alive(const uv_loop_t *loop) {
  return uvi_loop_alive(uvi_loop_of(loop));
}

void uv_stop(uv_loop_t *loop) {
  atomic_store_explicit(&uvi_loop_of(loop)->stop, 1, memory_order_relaxed);
}

static bool stopped(struct uvi_loop *loop) {
  return atomic_load_explicit(&loop->stop, memory_order_relaxed) != 0;
}

int uvi_loop_timeout_ms(struct uvi_loop *loop) {
  if (stopped(loop) || !has_work(uvi_loop_api(loop)))
    return 0;
  if (!uvi_list_empty(&loop->idle) || !uvi_list_empty(&loop->pending) || loop->closing != NULL)
    return 0;
  return uvi_timers_timeout_ms(loop);
}

int uv_backend_timeout(const uv_loop_t *loop) {
  struct uvi_loop *own = uvi_loop_of(loop);

  /* A program that polls uv_backend_fd() itself must not sleep on a descriptor that the kernel has
   * not been told of: uv_run() has to do that first. */
  return uvi_platform_unsubmitted(own) ? 0 : uvi_loop_timeout_ms(own);
}

int uv_backend_fd(const uv_loop_t *loop) {
  return uvi_loop_of(loop)->backend_fd;
}

/* The time is read when uv_run() is entered, after a poll that may have slept, and before timers;
 * but never twice without a callback in between, as nothing can have made it matter. */
static void note_ran(struct uvi_loop *loop, unsigned callbacks) {
  if (callbacks > 0)
    loop->time_fresh = false;
}

static void iterate(struct uvi_loop *loop, uv_run_mode mode) {
  bool quiet = uvi_list_empty(&loop->pending) && uvi_list_empty(&loop->idle);
  /* What runs before the poll is progress enough for UV_RUN_ONCE, even if it stops itself. */
  bool may_sleep = mode == UV_RUN_DEFAULT || (mode == UV_RUN_ONCE && quiet);

  note_ran(loop, uvi_platform_pending(loop));
  note_ran(loop, uvi_phase_idle(loop));
  note_ran(loop, uvi_phase_prepare(loop));

  note_ran(loop, uvi_phase_poll(loop, may_sleep ? uvi_loop_timeout_ms(loop) : 0));
  for (int round = 0; round < PENDING_ROUNDS && !uvi_list_empty(&loop->pending); round++)
    note_ran(loop, uvi_platform_pending(loop));

  note_ran(loop, uvi_phase_check(loop));
  note_ran(loop, uvi_phase_closing(loop));

  if (!loop->time_fresh)
    uvi_loop_update_time(loop);
  note_ran(loop, uvi_phase_timers(loop));
}

int uv_run(uv_loop_t *api, uv_run_mode mode) {
  struct uvi_loop *loop = uvi_loop_of(api);
  bool alive = uvi_loop_alive(loop);

  uvi_loop_update_time(loop);
  /* Timers have their place after the poll. Those that are due already would make the first poll of
   * a default run pointless, so they come first there, and there alone. */
  if (mode == UV_RUN_DEFAULT && alive && !stopped(loop))
    note_ran(loop, uvi_phase_timers(loop));

  while (alive && !stopped(loop)) {
    iterate(loop, mode);
    alive = uvi_loop_alive(loop);
    if (mode != UV_RUN_DEFAULT)
      break;
  }

  /* A stop holds for one run, be it this one or the one that was to come. */
  atomic_store_explicit(&loop->stop, 0, memory_order_relaxed);
  return uvi_loop_alive(loop);
}
