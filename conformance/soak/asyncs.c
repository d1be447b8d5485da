/* Eight threads send to one loop: each to a handle of its own, and waits for the answer; between these,
 * bursts to a handle that all share. No send is lost, none is answered twice, and what a thread wrote
 * before a send is seen in the callback. */
#include "soak.h"

#include <stdatomic.h>

enum { THREADS = 8, BURST = 50 };

struct sender {
  uv_thread_t thread;
  uv_async_t own;
  uv_sem_t answered;
  uint64_t written; /* on purpose not atomic: the send has to publish it */
  uint64_t answers;
};

static struct sender senders[THREADS];
static uv_async_t shared;
static atomic_ullong shared_sent;
static uint64_t shared_seen;
static uint64_t shared_callbacks;
static uint64_t rounds;

static void send_all(void *argument) {
  struct sender *sender = argument;

  for (uint64_t i = 1; i <= rounds; i++) {
    for (int burst = 0; burst < BURST; burst++) {
      atomic_fetch_add_explicit(&shared_sent, 1, memory_order_relaxed);
      RETURNS(uv_async_send(&shared), 0);
    }
    sender->written = i;
    RETURNS(uv_async_send(&sender->own), 0);
    uv_sem_wait(&sender->answered);
  }
}

static void close_when_done(void) {
  if (shared_seen < rounds * BURST * THREADS)
    return;
  for (int i = 0; i < THREADS; i++)
    if (senders[i].answers < rounds)
      return;
  for (int i = 0; i < THREADS; i++)
    uv_close((uv_handle_t *) &senders[i].own, NULL);
  uv_close((uv_handle_t *) &shared, NULL);
}

static void on_own(uv_async_t *async) {
  struct sender *sender = async->data;

  sender->answers++;
  HOLDS(sender->written == sender->answers);
  uv_sem_post(&sender->answered);
  close_when_done();
}

static void on_shared(uv_async_t *async) {
  (void) async;
  shared_callbacks++;
  shared_seen = atomic_load_explicit(&shared_sent, memory_order_relaxed);
  HOLDS(shared_callbacks <= shared_seen);
  close_when_done();
}

void trial_asyncs(void) {
  uv_loop_t loop;

  rounds = scaled(4000);
  loop_begin(&loop);
  RETURNS(uv_async_init(&loop, &shared, on_shared), 0);
  phase_begin("sends to one loop", rounds * THREADS * (BURST + 1));
  for (int i = 0; i < THREADS; i++) {
    struct sender *sender = &senders[i];

    RETURNS(uv_async_init(&loop, &sender->own, on_own), 0);
    sender->own.data = sender;
    RETURNS(uv_sem_init(&sender->answered, 0), 0);
    RETURNS(uv_thread_create(&sender->thread, send_all, sender), 0);
  }
  RETURNS(uv_run(&loop, UV_RUN_DEFAULT), 0);
  for (int i = 0; i < THREADS; i++) {
    RETURNS(uv_thread_join(&senders[i].thread), 0);
    uv_sem_destroy(&senders[i].answered);
  }
  phase_end();
  loop_end(&loop);
  figure("sends", rounds * THREADS * (BURST + 1));
  figure("callbacks of the shared handle", shared_callbacks);
}
