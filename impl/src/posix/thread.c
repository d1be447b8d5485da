/* Threads: creating, joining, telling apart. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "uv.h"

#include "util/sys.h"

/* A stack of the size that was asked for: whole pages, and no less than the system takes. */
static int round_stack(size_t wanted, size_t page_size, size_t *size) {
  const size_t min = (size_t) PTHREAD_STACK_MIN;

  if (wanted > SIZE_MAX - page_size)
    return UV_EINVAL;
  *size = (wanted + page_size - 1) / page_size * page_size;
  if (*size < min)
    *size = min;
  return 0;
}

/* Threads get what the soft limit gives the main thread; some systems would give them far less. 0: what
 * the system gives by itself, where the limit says nothing, or nothing sensible. */
static size_t default_stack(size_t page_size) {
  struct rlimit limit;

  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return 0;
  if (limit.rlim_cur < (rlim_t) PTHREAD_STACK_MIN)
    return 0;
  return (size_t) (limit.rlim_cur - limit.rlim_cur % page_size);
}

static int stack_size(const uv_thread_options_t *params, size_t *size) {
  const size_t page_size = (size_t) sysconf(_SC_PAGESIZE);

  if ((params->flags & UV_THREAD_HAS_STACK_SIZE) && params->stack_size != 0)
    return round_stack(params->stack_size, page_size, size);
  *size = default_stack(page_size);
  return 0;
}

/* The system's threads return a pointer, which nobody looks at. In every calling convention that this
 * file is for, a function that returns nothing can be called as if it did. */
static void *(*as_start_routine(uv_thread_cb entry))(void *) {
  union {
    uv_thread_cb ours;
    void *(*systems)(void *);
  } function;

  function.ours = entry;
  return function.systems;
}

int uv_thread_create(uv_thread_t *tid, uv_thread_cb entry, void *arg) {
  const uv_thread_options_t params = {.flags = UV_THREAD_NO_FLAGS};

  return uv_thread_create_ex(tid, &params, entry, arg);
}

int uv_thread_create_ex(uv_thread_t *tid, const uv_thread_options_t *params, uv_thread_cb entry,
                        void *arg) {
  pthread_attr_t attributes;
  size_t size;
  int err = stack_size(params, &size);

  if (err != 0)
    return err;
  err = pthread_attr_init(&attributes);
  if (err != 0)
    return -err;
  if (size != 0)
    err = pthread_attr_setstacksize(&attributes, size);
  if (err == 0)
    err = UVI_SYS(pthread_create)(tid, &attributes, as_start_routine(entry), arg);
  (void) pthread_attr_destroy(&attributes);
  return -err;
}

uv_thread_t uv_thread_self(void) {
  return pthread_self();
}

int uv_thread_equal(const uv_thread_t *t1, const uv_thread_t *t2) {
  return pthread_equal(*t1, *t2);
}

int uv_thread_join(uv_thread_t *tid) {
  return -pthread_join(*tid, NULL);
}

int uv_thread_detach(uv_thread_t *tid) {
  return -pthread_detach(*tid);
}
