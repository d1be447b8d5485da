/* The title of the process is written over its arguments, which ps(1) reads from its memory; the
 * program gets copies of them. */
#include <pthread.h>
#include <string.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "uv.h"

#include "core/platform.h"
#include "util/alloc.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char **copies; /* one block; NULL: not set up */
static char *title;   /* the first argument's place */
static size_t length;
static size_t room; /* to the end of the last argument's NUL, as far as they are in one piece */

/* How far the arguments go on without a gap. */
static size_t size_of_arguments(int argc, char **argv) {
  const char *end = argv[0];

  for (int i = 0; i < argc && argv[i] == end; i++)
    end += strlen(argv[i]) + 1;
  return (size_t) (end - argv[0]);
}

char **uv_setup_args(int argc, char **argv) {
  size_t size = 0;
  char **list;
  char *at;

  if (argc <= 0 || argv == NULL || copies != NULL)
    return argv;
  for (int i = 0; i < argc; i++)
    size += strlen(argv[i]) + 1;
  list = uvi_malloc(((size_t) argc + 1) * sizeof *list + size);
  if (list == NULL)
    return argv;
  at = (char *) (list + argc + 1);
  for (int i = 0; i < argc; i++) {
    const size_t bytes = strlen(argv[i]) + 1;

    list[i] = memcpy(at, argv[i], bytes);
    at += bytes;
  }
  list[argc] = NULL;
  pthread_mutex_lock(&mutex);
  title = argv[0];
  length = strlen(argv[0]);
  room = size_of_arguments(argc, argv);
  copies = list;
  pthread_mutex_unlock(&mutex);
  return list;
}

int uv_set_process_title(const char *text) {
  int err = UV_ENOBUFS;

  pthread_mutex_lock(&mutex);
  if (copies != NULL) {
    length = strnlen(text, room - 1);
    memmove(title, text, length);
    memset(title + length, 0, room - length);
#ifdef __linux__
    (void) prctl(PR_SET_NAME, title); /* what top(1) shows */
#endif
    err = 0;
  }
  pthread_mutex_unlock(&mutex);
  return err;
}

int uv_get_process_title(char *buffer, size_t size) {
  int err = UV_ENOBUFS;

  if (buffer == NULL || size == 0)
    return UV_EINVAL;
  pthread_mutex_lock(&mutex);
  if (copies != NULL && length < size) {
    memcpy(buffer, title, length);
    buffer[length] = '\0';
    err = 0;
  }
  pthread_mutex_unlock(&mutex);
  return err;
}

void uvi_platform_shutdown(void) {
  pthread_mutex_lock(&mutex);
  uvi_free(copies);
  copies = NULL;
  pthread_mutex_unlock(&mutex);
}
