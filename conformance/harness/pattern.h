/* Matches a trace against the patterns of uvt_trace(); scenario.h has the grammar. */
#ifndef UVSPEC_PATTERN_H_
#define UVSPEC_PATTERN_H_

#include <stddef.h>

enum uvt_match { UVT_MATCHES, UVT_DIFFERS, UVT_BAD_PATTERN, UVT_TOO_HARD };

/* Holds `count` events, each as text, against `pattern`. */
enum uvt_match uvt_match_pattern(const char *pattern, const char *const *events, size_t count);

#endif
