/* Running something once. */
#include <pthread.h>

#include "uv.h"

#include "posix/sync.h"

void uv_once(uv_once_t *guard, void (*callback)(void)) {
  uvi_sync_must("pthread_once", pthread_once(guard, callback));
}
