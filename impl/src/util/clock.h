/* The one place where time is read. A test build (UVI_TEST_CLOCK) reads it through a table instead,
 * so that a test can run a day of timers in no time. */
#ifndef UVI_UTIL_CLOCK_H_
#define UVI_UTIL_CLOCK_H_

#include <stdint.h>

#ifdef UVI_TEST_CLOCK

struct uvi_clock {
  uint64_t (*now_ns)(void);
  /* Called with the timeout of a poll that may block (never 0; negative is "for ever"); returns the
   * timeout to give to the kernel. A simulated clock moves itself on and returns 0. */
  int (*block)(int timeout_ms);
};

extern struct uvi_clock uvi_clock; /* starts as the real clock */

static inline uint64_t uvi_clock_now_ns(void) {
  return uvi_clock.now_ns();
}

static inline int uvi_clock_block(int timeout_ms) {
  return uvi_clock.block(timeout_ms);
}

#else

/* Monotonic, from an arbitrary start, and the clock that the kernel's timeouts are measured with: a
 * poll that slept its timeout out has moved it by at least that much. */
uint64_t uvi_clock_now_ns(void);

static inline int uvi_clock_block(int timeout_ms) {
  return timeout_ms;
}

#endif

#endif
