/* What came of a test: from the store it left behind and from how its process ended. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "harness.h"

#include <signal.h>
#include <string.h>

static const char *const phases[] = {"while the library was loaded", "in the scenario",
                                     "while the scenario was wound up", "in the checks after it",
                                     "after everything was checked"};

static void add_place(char *to, size_t size) {
  int phase = atomic_load(&uvt_store->phase);
  if (phase < 0 || phase > UVT_DONE)
    phase = UVT_RUNNING;
  uvt_add_text(to, size, ", ");
  uvt_add_text(to, size, phases[phase]);
  if (*uvt_store->last == '\0')
    return;
  uvt_add_text(to, size, "; the last check was `");
  uvt_add_text(to, size, uvt_store->last);
  uvt_add_text(to, size, "`");
}

static const char *signal_name(int signum) {
  static const struct {
    int signum;
    const char *name;
  } names[] = {{SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},
               {SIGFPE, "SIGFPE"},   {SIGILL, "SIGILL"},   {SIGKILL, "SIGKILL"},
               {SIGTERM, "SIGTERM"}, {SIGPIPE, "SIGPIPE"}, {SIGTRAP, "SIGTRAP"},
               {SIGSYS, "SIGSYS"},   {SIGALRM, "SIGALRM"}, {SIGUSR1, "SIGUSR1"},
               {SIGUSR2, "SIGUSR2"}, {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (names[i].signum == signum)
      return names[i].name;
  }
  return "a signal";
}

/* The line of a sanitizer's report that says what it is about; NULL for none. */
static const char *sanitizer_line(const char *output, size_t size) {
  static const char *const marks[] = {"SUMMARY: ", "runtime error: ", "Sanitizer: "};
  for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
    const char *found = memmem(output, size, marks[i], strlen(marks[i]));
    if (found == NULL)
      continue;
    while (found > output && found[-1] != '\n')
      found--;
    return found;
  }
  return NULL;
}

/* True if all that a sanitizer found are leaks, at the regular end. */
static int is_leak_report(const struct uvt_outcome *outcome) {
  static const char mark[] = "ERROR: LeakSanitizer";
  return outcome->exited && atomic_load(&uvt_store->phase) == UVT_DONE &&
         memmem(outcome->output, outcome->output_size, mark, sizeof mark - 1) != NULL;
}

/* Where the last line begins that is not empty. */
static const char *last_line(const char *output, size_t size) {
  while (size > 0 && output[size - 1] == '\n')
    size--;
  while (size > 0 && output[size - 1] != '\n')
    size--;
  return output + size;
}

static void add_line(char *to, size_t size, const struct uvt_outcome *outcome, const char *line) {
  const char *end = outcome->output + outcome->output_size;
  char text[UVT_TEXT / 2];
  size_t length = 0;
  while (line + length < end && line[length] != '\n' && length + 1 < sizeof text) {
    text[length] = line[length];
    length++;
  }
  text[length] = '\0';
  if (*to != '\0' && length != 0)
    uvt_add_text(to, size, ": ");
  uvt_add_text(to, size, text);
}

static const char *crashed(const struct uvt_outcome *outcome, const char *line, char *reason,
                           size_t size) {
  if (!outcome->exited) {
    uvt_add_text(reason, size, "killed by ");
    uvt_add_text(reason, size, signal_name(outcome->code));
    add_place(reason, size);
    if (line == NULL)
      line = last_line(outcome->output, outcome->output_size);
  }
  add_line(reason, size, outcome, line);
  return "crash";
}

/* The process ended by itself before the test did. */
static const char *ended_early(const struct uvt_outcome *outcome, char *reason, size_t size) {
  uvt_add_text(reason, size, "ended early with exit status ");
  uvt_add_number(reason, size, outcome->code);
  add_place(reason, size);
  return "fail";
}

static const char *status_of_verdict(char *reason, size_t size) {
  uvt_add_text(reason, size, uvt_store->reason);
  switch (atomic_load(&uvt_store->verdict)) {
    case UVT_UNSUPPORTED:
      return "unsupported";
    case UVT_SKIPPED:
      return "skipped";
    default:
      return "unresolved";
  }
}

const char *uvt_status(const struct uvt_outcome *outcome, long watchdog_ms, char *reason,
                       size_t size) {
  const char *report = sanitizer_line(outcome->output, outcome->output_size);
  reason[0] = '\0';
  if (!uvt_store_is_unharmed(uvt_store)) {
    uvt_add_text(reason, size, "wrote over the harness's memory");
    return "crash";
  }
  uvt_store->reason[UVT_TEXT - 1] = uvt_store->last[UVT_TEXT - 1] = '\0';
  if (outcome->error != NULL) {
    uvt_add_text(reason, size, "cannot start a process: ");
    uvt_add_text(reason, size, outcome->error);
    return "unresolved";
  }
  if (outcome->timed_out) {
    uvt_add_text(reason, size, "no end within ");
    uvt_add_number(reason, size, watchdog_ms);
    uvt_add_text(reason, size, " ms");
    add_place(reason, size);
    return "hang";
  }
  unsigned failures = uvt_store_failures(uvt_store);
  if (failures != 0 && is_leak_report(outcome))
    return "fail"; /* what was not cleaned up then */
  if (!outcome->exited || (outcome->code != 0 && report != NULL)) {
    return crashed(outcome, report, reason, size);
  }
  if (failures == 0 && atomic_load(&uvt_store->verdict) != UVT_NO_VERDICT) {
    return status_of_verdict(reason, size);
  }
  if (outcome->code != 0 || atomic_load(&uvt_store->phase) != UVT_DONE) {
    if (atomic_load(&uvt_store->verdict) == UVT_NO_VERDICT)
      return ended_early(outcome, reason, size);
    uvt_add_text(reason, size, uvt_store->reason);
  }
  return failures == 0 ? "pass" : "fail";
}
