/* Barriers. */
#include <pthread.h>

#include "uv.h"

#include "posix/sync.h"
#include "util/check.h"

/* The thread that is told so may end a barrier at once, while others are on the way out: UV-SYNC-0103.
 * ThreadSanitizer takes each of these to read the barrier once more, and cries wolf. */
#ifdef UVI_TSAN
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
#define ON_THE_WAY_IN() AnnotateIgnoreReadsBegin(__FILE__, __LINE__)
#define ON_THE_WAY_OUT() AnnotateIgnoreReadsEnd(__FILE__, __LINE__)
#else
#define ON_THE_WAY_IN() ((void) 0)
#define ON_THE_WAY_OUT() ((void) 0)
#endif

int uv_barrier_init(uv_barrier_t *barrier, unsigned int count) {
  return -pthread_barrier_init(barrier, NULL, count);
}

void uv_barrier_destroy(uv_barrier_t *barrier) {
  uvi_sync_must("pthread_barrier_destroy", pthread_barrier_destroy(barrier));
}

int uv_barrier_wait(uv_barrier_t *barrier) {
  int result;

  ON_THE_WAY_IN();
  result = pthread_barrier_wait(barrier);
  ON_THE_WAY_OUT();

  if (result == PTHREAD_BARRIER_SERIAL_THREAD)
    return 1;
  uvi_sync_must("pthread_barrier_wait", result);
  return 0;
}
