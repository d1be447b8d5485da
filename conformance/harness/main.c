/* uvspec-suite: the conformance suite as a program. `uvspec check` talks to `--serve`; the other
 * commands are for people. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "allocator.h"
#include "harness.h"
#include "sanitizers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROBE_MS = 10000, LINE_MAX_ = 4096, EXIT_USAGE = 2, EXIT_CANNOT = 3 };

static const char usage[] =
    "usage: uvspec-suite --lib PATH --serve      read `RUN TEST WATCHDOG_MS` and `QUIT` from "
    "stdin,\n"
    "                                            write one line of JSON for each test\n"
    "       uvspec-suite --lib PATH --run TEST   in this process, for a debugger\n"
    "       uvspec-suite --lib PATH --probe      can the library be tested? One line of JSON\n"
    "       uvspec-suite --list                  the names of all tests\n"
    "--hide NAME,NAME... treats these functions as missing.\n"
    "--lib PATH is what dlopen() takes; a suite built from source against a library needs none.\n";

static const char *library_path;

#ifdef UVT_TSAN
const char *__tsan_default_options(void);
const char *__tsan_default_options(void) {
  return "die_after_fork=0"; /* scenarios fork while threads run, on purpose */
}
#endif

static const uvt_test *find_test(const char *name) {
  for (const uvt_test *const *module = uvt_modules; *module != NULL; module++) {
    for (const uvt_test *test = *module; test->name != NULL; test++) {
      if (strcmp(test->name, name) == 0)
        return test;
    }
  }
  return NULL;
}

static int list_tests(void) {
  for (const uvt_test *const *module = uvt_modules; *module != NULL; module++) {
    for (const uvt_test *test = *module; test->name != NULL; test++)
      puts(test->name);
  }
  return fflush(stdout) == 0 ? 0 : EXIT_CANNOT;
}

/* Ends the test, or this process, if the library cannot be loaded. */
static void load_or_give_up(void) {
  const char *error = uvt_library_load(library_path);
  if (error != NULL)
    uvt_give_up(UVT_UNRESOLVED, error);
}

/* ---- --serve ---- */

struct job {
  const uvt_test *test;
  long watchdog_ms;
};

static void run_job(void *argument) {
  const struct job *job = argument;
  load_or_give_up();
  uvt_run_test(job->test, job->watchdog_ms);
}

static void serve_test(const char *name, long watchdog_ms) {
  struct job job = {find_test(name), watchdog_ms};
  struct uvt_outcome outcome;
  if (job.test == NULL) {
    uvt_write_unresolved(name, "the suite has no such test");
    return;
  }
  uvt_store = uvt_store_new();
  if (uvt_store == NULL) {
    uvt_write_unresolved(name, "no memory for the results");
    return;
  }
  uvt_isolate(run_job, &job, watchdog_ms, &outcome);
  uvt_write_result(job.test, &outcome, watchdog_ms);
  uvt_store_free(uvt_store);
}

/* One line without its end; 0 at the end of input, or when told to end. */
static int read_line(char *line, size_t size) {
  size_t used = 0;
  for (;;) {
    char c;
    if (!uvt_wait_readable(STDIN_FILENO))
      return 0;
    ssize_t length = read(STDIN_FILENO, &c, 1);
    if (length < 0 && errno == EINTR)
      continue;
    if (length <= 0)
      return 0;
    if (c == '\n')
      break;
    if (used + 1 < size)
      line[used++] = c;
  }
  line[used] = '\0';
  return 1;
}

static int serve(void) {
  char line[LINE_MAX_], name[LINE_MAX_];
  uvt_isolate_init();
  while (read_line(line, sizeof line)) {
    long watchdog_ms;
    if (strcmp(line, "QUIT") == 0)
      return 0;
    if (sscanf(line, "RUN %4095s %ld", name, &watchdog_ms) != 2 || watchdog_ms <= 0) {
      fprintf(stderr, "uvspec-suite: cannot understand `%s`\n", line);
      return EXIT_USAGE;
    }
    serve_test(name, watchdog_ms);
  }
  return 0;
}

/* ---- --probe ---- */

static void ask_version(void) {
  uvt_remember("uv_version_string()");
  uvt_library_note_version();
}

static void shut_down(void) {
  if (UVT_HAVE(uv_library_shutdown))
    uv_library_shutdown();
}

/* What the harness itself calls around every test. Where one of them ends the process, as stubs do, all
 * tests would die of it and say nothing about anything else. */
static const struct service {
  const char *name;
  void (*call)(void);
} services[] = {
    {"uv_version_string", ask_version},
    {"uv_replace_allocator", uvt_alloc_install},
    {"uv_library_shutdown", shut_down},
};

enum { SERVICES = sizeof services / sizeof services[0] };

static void run_probe(void *argument) {
  const struct service *service = argument;
  load_or_give_up();
  uvt_set_phase(UVT_RUNNING);
  if (service != NULL)
    service->call();
  uvt_set_phase(UVT_DONE);
}

/* Each service in a process of its own. */
static void probe_services(const char **deadly) {
  struct uvt_store *of_the_library = uvt_store;
  unsigned count = 0;
  for (unsigned i = 0; i < SERVICES; i++) {
    struct uvt_outcome outcome;
    uvt_store = uvt_store_new();
    if (uvt_store == NULL)
      break;
    uvt_isolate(run_probe, (void *) &services[i], PROBE_MS, &outcome);
    if (!outcome.exited || outcome.code != 0)
      deadly[count++] = services[i].name;
    uvt_add_text(of_the_library->version, sizeof of_the_library->version, uvt_store->version);
    uvt_store_free(uvt_store);
  }
  uvt_store = of_the_library;
}

/* First whether it can be loaded at all. */
static int probe(void) {
  struct uvt_outcome loaded;
  const char *deadly[SERVICES + 1] = {NULL};
  uvt_isolate_init();
  uvt_store = uvt_store_new();
  if (uvt_store == NULL)
    return EXIT_CANNOT;
  uvt_isolate(run_probe, NULL, PROBE_MS, &loaded);
  if (loaded.exited && loaded.code == 0)
    probe_services(deadly);
  uvt_write_probe(&loaded, deadly);
  return 0;
}

/* ---- --run ---- */

static void print_failures(void) {
  for (unsigned i = 0; i < uvt_store_failures(uvt_store); i++) {
    const struct uvt_failure *failure = &uvt_store->failures[i];
    printf("FAILED  %s\n  wanted: %s\n  seen:   %s\n", failure->call, failure->wanted,
           failure->seen);
  }
}

static void print_trace(void) {
  for (unsigned i = 0; i < uvt_store_events(uvt_store); i++) {
    unsigned times = uvt_run_length(&uvt_store->events[i]);
    if (times != 0)
      printf("%s  (%u×)\n", uvt_store->events[i].text, times);
  }
}

static void print_before_giving_up(void) {
  printf("gave up: %s\n", uvt_store->reason);
  fflush(stdout);
}

static int run_here(const char *name) {
  const uvt_test *test = find_test(name);
  if (test == NULL) {
    fprintf(stderr, "uvspec-suite: there is no test `%s`; see --list\n", name);
    return EXIT_USAGE;
  }
  uvt_store = uvt_store_new();
  if (uvt_store == NULL)
    return EXIT_CANNOT;
  uvt_before_giving_up = print_before_giving_up;
  load_or_give_up();
  uvt_run_test(test, PROBE_MS);
  print_trace();
  print_failures();
  int failed = uvt_store_failures(uvt_store) != 0;
  printf("%s: %s\n", failed ? "FAIL" : "PASS", name);
  return failed;
}

/* ---- arguments ---- */

static int complain(const char *what) {
  fprintf(stderr, "uvspec-suite: %s\n%s", what, usage);
  return EXIT_USAGE;
}

int uvt_suite_main(int argc, char **argv) {
  const char *command = NULL, *test = NULL;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--lib") == 0 && i + 1 < argc) {
      library_path = argv[++i];
    } else if (strcmp(argv[i], "--hide") == 0 && i + 1 < argc) {
      uvt_library_hide(argv[++i]);
    } else if (strcmp(argv[i], "--run") == 0 && i + 1 < argc) {
      command = argv[i];
      test = argv[++i];
    } else {
      command = argv[i];
    }
  }
  if (command == NULL)
    return complain("no command");
  if (strcmp(command, "--list") == 0)
    return list_tests();
#ifdef UVT_SUITE_BINARY
  if (library_path == NULL)
    return complain("--lib PATH is missing");
#endif
  if (strcmp(command, "--serve") == 0)
    return serve();
  if (strcmp(command, "--probe") == 0)
    return probe();
  if (strcmp(command, "--run") == 0 && test != NULL)
    return run_here(test);
  return complain("unknown command");
}

int main(int argc, char **argv) {
  return uvt_suite_main(argc, argv);
}
