/* UTF-16 and WTF-8: as UTF-8, but a surrogate without its partner is kept, in three bytes. */
#include <string.h>

#include "uv.h"

#include "util/alloc.h"

enum { NOT_WTF8 = -1 };

static int is_high(unsigned unit) {
  return unit >= 0xd800 && unit <= 0xdbff;
}

static int is_low(unsigned unit) {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/* ---- from UTF-16 ---- */

/* The code point at `utf16`; `*units` is what it takes. What follows is not read where `left` ends;
 * a NUL that ends the text is no low surrogate. */
static uint32_t next_of_utf16(const uint16_t *utf16, ssize_t left, size_t *units) {
  *units = 1;
  if (!is_high(utf16[0]) || left == 1 || !is_low(utf16[1]))
    return utf16[0];
  *units = 2;
  return 0x10000u + (((uint32_t) utf16[0] - 0xd800u) << 10) + ((uint32_t) utf16[1] - 0xdc00u);
}

static size_t bytes_of(uint32_t point) {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

static void write_point(char *to, uint32_t point, size_t bytes) {
  static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

  for (size_t i = bytes - 1; i > 0; i--) {
    to[i] = (char) (0x80 | (point & 0x3f));
    point >>= 6;
  }
  to[0] = (char) (lead[bytes] | point);
}

/* Writes what fits of the text, whole code points, and a NUL: up to `room` + 1 bytes. `to` may be
 * NULL. Returns what the whole text takes, without the NUL. */
static size_t convert(const uint16_t *utf16, ssize_t left, char *to, size_t room) {
  size_t length = 0, written = 0;

  while (left > 0 || (left < 0 && *utf16 != 0)) {
    size_t units;
    const uint32_t point = next_of_utf16(utf16, left, &units);
    const size_t bytes = bytes_of(point);

    if (to != NULL && written == length && bytes <= room - length) {
      write_point(to + length, point, bytes);
      written += bytes;
    }
    length += bytes;
    utf16 += units;
    if (left > 0)
      left -= (ssize_t) units;
  }
  if (to != NULL)
    to[written] = '\0';
  return length;
}

size_t uv_utf16_length_as_wtf8(const uint16_t *utf16, ssize_t utf16_len) {
  return convert(utf16, utf16_len, NULL, 0);
}

int uv_utf16_to_wtf8(const uint16_t *utf16, ssize_t utf16_len, char **wtf8_ptr,
                     size_t *wtf8_len_ptr) {
  const int measures = wtf8_ptr == NULL;
  const int allocates = !measures && *wtf8_ptr == NULL;
  const size_t room = measures || allocates || wtf8_len_ptr == NULL ? SIZE_MAX : *wtf8_len_ptr;
  size_t length;

  if (measures || allocates) {
    length = convert(utf16, utf16_len, NULL, 0);
    if (allocates) {
      *wtf8_ptr = uvi_malloc(length + 1);
      if (*wtf8_ptr == NULL)
        return UV_ENOMEM;
      (void) convert(utf16, utf16_len, *wtf8_ptr, length);
    }
  } else {
    length = convert(utf16, utf16_len, *wtf8_ptr, room);
  }
  if (wtf8_len_ptr != NULL)
    *wtf8_len_ptr = length;
  return length > room ? UV_ENOBUFS : 0;
}

/* ---- to UTF-16 ---- */

/* The code point at `*text`, which is moved behind it; NOT_WTF8 for what is too long, too large, cut
 * off, or no beginning. Reads no further than the first byte that does not fit, so a NUL stops it. */
static int32_t next_of_wtf8(const unsigned char **text) {
  const unsigned char *bytes = *text;
  uint32_t point = bytes[0];
  uint32_t least;
  unsigned more;

  if (point < 0x80) {
    *text += 1;
    return (int32_t) point;
  }
  if (point >= 0xc2 && point <= 0xdf) {
    more = 1, least = 0x80, point &= 0x1f;
  } else if (point >= 0xe0 && point <= 0xef) {
    more = 2, least = 0x800, point &= 0x0f;
  } else if (point >= 0xf0 && point <= 0xf4) {
    more = 3, least = 0x10000, point &= 0x07;
  } else {
    return NOT_WTF8;
  }
  for (unsigned i = 1; i <= more; i++) {
    if ((bytes[i] & 0xc0) != 0x80)
      return NOT_WTF8;
    point = point << 6 | (bytes[i] & 0x3fu);
  }
  if (point < least || point > 0x10ffff)
    return NOT_WTF8;
  *text += more + 1;
  return (int32_t) point;
}

ssize_t uv_wtf8_length_as_utf16(const char *wtf8) {
  const unsigned char *text = (const unsigned char *) wtf8;
  ssize_t units = 1;

  while (*text != 0) {
    const int32_t point = next_of_wtf8(&text);

    if (point == NOT_WTF8)
      return -1;
    units += point > 0xffff ? 2 : 1;
  }
  return units;
}

void uv_wtf8_to_utf16(const char *wtf8, uint16_t *utf16, size_t utf16_len) {
  const unsigned char *text = (const unsigned char *) wtf8;

  for (size_t at = 0; at < utf16_len;) {
    const int32_t point = next_of_wtf8(&text);

    if (point == NOT_WTF8)
      return; /* the caller has not measured it */
    if (point > 0xffff && at + 1 < utf16_len) {
      utf16[at++] = (uint16_t) (0xd800 + ((point - 0x10000) >> 10));
      utf16[at++] = (uint16_t) (0xdc00 + (point & 0x3ff));
    } else {
      utf16[at++] = (uint16_t) point;
    }
    if (point == 0)
      return;
  }
}
