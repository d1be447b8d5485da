/* The suite's harness: what generated modules give it, and its own parts.
 *
 * A suite is built in one of two ways:
 *   UVT_SUITE_BINARY   against the project's header; the test's process fills the table of calls
 *                      (uvt_api.h) with dlsym(), so that a missing symbol is no link error
 *   UVT_SUITE_SOURCE   against an implementation's own headers, and linked to it: the table holds what
 *                      these declare */
#ifndef UVSPEC_HARNESS_H_
#define UVSPEC_HARNESS_H_

#include "scenario.h"

#include "leaks.h"
#include "store.h"

#include "uvt_api.h"
#if !defined(UVT_SUITE_BINARY) && !defined(UVT_SUITE_SOURCE)
#error "define UVT_SUITE_BINARY or UVT_SUITE_SOURCE"
#endif

typedef struct uvt_test {
  const char *name;
  void (*run)(void);
  const char *const *symbols; /* what it calls; ends with NULL */
  unsigned flags;             /* UVT_LEAKS_OK … */
} uvt_test;

/* Ends with NULL; each array ends with a test whose name is NULL. */
extern const uvt_test *const uvt_modules[];

/* ---- library.c: in the process that runs a test ---- */

/* Loads the library and fills the call table and the store's path, version and missing symbols.
 * Returns NULL, or what went wrong. */
const char *uvt_library_load(const char *path);

/* Before it: functions, separated by commas, that are to be treated as if the library lacked them,
 * because it does not claim them or they end the process. */
void uvt_library_hide(const char *names);

/* Set by preload.c: the library under test is the one in the program that this is loaded into. */
extern int uvt_preloaded;

/* The program itself, which preload.c calls too. Returns the exit status. */
int uvt_suite_main(int argc, char **argv);
/* Asks it for its version. Apart, since already this may crash. */
void uvt_library_note_version(void);

/* How many functions the suite knows; 0 if it is linked to them. */
long uvt_library_symbols(void);

/* ---- run.c: the life of one test, in its own process ---- */

/* Runs the test and the checks after it; the library is loaded already. What came of it is in the
 * store. */
void uvt_run_test(const uvt_test *test, long watchdog_ms);

/* ---- turns.c: notes in the store when uv_run() is entered and left ---- */

/* From here on, in this process. The library is loaded. */
void uvt_watch_runs(void);

/* ---- isolate.c: a process to run something in, and what came of it ---- */

struct uvt_outcome {
  int exited; /* 1: exited with `code`; 0: killed by signal `code` */
  int code;
  int timed_out; /* the watchdog killed it */
  int strays;    /* processes it left behind */
  long ms;
  char output[4096]; /* the end of what it wrote to stdout and stderr */
  size_t output_size;
  const char *error; /* could not be started: why; else NULL */
};

/* Runs `body(argument)` in a child of its own process group, without descriptors but 0, 1 and 2, and
 * kills whatever is left of it when it ends or after `watchdog_ms`. Uses and fills uvt_store. */
void uvt_isolate(void (*body)(void *), void *argument, long watchdog_ms,
                 struct uvt_outcome *outcome);
/* Once, before the first uvt_isolate(). */
void uvt_isolate_init(void);
/* Waits for input; false if the program was told to end. */
int uvt_wait_readable(int fd);

/* ---- status.c, result.c: what came of a test, and one line of JSON for it ---- */

void uvt_write_result(const uvt_test *test, const struct uvt_outcome *outcome, long watchdog_ms);
void uvt_write_unresolved(const char *test, const char *reason);
/* `deadly`, ended by NULL: what ends the process when called. */
void uvt_write_probe(const struct uvt_outcome *outcome, const char *const *deadly);
/* What came of the test in uvt_store: "pass", "fail", … with a reason, "" for a pass. */
const char *uvt_status(const struct uvt_outcome *outcome, long watchdog_ms, char *reason,
                       size_t size);

#endif
