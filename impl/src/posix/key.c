/* Slots that hold one pointer for each thread. */
#include <pthread.h>

#include "uv.h"

#include "posix/sync.h"

int uv_key_create(uv_key_t *key) {
  return -pthread_key_create(key, NULL);
}

void uv_key_delete(uv_key_t *key) {
  uvi_sync_must("pthread_key_delete", pthread_key_delete(*key));
}

void *uv_key_get(uv_key_t *key) {
  return pthread_getspecific(*key);
}

void uv_key_set(uv_key_t *key, void *value) {
  uvi_sync_must("pthread_setspecific", pthread_setspecific(*key, value));
}
