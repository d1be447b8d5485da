/* What a test leaves behind: trace, failed checks, how far it got.
 *
 * It lies in memory shared with the process that watches the test, so that it survives whatever the
 * test does to itself, and with the children a test forks. Everything here may be called from any
 * thread and from a signal handler: fixed arrays, atomic counters, no lock, no allocation. A reader
 * must not trust it: a test may have written over it. */
#ifndef UVSPEC_STORE_H_
#define UVSPEC_STORE_H_

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define UVT_UNHARMED 0x756e6861726d6564u

enum {
  UVT_EVENTS_MAX = 8192,
  UVT_EVENT_TEXT = 60,
  UVT_FAILURES_MAX = 48,
  UVT_CHECKPOINTS_MAX = 256,
  UVT_LOOP_RUNS_MAX = 256,
  UVT_TEXT = 1024,
  UVT_LONG_TEXT = 4096,
  UVT_MISSING_MAX = 400,
  UVT_MISSING_TEXT = 40
};

enum uvt_phase { UVT_LOADING, UVT_RUNNING, UVT_FINISHING, UVT_LEAK_CHECKS, UVT_DONE };
enum uvt_verdict { UVT_NO_VERDICT, UVT_UNRESOLVED, UVT_UNSUPPORTED, UVT_SKIPPED };

/* A run of equal events. `count` is 0 until the text is whole; UVT_SEALED means that uvt_trace() has
 * looked at it and the run must not grow any more. */
#define UVT_SEALED 0x80000000u
struct uvt_event_run {
  atomic_uint count;
  char text[UVT_EVENT_TEXT];
};

struct uvt_failure {
  atomic_int whole;
  char call[UVT_TEXT];
  char wanted[UVT_TEXT];
  char seen[UVT_LONG_TEXT];
};

/* One call of uvt_trace(): the pattern, and which runs of events it was held against. */
struct uvt_checkpoint {
  char pattern[UVT_TEXT];
  unsigned first, end;
  int holds;
};

/* One call of uv_run(): how many events there were when it began and when it returned. */
struct uvt_loop_run {
  int mode;
  unsigned first, end;
  atomic_int state; /* enum uvt_loop_run_state */
};
enum uvt_loop_run_state { UVT_NO_RUN, UVT_RUN_BEGUN, UVT_RUN_RETURNED };

struct uvt_store {
  uint64_t front; /* UVT_UNHARMED, as long as no test has written over it */
  atomic_uint event_count;
  atomic_uint failure_count;
  atomic_uint checkpoint_count;
  atomic_uint fired; /* single events, not runs of equal ones */
  atomic_uint loop_run_count;
  atomic_uint checked;      /* runs of events that uvt_trace() has dealt with */
  atomic_int phase;         /* enum uvt_phase */
  atomic_int verdict;       /* enum uvt_verdict; passed or failed follows from the checks */
  atomic_int returned;      /* the scenario came to its end */
  atomic_flag last_is_busy; /* guards `last` */
  char reason[UVT_TEXT];    /* for `verdict` */
  char last[UVT_TEXT];      /* the last check made: where a test that hangs stands */
  struct uvt_event_run events[UVT_EVENTS_MAX];
  struct uvt_failure failures[UVT_FAILURES_MAX];
  struct uvt_checkpoint checkpoints[UVT_CHECKPOINTS_MAX];
  struct uvt_loop_run loop_runs[UVT_LOOP_RUNS_MAX];
  char path[UVT_LONG_TEXT]; /* of the library, as it was found */
  char version[UVT_EVENT_TEXT];
  atomic_uint missing_count;
  char missing[UVT_MISSING_MAX][UVT_MISSING_TEXT];
  uint64_t back;
};

/* The store of this process's test. Made once, before any fork. */
extern struct uvt_store *uvt_store;

/* Maps a new, empty store; NULL when there is no memory. */
struct uvt_store *uvt_store_new(void);
void uvt_store_free(struct uvt_store *store);
/* False, and it is emptied, if a test has written over it. */
int uvt_store_is_unharmed(struct uvt_store *store);

/* How much of each array is there to be read. */
unsigned uvt_store_events(const struct uvt_store *store);
unsigned uvt_store_failures(const struct uvt_store *store);
unsigned uvt_store_checkpoints(const struct uvt_store *store);
unsigned uvt_store_loop_runs(const struct uvt_store *store);
/* How often the event of a run came; 0 if its text never became whole. */
unsigned uvt_run_length(const struct uvt_event_run *run);

void uvt_append_event(const char *text);
void uvt_fail(const char *call, const char *wanted, const char *seen);
/* The test turns out to say nothing of this library. */
void uvt_forget_failures(void);
/* Notes a call of uv_run(); of very many only the first. The index is for the end of the same call. */
unsigned uvt_note_run_begins(int mode);
void uvt_note_run_ends(unsigned index);
void uvt_set_phase(enum uvt_phase phase);
/* Remembers the call whose result was just checked. */
void uvt_remember(const char *call);

/* Ends the test here and now, without pass or fail: a fixture broke, a function is not there. */
_Noreturn void uvt_give_up(enum uvt_verdict verdict, const char *reason);
/* Called by it at the end, where set: a program without a watching parent prints what it has. */
extern void (*uvt_before_giving_up)(void);

/* Copies C text as a person wrote it: without the `__12` the generator adds to names and without the
 * `uvt_api.` through which the suite calls. Cuts at `size`. Safe in a signal handler. */
void uvt_copy_clean(char *to, size_t size, const char *from);

/* snprintf() as far as signal handlers need it: `to` + `text`, cut at `size`. */
void uvt_add_text(char *to, size_t size, const char *text);
void uvt_add_number(char *to, size_t size, long long number);

/* For what the fixtures themselves call: ends the test if the library under test has no such function. */
#define UVT_HAVE(function) ((function) != NULL)
#define UVT_NEED(function)                                                                         \
  do {                                                                                             \
    if (!UVT_HAVE(function))                                                                       \
      uvt_give_up(UVT_UNSUPPORTED, "the library has no " #function);                               \
  } while (0)

#endif
