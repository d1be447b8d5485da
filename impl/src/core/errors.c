/* Names and messages of error codes.
 *
 * The pointer that uv_err_name() and uv_strerror() return is good for ever and in any thread, also
 * for a code that nobody knows. Each such code has its text made once. The first ones find room in
 * a static table, so that in practice nothing is allocated; the others are allocated and kept.
 * Neither table is ever locked: two threads that meet at the same code at worst make its text
 * twice. */
#include "core/errors.h"

#include <stdatomic.h>
#include <stdio.h>

#include "uv.h"

#include "util/alloc.h"

#define UNKNOWN_FORMAT "Unknown system error %d"

enum { TABLE_SIZE = 32, TEXT_SIZE = sizeof "Unknown system error -2147483648" };

enum slot_state { SLOT_FREE, SLOT_BEING_WRITTEN, SLOT_READY };

struct text {
  struct text *next;
  int code;
  char text[TEXT_SIZE];
};

static struct {
  _Atomic(enum slot_state) state;
  struct text text;
} table[TABLE_SIZE];

static _Atomic(struct text *) more;

static const char *write_text(struct text *text, int code) {
  text->code = code;
  snprintf(text->text, sizeof text->text, UNKNOWN_FORMAT, code);
  return text->text;
}

static const char *text_in_table(int code) {
  for (int i = 0; i < TABLE_SIZE; i++) {
    enum slot_state state = atomic_load_explicit(&table[i].state, memory_order_acquire);

    if (state == SLOT_READY && table[i].text.code == code)
      return table[i].text.text;
    if (state == SLOT_FREE &&
        atomic_compare_exchange_strong(&table[i].state, &state, SLOT_BEING_WRITTEN)) {
      write_text(&table[i].text, code);
      atomic_store_explicit(&table[i].state, SLOT_READY, memory_order_release);
      return table[i].text.text;
    }
  }
  return NULL;
}

static const char *text_on_heap(int code) {
  struct text *text;

  for (text = atomic_load(&more); text != NULL; text = text->next)
    if (text->code == code)
      return text->text;

  text = uvi_malloc(sizeof *text);
  if (text == NULL)
    return "Unknown system error";
  write_text(text, code);
  text->next = atomic_load(&more);
  while (!atomic_compare_exchange_weak(&more, &text->next, text)) {
    /* text->next is up to date now */
  }
  return text->text;
}

static const char *unknown(int code) {
  const char *text = text_in_table(code);

  return text != NULL ? text : text_on_heap(code);
}

void uvi_errors_shutdown(void) {
  struct text *text = atomic_exchange(&more, NULL);

  while (text != NULL) {
    struct text *next = text->next;

    uvi_free(text);
    text = next;
  }
}

static const char *known_name(int code) {
  switch (code) {
#define XX(name, message)                                                                          \
  case UV_##name:                                                                                  \
    return #name;
    UV_ERRNO_MAP(XX)
#undef XX
  }
  return NULL;
}

static const char *known_message(int code) {
  switch (code) {
#define XX(name, message)                                                                          \
  case UV_##name:                                                                                  \
    return message;
    UV_ERRNO_MAP(XX)
#undef XX
  }
  return NULL;
}

static char *copy(const char *known, int code, char *buf, size_t size) {
  if (known != NULL)
    snprintf(buf, size, "%s", known);
  else
    snprintf(buf, size, UNKNOWN_FORMAT, code);
  return buf;
}

const char *uv_err_name(int err) {
  const char *name = known_name(err);

  return name != NULL ? name : unknown(err);
}

char *uv_err_name_r(int err, char *buf, size_t buflen) {
  return copy(known_name(err), err, buf, buflen);
}

const char *uv_strerror(int err) {
  const char *message = known_message(err);

  return message != NULL ? message : unknown(err);
}

char *uv_strerror_r(int err, char *buf, size_t buflen) {
  return copy(known_message(err), err, buf, buflen);
}
