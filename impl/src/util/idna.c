#include "util/idna.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A name of more code points than that cannot fit: each takes a byte at least. */
enum { LABEL_MAX = UVI_IDNA_SIZE };

/* Of RFC 3492, section 5 */
enum {
  BASE = 36,
  T_MIN = 1,
  T_MAX = 26,
  SKEW = 38,
  DAMP = 700,
  INITIAL_BIAS = 72,
  INITIAL_N = 128
};

struct output {
  char *text;
  unsigned length;
};

static bool put(struct output *out, char c) {
  if (out->length == UVI_IDNA_SIZE - 1)
    return false;
  out->text[out->length++] = c;
  return true;
}

static bool is_continuation(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

/* The code point at `*at`, which moves behind it; -1 for what no encoder would have written: bytes that
 * do not belong together, more of them than needed, surrogates, beyond U+10FFFF. */
static int32_t decode(const unsigned char **at) {
  const unsigned char *s = *at;
  unsigned more = *s < 0x80 ? 0 : *s < 0xE0 ? 1 : *s < 0xF0 ? 2 : 3;
  static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
  int32_t code;

  if ((*s >= 0x80 && *s < 0xC0) || *s > 0xF4)
    return -1;
  code = more == 0 ? *s : *s & (0x3F >> more);
  s++;
  for (unsigned i = 0; i < more; i++) { /* stops at the NUL, which is no continuation */
    if (!is_continuation(*s))
      return -1;
    code = code << 6 | (*s++ & 0x3F);
  }
  if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
    return -1;
  *at = s;
  return code;
}

static bool is_dot(int32_t code) {
  return code == '.' || code == 0x3002 || code == 0xFF0E || code == 0xFF61;
}

static unsigned adapt(unsigned delta, unsigned points, bool first) {
  unsigned k = 0;

  delta = first ? delta / DAMP : delta / 2;
  delta += delta / points;
  for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
    delta /= BASE - T_MIN;
  return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* A number as digits of a base that varies: the last one is known by being small. */
static bool put_delta(struct output *out, unsigned delta, unsigned bias) {
  static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

  for (unsigned k = BASE;; k += BASE) {
    unsigned threshold = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;

    if (delta < threshold)
      return put(out, digits[delta]);
    if (!put(out, digits[threshold + (delta - threshold) % (BASE - threshold)]))
      return false;
    delta = (delta - threshold) / (BASE - threshold);
  }
}

/* The least code point that is not below `from`; INT32_MAX for none. */
static int32_t next_code(const int32_t *label, unsigned count, int32_t from) {
  int32_t least = INT32_MAX;

  for (unsigned i = 0; i < count; i++)
    if (label[i] >= from && label[i] < least)
      least = label[i];
  return least;
}

/* Nothing here overflows: at most 256 points of at most 21 bits each. */
static bool put_punycode(struct output *out, const int32_t *label, unsigned count, unsigned basic) {
  unsigned bias = INITIAL_BIAS, delta = 0, written = basic;
  int32_t n = INITIAL_N;

  while (written < count) {
    int32_t code = next_code(label, count, n);

    delta += (unsigned) (code - n) * (written + 1);
    n = code;
    for (unsigned i = 0; i < count; i++) {
      if (label[i] < n)
        delta++;
      if (label[i] != n)
        continue;
      if (!put_delta(out, delta, bias))
        return false;
      bias = adapt(delta, written + 1, written == basic);
      delta = 0;
      written++;
    }
    delta++;
    n++;
  }
  return true;
}

static bool put_label(struct output *out, const int32_t *label, unsigned count) {
  unsigned basic = 0;

  for (unsigned i = 0; i < count; i++)
    basic += label[i] < 0x80;
  if (basic < count)
    for (const char *prefix = "xn--"; *prefix != '\0'; prefix++)
      if (!put(out, *prefix))
        return false;

  for (unsigned i = 0; i < count; i++)
    if (label[i] < 0x80 && !put(out, (char) label[i]))
      return false;
  if (basic == count)
    return true;
  if (basic > 0 && !put(out, '-'))
    return false;
  return put_punycode(out, label, count, basic);
}

int uvi_idna_to_ascii(const char *name, char ascii[UVI_IDNA_SIZE]) {
  const unsigned char *at = (const unsigned char *) name;
  struct output out = {ascii, 0};
  int32_t label[LABEL_MAX];
  unsigned count = 0;

  if (*at == '\0')
    return -1;
  while (*at != '\0') {
    int32_t code = decode(&at);

    if (code < 0)
      return -1;
    if (is_dot(code)) {
      if (!put_label(&out, label, count) || !put(&out, '.'))
        return -1;
      count = 0;
    } else if (count == LABEL_MAX) {
      return -1;
    } else {
      label[count++] = code;
    }
  }
  if (!put_label(&out, label, count))
    return -1;
  ascii[out.length] = '\0';
  return (int) out.length;
}
