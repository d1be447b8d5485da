/* Barriers. */
#include <pthread.h>

#include "uv.h"

#include "posix/sync.h"

int uv_barrier_init(uv_barrier_t *barrier, unsigned int count) {
  return -pthread_barrier_init(barrier, NULL, count);
}

void uv_barrier_destroy(uv_barrier_t *barrier) {
  uvi_sync_must("pthread_barrier_destroy", pthread_barrier_destroy(barrier));
}

int uv_barrier_wait(uv_barrier_t *barrier) {
  int result = pthread_barrier_wait(barrier);

  if (result == PTHREAD_BARRIER_SERIAL_THREAD)
    return 1;
  uvi_sync_must("pthread_barrier_wait", result);
  return 0;
}
