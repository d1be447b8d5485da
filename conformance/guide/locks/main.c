/* Two readers and a writer share a number; a barrier holds all of them up until each is done. */
#include "guide.h"

enum { ROUNDS = 20, THREADS = 3 };

static uv_rwlock_t lock;
static uv_barrier_t barrier;
static uv_mutex_t mutex; /* for `done`, */
static uv_cond_t all_done;
static uv_sem_t writer_began; /* and this for the readers to see more than the beginning */
static int shared, done;

static void leave(void) {
  if (uv_barrier_wait(&barrier) > 0)
    guide_say("one of the threads may clean up");
  uv_mutex_lock(&mutex);
  done++;
  uv_cond_signal(&all_done);
  uv_mutex_unlock(&mutex);
}

static void read_it(void *arg) {
  int last = 0, sane = 1;
  (void) arg;
  uv_sem_wait(&writer_began);
  for (int i = 0; i < ROUNDS; i++) {
    uv_rwlock_rdlock(&lock);
    sane = sane && shared >= last && shared % 2 == 0;
    last = shared;
    uv_rwlock_rdunlock(&lock);
  }
  guide_say("a reader saw %s", sane ? "no half-made number" : "what nobody should see");
  leave();
}

static void write_it(void *arg) {
  (void) arg;
  for (int i = 0; i < ROUNDS; i++) {
    uv_rwlock_wrlock(&lock);
    shared++; /* odd numbers are half-made */
    shared++;
    uv_rwlock_wrunlock(&lock);
    if (i == 0) {
      uv_sem_post(&writer_began);
      uv_sem_post(&writer_began);
    }
  }
  leave();
}

int main(void) {
  uv_thread_t threads[THREADS];
  MUST(uv_rwlock_init(&lock));
  MUST(uv_mutex_init(&mutex));
  MUST(uv_cond_init(&all_done));
  MUST(uv_sem_init(&writer_began, 0));
  MUST(uv_barrier_init(&barrier, THREADS));
  MUST(uv_thread_create(&threads[0], read_it, NULL));
  MUST(uv_thread_create(&threads[1], read_it, NULL));
  MUST(uv_thread_create(&threads[2], write_it, NULL));
  uv_mutex_lock(&mutex);
  while (done < THREADS)
    uv_cond_wait(&all_done, &mutex);
  uv_mutex_unlock(&mutex);
  for (int i = 0; i < THREADS; i++)
    MUST(uv_thread_join(&threads[i]));
  guide_say("at the end it is %d", shared);
  uv_barrier_destroy(&barrier);
  uv_sem_destroy(&writer_began);
  uv_cond_destroy(&all_done);
  uv_mutex_destroy(&mutex);
  uv_rwlock_destroy(&lock);
  return 0;
}
