/* What only a sanitizer sees. test_sanitizers.py says what the harness has to make of each. */
#include "harness.h"
#include "scenario.h"

#include <limits.h>
#include <stdlib.h>

static uv_async_t async;

static void on_async(uv_async_t *a) {
  uvt_event("on_async", a);
  if (uvt_threads_finished("w") < 2)
    return;
  uvt_threads_join("w");
  uv_close((uv_handle_t *) a, NULL);
}

static void send_some(void) {
  for (int i = 0; i < 100; i++)
    uv_async_send(&async);
}

/* Threads, a forked child, the library's memory: nothing that a sanitizer should mind. */
static void good(void) {
  uv_loop_t *loop = uvt_loop("loop");
  CHECK_INT(uv_async_init(loop, &async, on_async), ==, 0);
  uvt_handle("a", (uv_handle_t *) &async);
  uvt_threads_start("w", 2, send_some, send_some);
  CHECK_INT(uv_run(loop, UV_RUN_DEFAULT), ==, 0);
  if (uvt_fork()) {
    uvt_note("child");
    uvt_fork_exit();
  }
  uvt_trace("on_async(a)*1.. child");
  uvt_finish();
}

static void use_after_free(void) {
  volatile char *block = malloc(8);
  free((void *) (size_t) block);
  block[0] = 1;
}

static char *volatile lost;

static void leak(void) {
  lost = malloc(123);
  lost = NULL;
}

static void leak_after_failure(void) {
  CHECK(0);
  leak();
}

static volatile int shared = INT_MAX;

static void overflow(void) {
  shared = shared + 1;
}

static void write_shared(void) {
  shared = 1;
}

static void race(void) {
  uvt_threads_start("w", 2, write_shared, NULL);
  uvt_finish();
}

#define ANY                                                                                        \
  (const char *const[]) {                                                                          \
    NULL                                                                                           \
  }

static const uvt_test tests[] = {
    {"good", good, ANY, 0},         {"use-after-free", use_after_free, ANY, 0},
    {"leak", leak, ANY, 0},         {"leak-after-failure", leak_after_failure, ANY, 0},
    {"overflow", overflow, ANY, 0}, {"race", race, ANY, 0},
    {NULL, NULL, NULL, 0},
};

const uvt_test *const uvt_modules[] = {tests, NULL};
