/* Locks for many readers or one writer. */
#include <errno.h>
#include <pthread.h>

#include "uv.h"

#include "posix/sync.h"

int uv_rwlock_init(uv_rwlock_t *rwlock) {
  return -pthread_rwlock_init(rwlock, NULL);
}

void uv_rwlock_destroy(uv_rwlock_t *rwlock) {
  uvi_sync_must("pthread_rwlock_destroy", pthread_rwlock_destroy(rwlock));
}

void uv_rwlock_rdlock(uv_rwlock_t *rwlock) {
  uvi_sync_must("pthread_rwlock_rdlock", pthread_rwlock_rdlock(rwlock));
}

int uv_rwlock_tryrdlock(uv_rwlock_t *rwlock) {
  int err = pthread_rwlock_tryrdlock(rwlock);

  if (err == EBUSY || err == EAGAIN) /* EAGAIN: there are too many readers */
    return UV_EBUSY;
  uvi_sync_must("pthread_rwlock_tryrdlock", err);
  return 0;
}

void uv_rwlock_rdunlock(uv_rwlock_t *rwlock) {
  uvi_sync_must("pthread_rwlock_unlock", pthread_rwlock_unlock(rwlock));
}

void uv_rwlock_wrlock(uv_rwlock_t *rwlock) {
  uvi_sync_must("pthread_rwlock_wrlock", pthread_rwlock_wrlock(rwlock));
}

int uv_rwlock_trywrlock(uv_rwlock_t *rwlock) {
  int err = pthread_rwlock_trywrlock(rwlock);

  if (err == EBUSY)
    return UV_EBUSY;
  uvi_sync_must("pthread_rwlock_trywrlock", err);
  return 0;
}

void uv_rwlock_wrunlock(uv_rwlock_t *rwlock) {
  uvi_sync_must("pthread_rwlock_unlock", pthread_rwlock_unlock(rwlock));
}
