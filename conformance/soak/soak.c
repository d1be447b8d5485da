/* What trials share: the command line, the random sequence, reports, the counting allocator. */
#include "soak.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

/* prctl() knows no such option and does nothing; syscalls.c recognises it. */
#define PHASE_MARK 0x75767370

static const struct trial trials[] = {
    {"asyncs", trial_asyncs},           {"calls", trial_calls},
    {"connections", trial_connections}, {"descriptors", trial_descriptors},
    {"memory", trial_memory},           {"spawns", trial_spawns},
    {"timers", trial_timers},
};

enum { TRIALS = sizeof(trials) / sizeof(trials[0]) };

static double scale = 1.0;
static uint64_t random_state = 1;
static unsigned phases;
static int64_t live_before;
static int descriptors_before;

uint64_t scaled(uint64_t full) {
  double amount = (double) full * scale;

  return amount < 1 ? 1 : (uint64_t) amount;
}

/* xorshift64*: repeatable on every machine, unlike rand(). */
uint64_t draw(uint64_t below) {
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (random_state * UINT64_C(2685821657736338717) >> 33) % below;
}

void phase_begin(const char *name, uint64_t operations) {
  phases++;
  printf("{\"phase\": \"%s\", \"index\": %u, \"operations\": %llu}\n", name, phases,
         (unsigned long long) operations);
  fflush(stdout);
  prctl(PHASE_MARK, (unsigned long) phases, 0ul, 0ul, 0ul);
}

void phase_end(void) {
  prctl(PHASE_MARK, 0ul, 0ul, 0ul, 0ul);
}

void figure(const char *name, uint64_t value) {
  printf("{\"figure\": \"%s\", \"value\": %llu}\n", name, (unsigned long long) value);
  fflush(stdout);
}

static _Noreturn void failed(const char *text, const char *file, int line) {
  const char *base = strrchr(file, '/');

  printf("{\"failed\": \"");
  for (; *text != '\0'; text++)
    if (*text == '"' || *text == '\\')
      printf("\\%c", *text);
    else
      putchar(*text);
  printf("\", \"at\": \"conformance/soak/%s:%d\"}\n", base != NULL ? base + 1 : file, line);
  fflush(stdout);
  _Exit(1);
}

void holds(bool condition, const char *text, const char *file, int line) {
  if (!condition)
    failed(text, file, line);
}

void returns(int64_t got, int64_t wanted, const char *text, const char *file, int line) {
  char message[512];

  if (got == wanted)
    return;
  snprintf(message, sizeof(message), "%s returned %lld, not %lld", text, (long long) got,
           (long long) wanted);
  failed(message, file, line);
}

/* ---------------------------------------------------------------------------- the allocator */

static atomic_llong live;
static atomic_ullong refused;
static atomic_uint failing;
static atomic_ullong fail_state = 88172645463325252ull;

/* Any thread allocates, so this sequence is an atomic counter through a mixing function. */
static bool refuse(void) {
  unsigned of_1000 = atomic_load(&failing);
  unsigned long long n;

  if (of_1000 == 0)
    return false;
  n = atomic_fetch_add(&fail_state, 0x9e3779b97f4a7c15ull);
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9ull;
  n = (n ^ (n >> 27)) * 0x94d049bb133111ebull;
  n ^= n >> 31;
  if (n % 1000 >= of_1000)
    return false;
  atomic_fetch_add(&refused, 1);
  errno = ENOMEM;
  return true;
}

static void *counting_malloc(size_t size) {
  void *memory = refuse() ? NULL : malloc(size);

  if (memory != NULL)
    atomic_fetch_add(&live, 1);
  return memory;
}

static void *counting_calloc(size_t count, size_t size) {
  void *memory = refuse() ? NULL : calloc(count, size);

  if (memory != NULL)
    atomic_fetch_add(&live, 1);
  return memory;
}

static void *counting_realloc(void *old, size_t size) {
  void *memory = refuse() ? NULL : realloc(old, size);

  if (memory != NULL && old == NULL)
    atomic_fetch_add(&live, 1);
  return memory;
}

static void counting_free(void *memory) {
  if (memory != NULL)
    atomic_fetch_sub(&live, 1);
  free(memory);
}

void allocator_fail(unsigned failing_per_1000) {
  atomic_store(&failing, failing_per_1000);
}

int64_t allocator_live(void) {
  return atomic_load(&live);
}

uint64_t allocator_failed(void) {
  return atomic_load(&refused);
}

/* ------------------------------------------------------------------------ before and after */

int open_descriptors(void) {
  DIR *folder = opendir("/proc/self/fd");
  int count = -3; /* two names that are no descriptors, and the folder's own */

  if (folder == NULL)
    return 0;
  while (readdir(folder) != NULL)
    count++;
  closedir(folder);
  return count;
}

void loop_begin(uv_loop_t *loop) {
  live_before = allocator_live();
  descriptors_before = open_descriptors();
  RETURNS(uv_loop_init(loop), 0);
}

void loop_end(uv_loop_t *loop) {
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
  RETURNS(uv_loop_close(loop), 0);
  RETURNS(allocator_live(), live_before);
  RETURNS(open_descriptors(), descriptors_before);
}

static void on_warm_up(uv_async_t *async) {
  (void) async;
}

static void on_signal(uv_signal_t *handle, int number) {
  (void) handle, (void) number;
}

/* What a library makes lazily, once a process, is made before anything is counted. */
static void warm_up(void) {
  uv_signal_t signal_handle;
  uv_async_t async;
  uv_loop_t loop;

  RETURNS(uv_loop_init(&loop), 0);
  RETURNS(uv_async_init(&loop, &async, on_warm_up), 0);
  RETURNS(uv_signal_init(&loop, &signal_handle), 0);
  RETURNS(uv_signal_start(&signal_handle, on_signal, SIGUSR2), 0);
  uv_close((uv_handle_t *) &async, NULL);
  uv_close((uv_handle_t *) &signal_handle, NULL);
  RETURNS(uv_run(&loop, UV_RUN_DEFAULT), 0);
  RETURNS(uv_loop_close(&loop), 0);
}

static void usage(void) {
  fprintf(stderr, "usage: uvspec-soak TRIAL [SCALE [SEED]]; run by `uvspec soak`. Trials:");
  for (unsigned i = 0; i < TRIALS; i++)
    fprintf(stderr, " %s", trials[i].name);
  fprintf(stderr, "\n");
}

int main(int count, char **arguments) {
  if (count > 2)
    scale = strtod(arguments[2], NULL);
  if (count > 3)
    random_state = strtoull(arguments[3], NULL, 10) * 2 + 1;
  atomic_fetch_add(&fail_state, random_state);
  uv_replace_allocator(counting_malloc, counting_realloc, counting_calloc, counting_free);
  for (unsigned i = 0; count > 1 && i < TRIALS; i++)
    if (strcmp(arguments[1], trials[i].name) == 0) {
      warm_up();
      trials[i].run();
      printf("{\"done\": true}\n");
      return 0;
    }
  usage();
  return 2;
}
