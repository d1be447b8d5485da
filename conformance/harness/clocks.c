/* Time that passes, and time that is used.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"

#include <time.h>

void uvt_busy(unsigned ms) {
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  long long passed_ns;
  do {
    clock_gettime(CLOCK_MONOTONIC, &now);
    passed_ns = (long long) (now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec;
  } while (passed_ns < (long long) ms * 1000000);
}

long uvt_cpu_ms(void) {
  struct timespec used;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return (long) used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

long uvt_process_cpu_ms(void) {
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return (long) used.tv_sec * 1000 + used.tv_nsec / 1000000;
}
