/* The CHECK_… family: compares, and says what was wanted and what was seen. Nothing here allocates or
 * locks, so a check may stand in a signal handler and in a forked child. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include "uvt_api.h"

#include <string.h>

/* Names of our own: uv_err_name() may be what is being tested. */
static const struct {
  int code;
  const char *name;
} error_names[] = {
#define UVT_ERROR(name)                                                                            \
  { name, #name }
    UVT_ERROR(UV_E2BIG),        UVT_ERROR(UV_EACCES),
    UVT_ERROR(UV_EADDRINUSE),   UVT_ERROR(UV_EADDRNOTAVAIL),
    UVT_ERROR(UV_EAFNOSUPPORT), UVT_ERROR(UV_EAGAIN),
    UVT_ERROR(UV_EAI_AGAIN),    UVT_ERROR(UV_EAI_FAIL),
    UVT_ERROR(UV_EAI_MEMORY),   UVT_ERROR(UV_EAI_NONAME),
    UVT_ERROR(UV_EALREADY),     UVT_ERROR(UV_EBADF),
    UVT_ERROR(UV_EBUSY),        UVT_ERROR(UV_ECANCELED),
    UVT_ERROR(UV_ECONNABORTED), UVT_ERROR(UV_ECONNREFUSED),
    UVT_ERROR(UV_ECONNRESET),   UVT_ERROR(UV_EDESTADDRREQ),
    UVT_ERROR(UV_EEXIST),       UVT_ERROR(UV_EFAULT),
    UVT_ERROR(UV_EFBIG),        UVT_ERROR(UV_EHOSTUNREACH),
    UVT_ERROR(UV_EINTR),        UVT_ERROR(UV_EINVAL),
    UVT_ERROR(UV_EIO),          UVT_ERROR(UV_EISCONN),
    UVT_ERROR(UV_EISDIR),       UVT_ERROR(UV_ELOOP),
    UVT_ERROR(UV_EMFILE),       UVT_ERROR(UV_EMSGSIZE),
    UVT_ERROR(UV_ENAMETOOLONG), UVT_ERROR(UV_ENETDOWN),
    UVT_ERROR(UV_ENETUNREACH),  UVT_ERROR(UV_ENFILE),
    UVT_ERROR(UV_ENOBUFS),      UVT_ERROR(UV_ENODEV),
    UVT_ERROR(UV_ENOENT),       UVT_ERROR(UV_ENOMEM),
    UVT_ERROR(UV_ENOPROTOOPT),  UVT_ERROR(UV_ENOSPC),
    UVT_ERROR(UV_ENOSYS),       UVT_ERROR(UV_ENOTCONN),
    UVT_ERROR(UV_ENOTDIR),      UVT_ERROR(UV_ENOTEMPTY),
    UVT_ERROR(UV_ENOTSOCK),     UVT_ERROR(UV_ENOTSUP),
    UVT_ERROR(UV_ENXIO),        UVT_ERROR(UV_EOF),
    UVT_ERROR(UV_EPERM),        UVT_ERROR(UV_EPIPE),
    UVT_ERROR(UV_EPROTO),       UVT_ERROR(UV_EPROTONOSUPPORT),
    UVT_ERROR(UV_ERANGE),       UVT_ERROR(UV_EROFS),
    UVT_ERROR(UV_ESHUTDOWN),    UVT_ERROR(UV_ESPIPE),
    UVT_ERROR(UV_ESRCH),        UVT_ERROR(UV_ETIMEDOUT),
    UVT_ERROR(UV_ETXTBSY),      UVT_ERROR(UV_EXDEV),
    UVT_ERROR(UV_UNKNOWN),
#undef UVT_ERROR
};

static const char *error_name(long long code) {
  if (code >= 0)
    return NULL;
  for (size_t i = 0; i < sizeof error_names / sizeof error_names[0]; i++) {
    if (error_names[i].code == code)
      return error_names[i].name;
  }
  return NULL;
}

/* "UV_EINVAL (-22)", or the number alone. */
static void add_value(char *to, size_t size, long long value) {
  const char *name = error_name(value);
  if (name == NULL) {
    uvt_add_number(to, size, value);
    return;
  }
  uvt_add_text(to, size, name);
  uvt_add_text(to, size, " (");
  uvt_add_number(to, size, value);
  uvt_add_text(to, size, ")");
}

static void add_unsigned(char *to, size_t size, unsigned long long value) {
  if (value / 10 != 0)
    add_unsigned(to, size, value / 10);
  char digit[2] = {(char) ('0' + value % 10), '\0'};
  uvt_add_text(to, size, digit);
}

static void add_pointer(char *to, size_t size, const void *value) {
  static const char digits[] = "0123456789abcdef";
  char text[2 + 2 * sizeof value + 1] = "0x";
  uintptr_t bits = (uintptr_t) value;
  if (value == NULL) {
    uvt_add_text(to, size, "NULL");
    return;
  }
  for (size_t i = 0; i < 2 * sizeof value; i++) {
    text[2 + i] = digits[bits >> (8 * sizeof value - 4 - 4 * i) & 15];
  }
  uvt_add_text(to, size, text);
}

/* Begins "wanted" with the expectation as written. True if it hides a value worth adding. */
static int start_wanted(char *to, size_t size, const char *op, const char *wanted) {
  to[0] = '\0';
  if (strcmp(op, "==") != 0) {
    uvt_add_text(to, size, op);
    uvt_add_text(to, size, " ");
  }
  uvt_add_text(to, size, wanted);
  const char *digits = wanted[0] == '-' ? wanted + 1 : wanted;
  return digits[strspn(digits, "0123456789uUlL")] != '\0';
}

void uvt_check_int(const char *call, const char *op, const char *wanted, long long seen,
                   long long want, int holds) {
  char wanted_text[UVT_TEXT], seen_text[64] = "";
  uvt_remember(call);
  if (holds)
    return;
  if (start_wanted(wanted_text, sizeof wanted_text, op, wanted)) {
    uvt_add_text(wanted_text, sizeof wanted_text, " (");
    uvt_add_number(wanted_text, sizeof wanted_text, want);
    uvt_add_text(wanted_text, sizeof wanted_text, ")");
  }
  add_value(seen_text, sizeof seen_text, seen);
  uvt_fail(call, wanted_text, seen_text);
}

void uvt_check_uint(const char *call, const char *op, const char *wanted, unsigned long long seen,
                    unsigned long long want, int holds) {
  char wanted_text[UVT_TEXT], seen_text[64] = "";
  uvt_remember(call);
  if (holds)
    return;
  if (start_wanted(wanted_text, sizeof wanted_text, op, wanted)) {
    uvt_add_text(wanted_text, sizeof wanted_text, " (");
    add_unsigned(wanted_text, sizeof wanted_text, want);
    uvt_add_text(wanted_text, sizeof wanted_text, ")");
  }
  add_unsigned(seen_text, sizeof seen_text, seen);
  uvt_fail(call, wanted_text, seen_text);
}

void uvt_check_ptr(const char *call, const char *op, const char *wanted, const void *seen,
                   const void *want, int holds) {
  char wanted_text[UVT_TEXT], seen_text[64] = "";
  uvt_remember(call);
  if (holds)
    return;
  if (start_wanted(wanted_text, sizeof wanted_text, op, wanted) && want != NULL) {
    uvt_add_text(wanted_text, sizeof wanted_text, " (");
    add_pointer(wanted_text, sizeof wanted_text, want);
    uvt_add_text(wanted_text, sizeof wanted_text, ")");
  }
  add_pointer(seen_text, sizeof seen_text, seen);
  uvt_fail(call, wanted_text, seen_text);
}

/* A string in quotes; NULL without. */
static void add_quoted(char *to, size_t size, const char *text) {
  if (text == NULL) {
    uvt_add_text(to, size, "NULL");
    return;
  }
  uvt_add_text(to, size, "\"");
  uvt_add_text(to, size, text);
  uvt_add_text(to, size, "\"");
}

void uvt_check_str(const char *call, const char *seen, const char *want) {
  char wanted_text[UVT_TEXT] = "", seen_text[UVT_TEXT] = "";
  uvt_remember(call);
  if (seen == want || (seen != NULL && want != NULL && strcmp(seen, want) == 0))
    return;
  add_quoted(wanted_text, sizeof wanted_text, want);
  add_quoted(seen_text, sizeof seen_text, seen);
  uvt_fail(call, wanted_text, seen_text);
}

void uvt_check_true(const char *condition, int holds) {
  uvt_remember(condition);
  if (!holds)
    uvt_fail(condition, "true", "false");
}

void uvt_check_one_of(const char *call, const char *wanted, long long seen, const long long *want,
                      int count) {
  char wanted_text[UVT_TEXT] = "one of ", seen_text[64] = "";
  uvt_remember(call);
  for (int i = 0; i < count; i++) {
    if (seen == want[i])
      return;
  }
  uvt_add_text(wanted_text, sizeof wanted_text, wanted);
  add_value(seen_text, sizeof seen_text, seen);
  uvt_fail(call, wanted_text, seen_text);
}
