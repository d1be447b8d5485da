/* The shared store: see store.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "store.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct uvt_store *uvt_store;
void (*uvt_before_giving_up)(void);

struct uvt_store *uvt_store_new(void) {
  void *memory = mmap(NULL, sizeof(struct uvt_store), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return NULL;
  struct uvt_store *store = memory; /* zeroed: every counter starts at 0 */
  store->front = store->back = UVT_UNHARMED;
  return store;
}

int uvt_store_is_unharmed(struct uvt_store *store) {
  if (store->front == UVT_UNHARMED && store->back == UVT_UNHARMED)
    return 1;
  memset(store, 0, sizeof *store);
  return 0;
}

void uvt_store_free(struct uvt_store *store) {
  if (store != NULL)
    munmap(store, sizeof *store);
}

/* ---- reading ---- */

static unsigned at_most(unsigned seen, unsigned limit) {
  return seen < limit ? seen : limit;
}

unsigned uvt_store_events(const struct uvt_store *store) {
  return at_most(atomic_load(&store->event_count), UVT_EVENTS_MAX);
}

unsigned uvt_store_failures(const struct uvt_store *store) {
  return at_most(atomic_load(&store->failure_count), UVT_FAILURES_MAX);
}

unsigned uvt_store_checkpoints(const struct uvt_store *store) {
  return at_most(atomic_load(&store->checkpoint_count), UVT_CHECKPOINTS_MAX);
}

unsigned uvt_store_loop_runs(const struct uvt_store *store) {
  return at_most(atomic_load(&store->loop_run_count), UVT_LOOP_RUNS_MAX);
}

unsigned uvt_run_length(const struct uvt_event_run *run) {
  return atomic_load(&run->count) & ~UVT_SEALED;
}

/* ---- writing ---- */

/* True if `text` is what the newest run says and the run could still grow. */
static int grow_last_run(const char *text) {
  unsigned count = atomic_load(&uvt_store->event_count);
  if (count == 0 || count > UVT_EVENTS_MAX)
    return 0;
  struct uvt_event_run *run = &uvt_store->events[count - 1];
  unsigned seen = atomic_load(&run->count);
  /* The limit keeps the count away from the seal; a run that long counts as "very many". */
  while (seen != 0 && (seen & UVT_SEALED) == 0 && strcmp(run->text, text) == 0) {
    if (seen == UVT_SEALED - 1)
      return 1;
    if (atomic_compare_exchange_weak(&run->count, &seen, seen + 1))
      return 1;
  }
  return 0;
}

void uvt_append_event(const char *text) {
  char clean[UVT_EVENT_TEXT];
  uvt_copy_clean(clean, sizeof clean, text);
  atomic_fetch_add(&uvt_store->fired, 1);
  /* An idle callback may fire a million times: equal neighbours share a slot. */
  if (grow_last_run(clean))
    return;
  unsigned index = atomic_fetch_add(&uvt_store->event_count, 1);
  if (index >= UVT_EVENTS_MAX) {
    atomic_store(&uvt_store->event_count, UVT_EVENTS_MAX + 1); /* uvt_trace() will say so */
    return;
  }
  struct uvt_event_run *run = &uvt_store->events[index];
  memcpy(run->text, clean, sizeof clean);
  atomic_store(&run->count, 1);
}

void uvt_fail(const char *call, const char *wanted, const char *seen) {
  unsigned index = atomic_fetch_add(&uvt_store->failure_count, 1);
  if (index >= UVT_FAILURES_MAX) {
    atomic_store(&uvt_store->failure_count, UVT_FAILURES_MAX); /* enough to fail; never wraps */
    return;
  }
  struct uvt_failure *failure = &uvt_store->failures[index];
  uvt_copy_clean(failure->call, sizeof failure->call, call);
  uvt_copy_clean(failure->wanted, sizeof failure->wanted, wanted);
  uvt_copy_clean(failure->seen, sizeof failure->seen, seen);
  atomic_store(&failure->whole, 1);
}

void uvt_forget_failures(void) {
  atomic_store(&uvt_store->failure_count, 0);
}

unsigned uvt_note_run_begins(int mode) {
  unsigned index = atomic_fetch_add(&uvt_store->loop_run_count, 1);
  if (index >= UVT_LOOP_RUNS_MAX) {
    atomic_store(&uvt_store->loop_run_count, UVT_LOOP_RUNS_MAX); /* never wraps */
    return UVT_LOOP_RUNS_MAX;
  }
  struct uvt_loop_run *run = &uvt_store->loop_runs[index];
  run->mode = mode;
  run->first = atomic_load(&uvt_store->fired);
  atomic_store(&run->state, UVT_RUN_BEGUN);
  return index;
}

void uvt_note_run_ends(unsigned index) {
  if (index >= UVT_LOOP_RUNS_MAX)
    return;
  uvt_store->loop_runs[index].end = atomic_load(&uvt_store->fired);
  atomic_store(&uvt_store->loop_runs[index].state, UVT_RUN_RETURNED);
}

void uvt_set_phase(enum uvt_phase phase) {
  atomic_store(&uvt_store->phase, (int) phase);
}

void uvt_remember(const char *call) {
  /* Whoever comes second, be it a thread or a signal handler, lets the other one win. */
  if (atomic_flag_test_and_set(&uvt_store->last_is_busy))
    return;
  uvt_copy_clean(uvt_store->last, sizeof uvt_store->last, call);
  atomic_flag_clear(&uvt_store->last_is_busy);
}

void uvt_give_up(enum uvt_verdict verdict, const char *reason) {
  int none = UVT_NO_VERDICT;
  if (atomic_compare_exchange_strong(&uvt_store->verdict, &none, (int) verdict)) {
    uvt_copy_clean(uvt_store->reason, sizeof uvt_store->reason, reason);
  }
  if (uvt_before_giving_up != NULL)
    uvt_before_giving_up();
  _exit(0);
}

/* ---- text ---- */

static int in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Length of a `__12` that ends a name or stands before `_`; 0 if `from` does not point at one. */
static size_t suffix_length(const char *from) {
  if (from[0] != '_' || from[1] != '_')
    return 0;
  size_t length = 2;
  while (from[length] >= '0' && from[length] <= '9')
    length++;
  /* `on_t__12_calls` is what a scenario calls calls(on_t). */
  return length == 2 || (in_name(from[length]) && from[length] != '_') ? 0 : length;
}

void uvt_copy_clean(char *to, size_t size, const char *from) {
  static const char table[] = "uvt_api.";
  size_t used = 0;
  char before = ' ';
  while (*from != '\0' && used + 1 < size) {
    if (!in_name(before) && strncmp(from, table, sizeof table - 1) == 0) {
      from += sizeof table - 1;
      continue;
    }
    size_t suffix = in_name(before) ? suffix_length(from) : 0;
    if (suffix != 0) {
      from += suffix;
      continue;
    }
    before = *from;
    to[used++] = *from++;
  }
  to[used] = '\0';
}

void uvt_add_text(char *to, size_t size, const char *text) {
  size_t used = strlen(to);
  while (*text != '\0' && used + 1 < size)
    to[used++] = *text++;
  to[used] = '\0';
}

void uvt_add_number(char *to, size_t size, long long number) {
  char digits[24];
  size_t at = sizeof digits;
  unsigned long long rest =
      number < 0 ? 0ULL - (unsigned long long) number : (unsigned long long) number;
  digits[--at] = '\0';
  do {
    digits[--at] = (char) ('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (number < 0)
    digits[--at] = '-';
  uvt_add_text(to, size, digits + at);
}
