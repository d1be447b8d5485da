/* Mutexes, plain and recursive. */
#include <errno.h>
#include <pthread.h>

#include "uv.h"

#include "posix/sync.h"
#include "util/check.h"

/* What is misuse of a plain mutex goes unnoticed for the sake of speed, but not where bugs are sought. */
#ifdef UVI_CHECKED
#define PLAIN PTHREAD_MUTEX_ERRORCHECK
#else
#define PLAIN PTHREAD_MUTEX_DEFAULT
#endif

static int init(uv_mutex_t *handle, int type) {
  pthread_mutexattr_t attributes;
  int err = pthread_mutexattr_init(&attributes);

  if (err != 0)
    return -err;
  err = pthread_mutexattr_settype(&attributes, type);
  if (err == 0)
    err = pthread_mutex_init(handle, &attributes);
  (void) pthread_mutexattr_destroy(&attributes);
  return -err;
}

int uv_mutex_init(uv_mutex_t *handle) {
  return init(handle, PLAIN);
}

int uv_mutex_init_recursive(uv_mutex_t *handle) {
  return init(handle, PTHREAD_MUTEX_RECURSIVE);
}

void uv_mutex_destroy(uv_mutex_t *handle) {
  uvi_sync_must("pthread_mutex_destroy", pthread_mutex_destroy(handle));
}

void uv_mutex_lock(uv_mutex_t *handle) {
  uvi_sync_must("pthread_mutex_lock", pthread_mutex_lock(handle));
}

int uv_mutex_trylock(uv_mutex_t *handle) {
  int err = pthread_mutex_trylock(handle);

  if (err == EBUSY || err == EAGAIN) /* EAGAIN: its owner has locked it too often */
    return UV_EBUSY;
  uvi_sync_must("pthread_mutex_trylock", err);
  return 0;
}

void uv_mutex_unlock(uv_mutex_t *handle) {
  uvi_sync_must("pthread_mutex_unlock", pthread_mutex_unlock(handle));
}
