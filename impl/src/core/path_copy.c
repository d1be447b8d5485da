#include "core/path_copy.h"

#include <string.h>

#include "uv.h"

#include "util/alloc.h"

char *uvi_path_copy(const char *path) {
  size_t size = strlen(path) + 1;
  char *copy = uvi_malloc(size);

  return copy != NULL ? memcpy(copy, path, size) : NULL;
}

int uvi_path_give(const char *path, char *buffer, size_t *size) {
  size_t length = strlen(path);

  if (*size <= length) {
    *size = length + 1; /* with the NUL, which a success does not count */
    return UV_ENOBUFS;
  }
  memcpy(buffer, path, length + 1);
  *size = length;
  return 0;
}
