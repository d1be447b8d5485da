/* Which processors a thread runs on, and may run on. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "uv.h"

int uv_cpumask_size(void) {
  return CPU_SETSIZE;
}

static void to_bytes(const cpu_set_t *set, char *mask) {
  for (int i = 0; i < CPU_SETSIZE; i++)
    mask[i] = CPU_ISSET(i, set) ? 1 : 0;
}

static void from_bytes(const char *mask, cpu_set_t *set) {
  CPU_ZERO(set);
  for (int i = 0; i < CPU_SETSIZE; i++) {
    if (mask[i])
      CPU_SET(i, set);
  }
}

int uv_thread_getaffinity(uv_thread_t *tid, char *cpumask, size_t mask_size) {
  cpu_set_t set;
  int err;

  if (mask_size < CPU_SETSIZE)
    return UV_EINVAL;
  CPU_ZERO(&set);
  err = pthread_getaffinity_np(*tid, sizeof set, &set);
  if (err != 0)
    return -err;
  to_bytes(&set, cpumask);
  return 0;
}

int uv_thread_setaffinity(uv_thread_t *tid, char *cpumask, char *oldmask, size_t mask_size) {
  cpu_set_t set, old;
  int err;

  if (mask_size < CPU_SETSIZE)
    return UV_EINVAL;
  from_bytes(cpumask, &set);
  CPU_ZERO(&old);
  if (oldmask != NULL) {
    err = pthread_getaffinity_np(*tid, sizeof old, &old);
    if (err != 0)
      return -err;
  }
  err = pthread_setaffinity_np(*tid, sizeof set, &set);
  if (err != 0)
    return -err;
  if (oldmask != NULL) /* only now: the two masks may be one, and a failure changes nothing */
    to_bytes(&old, oldmask);
  return 0;
}

int uv_thread_getcpu(void) {
  int cpu = sched_getcpu();

  return cpu == -1 ? -errno : cpu;
}
