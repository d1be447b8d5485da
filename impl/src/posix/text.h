/* Texts of the system: what the API writes to a caller's buffer, and small files of the kernel. */
#ifndef UVI_POSIX_TEXT_H_
#define UVI_POSIX_TEXT_H_

#include <stdbool.h>
#include <stddef.h>

/* Whether there is a buffer at all, as the API wants one. */
bool uvi_text_has_room(const char *buffer, const size_t *size);

/* Copies the text and a NUL. `*size`: room, then the length without the NUL; after UV_ENOBUFS what is
 * needed, with it. */
int uvi_text_give(const char *text, size_t length, char *buffer, size_t *size);

/* The beginning of a file, up to `size` - 1 bytes, and a NUL. Returns the length or a UV_E* code. */
int uvi_text_read(const char *path, char *buffer, size_t size);

#endif
