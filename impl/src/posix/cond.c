/* Condition variables, whose timeouts count on the clock that nobody can set. */
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "uv.h"

#include "posix/sync.h"
#include "util/clock.h"

enum { NS_PER_S = 1000000000 };

int uv_cond_init(uv_cond_t *cond) {
  pthread_condattr_t attributes;
  int err = pthread_condattr_init(&attributes);

  if (err != 0)
    return -err;
  err = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  if (err == 0)
    err = pthread_cond_init(cond, &attributes);
  (void) pthread_condattr_destroy(&attributes);
  return -err;
}

void uv_cond_destroy(uv_cond_t *cond) {
  uvi_sync_must("pthread_cond_destroy", pthread_cond_destroy(cond));
}

void uv_cond_signal(uv_cond_t *cond) {
  uvi_sync_must("pthread_cond_signal", pthread_cond_signal(cond));
}

void uv_cond_broadcast(uv_cond_t *cond) {
  uvi_sync_must("pthread_cond_broadcast", pthread_cond_broadcast(cond));
}

void uv_cond_wait(uv_cond_t *cond, uv_mutex_t *mutex) {
  uvi_sync_must("pthread_cond_wait", pthread_cond_wait(cond, mutex));
}

int uv_cond_timedwait(uv_cond_t *cond, uv_mutex_t *mutex, uint64_t timeout) {
  const uint64_t now_ns = uvi_clock_now_ns();
  const uint64_t due_ns = timeout > UINT64_MAX - now_ns ? UINT64_MAX : now_ns + timeout;
  struct timespec due;
  int err;

  due.tv_sec = (time_t) (due_ns / NS_PER_S);
  due.tv_nsec = (long) (due_ns % NS_PER_S);
  err = pthread_cond_timedwait(cond, mutex, &due);
  if (err == ETIMEDOUT)
    return UV_ETIMEDOUT;
  uvi_sync_must("pthread_cond_timedwait", err);
  return 0;
}
