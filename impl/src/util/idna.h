/* Names of hosts in other scripts, as the DNS wants them: each label that is not ASCII becomes "xn--" and
 * its Punycode (RFC 3492, RFC 5891). Nothing is mapped or refused beyond that: no letter is made small,
 * no script checked. */
#ifndef UVI_UTIL_IDNA_H_
#define UVI_UTIL_IDNA_H_

#include <stddef.h>

enum { UVI_IDNA_SIZE = 256 }; /* for any name that the DNS can hold, and the NUL */

/* Writes the ASCII form of `name` (UTF-8). The full stops of Chinese and Japanese are taken for dots.
 * Returns its length without the NUL, or -1: not UTF-8, empty, or too long. */
int uvi_idna_to_ascii(const char *name, char ascii[UVI_IDNA_SIZE]);

#endif
