/* Priorities of threads. Under the real-time policies they are numbers of the policy; under the default
 * one the nice value counts, which on Linux each thread has for itself. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <time.h>

#include "uv.h"

enum { NICE_STEP = 2, STEPS = UV_THREAD_PRIORITY_HIGHEST - UV_THREAD_PRIORITY_LOWEST };

/* The kernel's number of a thread, which the C libraries keep to themselves. But the thread's processor
 * clock has it in it: the ID of that clock is ~number × 8 + 6, which is the kernel's ABI. */
static int kernel_id(uv_thread_t tid, id_t *id) {
  clockid_t clock;
  int err;

  if (pthread_equal(tid, pthread_self())) {
    *id = 0; /* setpriority(2): the caller */
    return 0;
  }
  err = pthread_getcpuclockid(tid, &clock);
  if (err != 0)
    return -err;
  *id = (id_t) ~((clock - 6) / 8);
  return 0;
}

static int set_nice(uv_thread_t tid, int priority) {
  id_t id;
  int err = kernel_id(tid, &id);

  if (err != 0)
    return err;
  return setpriority(PRIO_PROCESS, id, -priority * NICE_STEP) == 0 ? 0 : -errno;
}

int uv_thread_setpriority(uv_thread_t tid, int priority) {
  struct sched_param param;
  int policy, min, max, err;

  if (priority < UV_THREAD_PRIORITY_LOWEST || priority > UV_THREAD_PRIORITY_HIGHEST)
    return UV_EINVAL;
  err = pthread_getschedparam(tid, &policy, &param);
  if (err != 0)
    return -err;
  if (policy == SCHED_OTHER)
    return set_nice(tid, priority);
  min = sched_get_priority_min(policy);
  max = sched_get_priority_max(policy);
  if (min == -1 || max == -1)
    return -errno;
  param.sched_priority = min + (max - min) * (priority - UV_THREAD_PRIORITY_LOWEST) / STEPS;
  return -pthread_setschedparam(tid, policy, &param);
}

int uv_thread_getpriority(uv_thread_t tid, int *priority) {
  struct sched_param param;
  int policy, err, value;

  if (priority == NULL)
    return UV_EINVAL;
  err = pthread_getschedparam(tid, &policy, &param);
  if (err != 0)
    return -err;
  value = param.sched_priority; /* 0 under the default policy, as documented… */
  if (policy == SCHED_OTHER && pthread_equal(tid, pthread_self())) {
    errno = 0;
    value = getpriority(PRIO_PROCESS,
                        0); /* …but a thread that asks about itself learns its nice value */
    if (value == -1 && errno != 0)
      return -errno;
  }
  *priority = value;
  return 0;
}
