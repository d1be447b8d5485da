/* Trials: bounded, repeatable loads that a libuv has to survive with nothing lost, nothing leaked and
 * no spinning. Unlike scenarios they are written by hand, and are about amounts.
 *
 * A trial says what it learnt as JSON lines on standard output; `uvspec soak` reads them, and
 * syscalls.c counts the system calls of each phase. It uses nothing but uv.h and POSIX. */
#ifndef UVSPEC_SOAK_H_
#define UVSPEC_SOAK_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uv.h"

struct trial {
  const char *name;
  void (*run)(void);
};

void trial_asyncs(void);
void trial_calls(void);
void trial_connections(void);
void trial_descriptors(void);
void trial_memory(void);
void trial_spawns(void);
void trial_timers(void);

/* `full` as often as `--scale` wants it, at least once. */
uint64_t scaled(uint64_t full);

/* The next number of the run's sequence, which `--seed` determines: 0 to below - 1. */
uint64_t draw(uint64_t below);

/* What follows is `operations` times the operation `name`; until phase_end(). */
void phase_begin(const char *name, uint64_t operations);
void phase_end(void);

/* A number worth reporting. */
void figure(const char *name, uint64_t value);

/* Ends the trial as failed unless `condition` holds. */
#define HOLDS(condition) holds((condition), #condition, __FILE__, __LINE__)
void holds(bool condition, const char *text, const char *file, int line);

/* The same for calls: `call` has to return `wanted`. */
#define RETURNS(call, wanted) returns((call), (wanted), #call, __FILE__, __LINE__)
void returns(int64_t got, int64_t wanted, const char *text, const char *file, int line);

/* The counting allocator. Installed before the trial; `failing` of each 1000 allocations fail while
 * it is not 0. */
void allocator_fail(unsigned failing_per_1000);
int64_t allocator_live(void);
uint64_t allocator_failed(void);

/* Open descriptors of this process. */
int open_descriptors(void);

/* Runs the loop to its end, closes it, and checks that memory and descriptors are as they were when
 * the loop was made. */
void loop_begin(uv_loop_t *loop);
void loop_end(uv_loop_t *loop);

#endif
