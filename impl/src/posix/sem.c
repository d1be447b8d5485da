/* Counting semaphores. */
#include <errno.h>
#include <semaphore.h>

#include "uv.h"

#include "posix/sync.h"

int uv_sem_init(uv_sem_t *sem, unsigned int value) {
  return sem_init(sem, 0, value) == 0 ? 0 : -errno;
}

void uv_sem_destroy(uv_sem_t *sem) {
  if (sem_destroy(sem) != 0)
    uvi_sync_failed("sem_destroy", errno);
}

void uv_sem_post(uv_sem_t *sem) {
  if (sem_post(sem) != 0)
    uvi_sync_failed("sem_post", errno);
}

void uv_sem_wait(uv_sem_t *sem) {
  int result;

  do /* a signal handler that ran is nothing to the caller */
    result = sem_wait(sem);
  while (result == -1 && errno == EINTR);
  if (result != 0)
    uvi_sync_failed("sem_wait", errno);
}

int uv_sem_trywait(uv_sem_t *sem) {
  int result;

  do
    result = sem_trywait(sem);
  while (result == -1 && errno == EINTR);
  if (result == 0)
    return 0;
  if (errno != EAGAIN)
    uvi_sync_failed("sem_trywait", errno);
  return UV_EAGAIN;
}
