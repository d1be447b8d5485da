/* Names of threads, as Linux and its C libraries have them. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "uv.h"

enum { NAME_SIZE = 16 }; /* of the kernel, the final NUL included */

static void copy_cut(char *to, size_t size, const char *name) {
  size_t length = strnlen(name, size - 1);

  memcpy(to, name, length);
  to[length] = '\0';
}

int uv_thread_setname(const char *name) {
  char text[NAME_SIZE];

  if (name == NULL)
    return UV_EINVAL;
  copy_cut(text, sizeof text, name); /* the kernel refuses longer ones */
  return -pthread_setname_np(pthread_self(), text);
}

int uv_thread_getname(uv_thread_t *tid, char *name, size_t size) {
  char text[NAME_SIZE];
  int err;

  if (name == NULL || size == 0)
    return UV_EINVAL;
  err = pthread_getname_np(*tid, text, sizeof text);
  if (err != 0)
    return -err;
  copy_cut(name, size, text);
  return 0;
}
