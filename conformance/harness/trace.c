/* The trace: what fired, and whether that is what was expected. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "pattern.h"
#include "scenario.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

/* A run of equal events counts as at most so many; more than any pattern asks for. */
enum { RUN_MAX = 100000, ALL_MAX = 1000000 };

void uvt_note(const char *text) {
  uvt_append_event(text);
}

/* The runs since the last check whose text is whole; they will not grow any more. */
static unsigned seal(unsigned first) {
  unsigned count = uvt_store_events(uvt_store), end = first;
  while (end < count && uvt_run_length(&uvt_store->events[end]) != 0) {
    atomic_fetch_or(&uvt_store->events[end].count, UVT_SEALED);
    end++;
  }
  return end;
}

static unsigned run_of(unsigned index) {
  unsigned length = uvt_run_length(&uvt_store->events[index]);
  return length < RUN_MAX ? length : RUN_MAX;
}

/* The events one by one; the caller frees. */
static const char **unroll(unsigned first, unsigned end, size_t *count) {
  *count = 0;
  for (unsigned i = first; i < end; i++)
    *count += run_of(i);
  if (*count > ALL_MAX)
    return NULL;
  const char **events = malloc((*count + 1) * sizeof *events);
  size_t used = 0;
  for (unsigned i = first; events != NULL && i < end; i++) {
    for (unsigned n = run_of(i); n > 0; n--)
      events[used++] = uvt_store->events[i].text;
  }
  return events;
}

static enum uvt_match match_runs(const char *pattern, unsigned first, unsigned end) {
  size_t count;
  const char **events = unroll(first, end, &count);
  if (events == NULL)
    return UVT_TOO_HARD;
  enum uvt_match result = uvt_match_pattern(pattern, events, count);
  free(events);
  return result;
}

static void add_checkpoint(const char *pattern, unsigned first, unsigned end, int holds) {
  unsigned index = atomic_load(&uvt_store->checkpoint_count);
  if (index >= UVT_CHECKPOINTS_MAX)
    return; /* a failure is still recorded */
  struct uvt_checkpoint *checkpoint = &uvt_store->checkpoints[index];
  uvt_copy_clean(checkpoint->pattern, sizeof checkpoint->pattern, pattern);
  checkpoint->first = first;
  checkpoint->end = end;
  checkpoint->holds = holds;
  atomic_store(&uvt_store->checkpoint_count, index + 1);
}

static void fail_trace(const char *pattern, unsigned first, unsigned end) {
  char *seen = calloc(1, UVT_LONG_TEXT);
  for (unsigned i = first; seen != NULL && i < end; i++) {
    if (i > first)
      uvt_add_text(seen, UVT_LONG_TEXT, " ");
    uvt_add_text(seen, UVT_LONG_TEXT, uvt_store->events[i].text);
    if (run_of(i) == 1)
      continue;
    uvt_add_text(seen, UVT_LONG_TEXT, "*");
    uvt_add_number(seen, UVT_LONG_TEXT, uvt_run_length(&uvt_store->events[i]));
  }
  uvt_fail("trace", *pattern == '\0' ? "nothing" : pattern,
           seen == NULL || *seen == '\0' ? "nothing" : seen);
  free(seen);
}

void uvt_trace(const char *pattern) {
  char clean[UVT_TEXT];
  uvt_copy_clean(clean, sizeof clean, pattern);
  uvt_remember("trace");
  if (atomic_load(&uvt_store->event_count) > UVT_EVENTS_MAX) {
    uvt_give_up(UVT_UNRESOLVED, "more fired than the trace can hold");
  }
  unsigned first = atomic_load(&uvt_store->checked), end = seal(first);
  atomic_store(&uvt_store->checked, end);
  enum uvt_match result = match_runs(clean, first, end);
  if (result == UVT_BAD_PATTERN)
    uvt_give_up(UVT_UNRESOLVED, "the trace pattern is malformed");
  if (result == UVT_TOO_HARD)
    uvt_give_up(UVT_UNRESOLVED, "the trace pattern is too hard to match");
  add_checkpoint(clean, first, end, result == UVT_MATCHES);
  if (result == UVT_DIFFERS)
    fail_trace(clean, first, end);
}
