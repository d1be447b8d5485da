#include "core/pool_threads.h"

#include <pthread.h>
#include <stddef.h>

#include "util/sys.h"
#include "uv.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_t threads[UVI_POOL_THREADS_MAX];
static unsigned thread_count;
static void (*forget_pool)(void);

/* What runs here was written for the main thread's stack. */
enum { STACK_SIZE = 8 << 20 };

void uvi_pool_lock(void) {
  pthread_mutex_lock(&lock);
}

void uvi_pool_unlock(void) {
  pthread_mutex_unlock(&lock);
}

void uvi_pool_sleep(void) {
  pthread_cond_wait(&wake, &lock);
}

void uvi_pool_wake_one(void) {
  pthread_cond_signal(&wake);
}

void uvi_pool_wake_all(void) {
  pthread_cond_broadcast(&wake);
}

/* A thread gets its body through an object pointer: the standard has no way from one to a function. */
static void *run(void *body) {
  (void) uv_thread_setname("libuv-worker"); /* for debuggers and ps */
  (*(void (**)(void)) body)();
  return NULL;
}

unsigned uvi_pool_start_threads(unsigned count, void (*body)(void)) {
  static void (*the_body)(void);
  pthread_attr_t attributes;
  bool have_attributes = pthread_attr_init(&attributes) == 0;

  the_body = body;
  if (have_attributes) /* refused, as on a system with tiny limits: its default, then */
    (void) pthread_attr_setstacksize(&attributes, STACK_SIZE);

  thread_count = 0;
  while (thread_count < count &&
         UVI_SYS(pthread_create)(&threads[thread_count], have_attributes ? &attributes : NULL, run,
                                 &the_body) == 0)
    thread_count++;

  if (have_attributes)
    pthread_attr_destroy(&attributes);
  return thread_count;
}

void uvi_pool_join_threads(void) {
  for (unsigned i = 0; i < thread_count; i++) {
    if (!pthread_equal(threads[i], pthread_self())) /* exit() from inside some work */
      pthread_join(threads[i], NULL);
  }
  thread_count = 0;
}

static void in_forked_child(void) {
  pthread_mutex_init(&lock, NULL);
  pthread_cond_init(&wake, NULL);
  thread_count = 0;
  forget_pool();
}

void uvi_pool_at_fork(void (*forget)(void)) {
  forget_pool = forget;
  (void) pthread_atfork(NULL, NULL, in_forked_child);
}

/* When the library is unloaded, or the program ends, its threads must be gone before its code and what
 * the program's destructors take down. */
__attribute__((destructor)) static void unload(void) {
  uv_library_shutdown();
}
