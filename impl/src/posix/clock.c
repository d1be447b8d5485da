/* The real clock. */
#include "util/clock.h"

#include "uv.h"

#include "util/check.h"
#include "util/sys.h"

static uint64_t monotonic_ns(void) {
  struct timespec time;

  if (UVI_SYS(clock_gettime)(CLOCK_MONOTONIC, &time) != 0)
    uvi_fatal("clock_gettime: no monotonic clock");
  return (uint64_t) time.tv_sec * 1000000000u + (uint64_t) time.tv_nsec;
}

#ifdef UVI_TEST_CLOCK
static int block_really(int timeout_ms) {
  return timeout_ms;
}

struct uvi_clock uvi_clock = {.now_ns = monotonic_ns, .block = block_really};
#else
uint64_t uvi_clock_now_ns(void) {
  return monotonic_ns();
}
#endif

uint64_t uv_hrtime(void) {
  return uvi_clock_now_ns();
}
