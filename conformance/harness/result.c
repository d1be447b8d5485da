/* One line of JSON for each test, built in memory and written whole. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct json {
  char *text;
  size_t size, used;
};

static void put(struct json *json, const char *text, size_t length) {
  if (json->used + length > json->size) {
    json->size = (json->used + length) * 2;
    json->text = realloc(json->text, json->size);
    if (json->text == NULL) {
      fputs("uvspec-suite: out of memory\n", stderr);
      _exit(3);
    }
  }
  memcpy(json->text + json->used, text, length);
  json->used += length;
}

static void put_text(struct json *json, const char *text) {
  put(json, text, strlen(text));
}

static void put_number(struct json *json, long number) {
  char digits[24];
  snprintf(digits, sizeof digits, "%ld", number);
  put_text(json, digits);
}

/* Bytes of the UTF-8 sequence at `from`, or 0 if it is none. */
static size_t utf8_length(const unsigned char *from, size_t left) {
  size_t length = from[0] >= 0xf0 ? 4 : from[0] >= 0xe0 ? 3 : from[0] >= 0xc2 ? 2 : 0;
  if (from[0] > 0xf4 || length == 0 || length > left)
    return 0;
  for (size_t i = 1; i < length; i++) {
    if ((from[i] & 0xc0) != 0x80)
      return 0;
  }
  if (from[0] == 0xe0 && from[1] < 0xa0)
    return 0; /* too long a form */
  if (from[0] == 0xed && from[1] > 0x9f)
    return 0; /* a surrogate */
  if (from[0] == 0xf0 && from[1] < 0x90)
    return 0;
  if (from[0] == 0xf4 && from[1] > 0x8f)
    return 0; /* beyond Unicode */
  return length;
}

/* A test may have written anything: whatever is no text becomes U+FFFD. */
static void put_string(struct json *json, const char *text, size_t size) {
  const unsigned char *from = (const unsigned char *) text;
  put_text(json, "\"");
  for (size_t i = 0; i < size;) {
    size_t length = 1;
    char escape[8];
    if (from[i] >= 0x80) {
      length = utf8_length(from + i, size - i);
      if (length == 0)
        put_text(json, "\\ufffd");
      else
        put(json, text + i, length);
      if (length == 0)
        length = 1;
    } else if (from[i] == '"' || from[i] == '\\') {
      snprintf(escape, sizeof escape, "\\%c", text[i]);
      put_text(json, escape);
    } else if (from[i] == '\n') {
      put_text(json, "\\n");
    } else if (from[i] < 0x20 || from[i] == 0x7f) {
      snprintf(escape, sizeof escape, "\\u%04x", from[i]);
      put_text(json, escape);
    } else {
      put(json, text + i, 1);
    }
    i += length;
  }
  put_text(json, "\"");
}

/* A fixed field of the store: ends at its size if a test has written over its end. */
static void put_field(struct json *json, const char *text, size_t size) {
  put_string(json, text, strnlen(text, size));
}

static void put_key(struct json *json, const char *key) {
  if (json->text[json->used - 1] != '{')
    put_text(json, ",");
  put_text(json, "\"");
  put_text(json, key);
  put_text(json, "\":");
}

static void write_line(struct json *json) {
  put_text(json, "}\n");
  size_t written = 0;
  while (written < json->used) {
    ssize_t length = write(STDOUT_FILENO, json->text + written, json->used - written);
    if (length < 0 && errno == EINTR)
      continue;
    if (length < 0)
      _exit(3); /* nobody listens any more */
    written += (size_t) length;
  }
  free(json->text);
}

/* ---- the parts of a result ---- */

static void put_runs(struct json *json, unsigned first, unsigned end) {
  int is_first = 1;
  put_text(json, "[");
  for (unsigned i = first; i < end && i < UVT_EVENTS_MAX; i++) {
    const struct uvt_event_run *run = &uvt_store->events[i];
    unsigned times = uvt_run_length(run);
    char text[UVT_EVENT_TEXT + 16];
    if (times == 0)
      continue;
    int length = (int) strnlen(run->text, UVT_EVENT_TEXT);
    if (times == 1)
      snprintf(text, sizeof text, "%.*s", length, run->text);
    else
      snprintf(text, sizeof text, "%.*s*%u", length, run->text, times);
    if (!is_first)
      put_text(json, ",");
    put_string(json, text, strlen(text));
    is_first = 0;
  }
  put_text(json, "]");
}

static void put_checkpoints(struct json *json) {
  put_text(json, "[");
  for (unsigned i = 0; i < uvt_store_checkpoints(uvt_store); i++) {
    const struct uvt_checkpoint *checkpoint = &uvt_store->checkpoints[i];
    if (i > 0)
      put_text(json, ",");
    put_text(json, "{");
    put_key(json, "pattern");
    put_field(json, checkpoint->pattern, sizeof checkpoint->pattern);
    put_key(json, "seen");
    put_runs(json, checkpoint->first, checkpoint->end);
    put_key(json, "ok");
    put_text(json, checkpoint->holds ? "true}" : "false}");
  }
  put_text(json, "]");
}

/* `once 0..3`: the mode, and the events that came before it and until it returned; `once 0..` did not
 * return. */
static void put_loop_runs(struct json *json) {
  static const char *const modes[] = {"default", "once", "nowait"};
  int is_first = 1;
  put_text(json, "[");
  for (unsigned i = 0; i < uvt_store_loop_runs(uvt_store); i++) {
    const struct uvt_loop_run *run = &uvt_store->loop_runs[i];
    int state = atomic_load(&run->state);
    char text[64];
    if (state != UVT_RUN_BEGUN && state != UVT_RUN_RETURNED)
      continue;
    const char *mode = run->mode >= 0 && run->mode <= 2 ? modes[run->mode] : "other";
    int used = snprintf(text, sizeof text, "%s %u..", mode, run->first);
    if (state == UVT_RUN_RETURNED)
      snprintf(text + used, sizeof text - (size_t) used, "%u", run->end);
    if (!is_first)
      put_text(json, ",");
    put_string(json, text, strlen(text));
    is_first = 0;
  }
  put_text(json, "]");
}

static void put_failure(struct json *json, const struct uvt_failure *failure) {
  put_text(json, "{");
  put_key(json, "call");
  put_field(json, failure->call, sizeof failure->call);
  put_key(json, "wanted");
  put_field(json, failure->wanted, sizeof failure->wanted);
  put_key(json, "seen");
  put_field(json, failure->seen, sizeof failure->seen);
  put_text(json, "}");
}

static void put_failures(struct json *json) {
  put_text(json, "[");
  for (unsigned i = 0; i < uvt_store_failures(uvt_store); i++) {
    if (i > 0)
      put_text(json, ",");
    put_failure(json, &uvt_store->failures[i]);
  }
  put_text(json, "]");
}

static void put_missing(struct json *json, const char *const *wanted) {
  unsigned count = atomic_load(&uvt_store->missing_count), used = 0;
  put_text(json, "[");
  for (unsigned i = 0; i < count && i < UVT_MISSING_MAX; i++) {
    const char *name = uvt_store->missing[i];
    const char *const *symbol = wanted;
    while (symbol != NULL && *symbol != NULL && strncmp(*symbol, name, UVT_MISSING_TEXT) != 0) {
      symbol++;
    }
    if (symbol != NULL && *symbol == NULL)
      continue; /* this test does not call it */
    if (used++ > 0)
      put_text(json, ",");
    put_field(json, name, UVT_MISSING_TEXT);
  }
  put_text(json, "]");
}

static void put_process(struct json *json, const struct uvt_outcome *outcome) {
  put_key(json, "signal");
  put_number(json, outcome->exited || outcome->error != NULL ? 0 : outcome->code);
  put_key(json, "ms");
  put_number(json, outcome->ms);
  put_key(json, "stderr");
  put_string(json, outcome->output, outcome->output_size);
}

/* ---- whole lines ---- */

void uvt_write_result(const uvt_test *test, const struct uvt_outcome *outcome, long watchdog_ms) {
  static const char *const nothing[] = {NULL};
  struct json json = {NULL, 0, 0};
  char reason[UVT_TEXT];
  if (!uvt_store_is_unharmed(uvt_store))
    uvt_store->front = 0; /* uvt_status() will say so */
  if (outcome->strays > 0 && !outcome->timed_out && uvt_store_failures(uvt_store) == 0) {
    uvt_fail("processes after the test", "none", "what the test had started still ran");
  }
  const char *status = uvt_status(outcome, watchdog_ms, reason, sizeof reason);
  put_text(&json, "{");
  put_key(&json, "test");
  put_string(&json, test->name, strlen(test->name));
  put_key(&json, "status");
  put_string(&json, status, strlen(status));
  put_key(&json, "reason");
  put_string(&json, reason, strlen(reason));
  put_key(&json, "failures");
  put_failures(&json);
  put_key(&json, "trace");
  put_runs(&json, 0, uvt_store_events(uvt_store));
  put_key(&json, "expected_trace");
  put_checkpoints(&json);
  put_key(&json, "loop_runs");
  put_loop_runs(&json);
  put_process(&json, outcome);
  put_key(&json, "missing");
  put_missing(&json, test->symbols == NULL ? nothing : test->symbols);
  write_line(&json);
}

void uvt_write_unresolved(const char *test, const char *reason) {
  struct json json = {NULL, 0, 0};
  put_text(&json, "{");
  put_key(&json, "test");
  put_string(&json, test, strlen(test));
  put_text(&json, ",\"status\":\"unresolved\"");
  put_key(&json, "reason");
  put_string(&json, reason, strlen(reason));
  put_text(
      &json,
      ",\"failures\":[],\"trace\":[],\"expected_trace\":[],\"loop_runs\":[],\"signal\":0,\"ms\":0,"
      "\"stderr\":\"\",\"missing\":[]");
  write_line(&json);
}

void uvt_write_probe(const struct uvt_outcome *outcome, const char *const *deadly) {
  struct json json = {NULL, 0, 0};
  char error[UVT_TEXT];
  const char *status = uvt_status(outcome, 0, error, sizeof error);
  int ok = strcmp(status, "pass") == 0;
  put_text(&json, "{");
  put_key(&json, "ok");
  put_text(&json, ok ? "true" : "false");
  put_key(&json, "error");
  put_string(&json, error, strlen(error));
  put_key(&json, "path");
  put_field(&json, uvt_store->path, sizeof uvt_store->path);
  put_key(&json, "version");
  put_field(&json, uvt_store->version, sizeof uvt_store->version);
  put_key(&json, "missing");
  put_missing(&json, NULL);
  put_key(&json, "deadly");
  put_text(&json, "[");
  for (const char *const *name = deadly; *name != NULL; name++) {
    put_text(&json, name == deadly ? "" : ", ");
    put_string(&json, *name, strlen(*name));
  }
  put_text(&json, "]");
  put_key(&json, "symbols");
  put_number(&json, uvt_library_symbols());
  put_process(&json, outcome);
  write_line(&json);
}
