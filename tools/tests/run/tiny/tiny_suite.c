/* Tests that misbehave on purpose, between tests that do not. tools/tests/run/test_isolation.py says
 * what the harness has to make of each. Good ones are named good-…; everything else is one red row. */
#include "harness.h"
#include "scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- good ones ---- */

static void on_repeat__1(uv_timer_t *t) {
  static int calls;
  uvt_event("on_repeat__1", t);
  if (++calls == 3)
    CHECK_INT(uv_timer_stop(t), ==, 0);
}

static void good_timer(void) {
  static uv_timer_t t__1;
  uv_loop_t *loop = uvt_loop("loop");
  uvt_dirty(&t__1, sizeof t__1);
  CHECK_INT(uv_timer_init(loop, &t__1), ==, 0);
  uvt_handle("t", (uv_handle_t *) &t__1);
  CHECK_INT(uv_timer_start(&t__1, NULL, 1, 1), ==, UV_EINVAL);
  CHECK_INT(uv_timer_start(&t__1, on_repeat__1, 1, 1), ==, 0);
  CHECK_INT(uv_run(loop, UV_RUN_DEFAULT), ==, 0);
  uvt_trace("on_repeat(t)*3");
  uvt_finish();
}

static uv_async_t good_async_handle;
static int good_async_fired;

static void send_thousand(void) {
  for (int i = 0; i < 1000; i++)
    CHECK_INT(uv_async_send(&good_async_handle), ==, 0);
}

static void send_last(void) {
  CHECK_INT(uv_async_send(&good_async_handle), ==, 0);
}

static void on_async(uv_async_t *a) {
  uvt_event("on_async", a);
  good_async_fired++;
  if (uvt_threads_finished("w") < 4)
    return;
  uvt_threads_join("w");
  uv_close((uv_handle_t *) a, NULL);
}

static void good_threads(void) {
  uv_loop_t *loop = uvt_loop("loop");
  CHECK_INT(uv_async_init(loop, &good_async_handle, on_async), ==, 0);
  uvt_handle("a", (uv_handle_t *) &good_async_handle);
  uvt_threads_start("w", 4, send_thousand, send_last);
  CHECK_INT(uv_run(loop, UV_RUN_DEFAULT), ==, 0);
  CHECK_INT(good_async_fired, >=, 1);
  uvt_trace("on_async(a)*1..4001");
  uvt_finish();
}

static void good_fork(void) {
  uv_loop_t *loop = uvt_loop("loop");
  (void) loop;
  if (uvt_fork()) {
    uvt_note("child");
    CHECK(1);
    uvt_fork_exit();
  }
  uvt_note("parent");
  uvt_trace("child parent");
  uvt_finish();
}

static void raised(int signum) {
  CHECK_INT(signum, ==, SIGUSR1);
  uvt_event("raised", NULL);
}

static void good_signal(void) {
  uvt_on_signal(SIGUSR1, raised);
  raise(SIGUSR1);
  uvt_trace("raised");
}

static void good_patterns(void) {
  uvt_trace("");
  uvt_note("a");
  uvt_trace("a");
  uvt_note("a"); /* must not join the run that was looked at */
  uvt_trace("a");
  for (int i = 0; i < 3; i++)
    uvt_note("a"), uvt_note("b");
  uvt_note("c");
  uvt_trace("{b*3 a*1..} ( x | c*1 | c )");
}

static void work(uv_work_t *request) {
  (void) request;
}

static void after_work(uv_work_t *request, int status) {
  (void) request;
  CHECK_INT(status, ==, 0);
  uvt_event("after_work", NULL);
}

static void good_threadpool(void) {
  uv_work_t request;
  uv_loop_t *loop = uvt_loop("loop");
  CHECK_INT(uv_queue_work(loop, &request, work, after_work), ==, 0);
  CHECK_INT(uv_run(loop, UV_RUN_DEFAULT), ==, 0);
  uvt_trace("after_work");
  CHECK_INT(uvt_alloc_calls(), >, 0);
  uvt_finish();
}

/* ---- failing checks ---- */

static void fail_check(void) {
  static uv_timer_t t;
  uv_loop_t *loop = uvt_loop("loop");
  CHECK_INT(uv_timer_init(loop, &t), ==, 0);
  uvt_handle("t", (uv_handle_t *) &t);
  CHECK_INT(uv_timer_start(&t, NULL, 1, 1), ==, 0);
  uvt_finish();
}

static void fail_trace(void) {
  uvt_note("a");
  uvt_note("a");
  uvt_note("b");
  uvt_trace("a b a");
  uvt_note("c");
  uvt_trace("c");
}

static void fail_open_loop(void) {
  static uv_timer_t t;
  uv_loop_t *loop = uvt_loop("loop");
  uv_timer_init(loop, &t);
  CHECK_INT(uv_loop_close(loop), ==, 0);
}

static void fail_in_child(void) {
  if (uvt_fork()) {
    CHECK_INT(2 + 2, ==, 5);
    uvt_fork_exit();
  }
}

static void fail_child_crash(void) {
  if (uvt_fork())
    abort();
}

static void fail_child_goes_on(void) {
  if (uvt_fork())
    return;
}

static void fail_exit_0(void) {
  CHECK_INT(1, ==, 1);
  exit(0);
}

static void fail_exit_7(void) {
  _exit(7);
}

/* ---- crashes ---- */

static void crash_null(void) {
  volatile int *nowhere = NULL;
  uvt_note("before");
  *nowhere = 1;
}

static void crash_abort(void) {
  fprintf(stderr, "something is\nvery wrong\n");
  abort();
}

static void crash_stack(void) {
  volatile char frame[4096];
  frame[0] = 1;
  crash_stack();
  frame[1] = frame[0];
}

static void crash_late(void) {
  atexit(abort);
}

static void crash_heap(void) {
  volatile char *block = malloc(8);
  for (int i = -64; i < 4096; i++)
    block[i] = 0x41;
  free((void *) (size_t) block);
  free(malloc(64));
  free(malloc(100000));
}

static void crash_store(void) {
  uvt_note("overwritten");
  memset((void *) uvt_store, 0xff, sizeof *uvt_store);
  abort();
}

/* ---- hangs ---- */

static void hang(void) {
  for (;;)
    pause();
}

static void hang_stubborn(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  setpgid(0, getppid()); /* fails; whatever */
  setsid();
  if (fork() == 0) {
    setsid();
    raise(SIGSTOP);
    for (;;)
      pause();
  }
  raise(SIGSTOP);
  for (;;)
    pause();
}

static void hang_loud(void) {
  for (;;) {
    if (write(1, "spam spam spam spam spam spam spam spam\n", 40) < 0)
      continue;
  }
}

static void never(uv_async_t *a) {
  (void) a;
}

static void hang_open_handle(void) {
  static uv_async_t a;
  uv_loop_t *loop = uvt_loop("loop");
  uv_async_init(loop, &a, never);
  uvt_finish();
}

/* ---- leaks ---- */

static void leak_fd(void) {
  if (open("/dev/zero", O_RDONLY) < 0)
    abort();
}

static void leak_closed_fd(void) {
  close(0);
  close(1);
  close(2);
}

static void *sleep_on(void *argument) {
  (void) argument;
  for (;;)
    pause();
  return NULL;
}

static void leak_thread(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, sleep_on, NULL) != 0)
    abort();
  pthread_detach(thread);
}

static void leak_child(void) {
  if (fork() == 0) {
    for (;;)
      pause();
  }
}

static void leak_zombie(void) {
  pid_t pid = fork();
  if (pid == 0)
    _exit(0);
  siginfo_t info;
  waitid(P_PID, (id_t) pid, &info, WEXITED | WNOWAIT);
}

static void leak_daemon(void) {
  pid_t pid = fork();
  if (pid == 0) {
    setsid();
    if (fork() != 0)
      _exit(0);
    signal(SIGTERM, SIG_IGN);
    for (;;)
      pause();
  }
  waitpid(pid, NULL, 0);
}

static void leak_memory(void) {
  uv_loop_t *loop = uvt_loop("loop");
  uv_loop_init(malloc(sizeof *loop)); /* never closed */
  uvt_finish();
}

/* ---- no result ---- */

static void unsupported(void) {
  CHECK_INT(uv_not_there(), ==, 0);
}

static void unresolved_pattern(void) {
  uvt_trace("a {");
}

/* ---- nuisances that are none of the test's business ---- */

static void good_garbage(void) {
  for (int i = 0; i < 1000; i++)
    printf("{\"test\":\"good-timer\",\"status\":\"fail\"}\n%c\xff\x80", i);
  fflush(stdout);
  fprintf(stderr, "\x01\x02 not \xc3\x28 UTF-8\n");
}

static void good_flags(void) {
  leak_fd();
  leak_thread();
}

#define ANY                                                                                        \
  (const char *const[]) {                                                                          \
    NULL                                                                                           \
  }
#define LOOP                                                                                       \
  (const char *const[]) {                                                                          \
    "uv_loop_init", "uv_loop_close", "uv_run", NULL                                                \
  }

static const uvt_test good[] = {
    {"good-timer", good_timer, LOOP, 0},
    {"good-threads", good_threads, LOOP, 0},
    {"good-fork", good_fork, LOOP, UVT_NEEDS_FORK},
    {"good-signal", good_signal, ANY, 0},
    {"good-patterns", good_patterns, ANY, 0},
    {"good-threadpool", good_threadpool, LOOP, 0},
    {"good-garbage", good_garbage, ANY, 0},
    {"good-flags", good_flags, ANY, UVT_LEAKS_OK},
    {NULL, NULL, NULL, 0},
};

static const uvt_test bad[] = {
    {"fail-check", fail_check, LOOP, 0},
    {"fail-trace", fail_trace, ANY, 0},
    {"fail-open-loop", fail_open_loop, LOOP, 0},
    {"fail-in-child", fail_in_child, ANY, UVT_NEEDS_FORK},
    {"fail-child-crash", fail_child_crash, ANY, UVT_NEEDS_FORK},
    {"fail-child-goes-on", fail_child_goes_on, ANY, UVT_NEEDS_FORK},
    {"fail-exit-0", fail_exit_0, ANY, 0},
    {"fail-exit-7", fail_exit_7, ANY, 0},
    {"crash-null", crash_null, ANY, 0},
    {"crash-abort", crash_abort, ANY, 0},
    {"crash-stack", crash_stack, ANY, 0},
    {"crash-late", crash_late, ANY, 0},
    {"crash-heap", crash_heap, ANY, 0},
    {"crash-store", crash_store, ANY, 0},
    {"hang", hang, ANY, 0},
    {"hang-stubborn", hang_stubborn, ANY, 0},
    {"hang-loud", hang_loud, ANY, 0},
    {"hang-open-handle", hang_open_handle, LOOP, 0},
    {"leak-fd", leak_fd, ANY, 0},
    {"leak-closed-fd", leak_closed_fd, ANY, 0},
    {"leak-thread", leak_thread, ANY, 0},
    {"leak-child", leak_child, ANY, 0},
    {"leak-zombie", leak_zombie, ANY, 0},
    {"leak-daemon", leak_daemon, ANY, 0},
    {"leak-memory", leak_memory, LOOP, 0},
    {"unsupported", unsupported, (const char *const[]){"uv_run", "uv_not_there", NULL}, 0},
    {"unresolved-pattern", unresolved_pattern, ANY, 0},
    {NULL, NULL, NULL, 0},
};

const uvt_test *const uvt_modules[] = {good, bad, NULL};
