/* The thread pool: one for the process, started with the first work.
 *
 * Work waits in `ready` until a thread takes it, first come, first served. Slow work (looking up names)
 * may make up half of the threads' load: what is above that waits in `held` and moves to the end of
 * `ready` as slow work ends. So whatever stands in `ready` may be taken by any thread, and there is one
 * kind of waiting.
 *
 * A thread that finds nothing goes idle. Who adds work takes one thread out of `idle` and counts it in
 * `woken`, at once, under the lock: it may be long until that thread runs, and the next one who adds
 * work must not count on it. So each item has a thread of its own on the way as long as there are idle
 * ones, and none is woken in vain. What blocks in one thread never keeps ready work from an idle one.
 *
 * Finished work goes to its loop's `works_done`, a stack that anybody pushes to and the loop takes as a
 * whole. Only who finds it empty wakes the loop. */
#include "core/work.h"

#include <stdlib.h>

#include "core/pool_threads.h"
#include "core/request.h"
#include "util/check.h"

enum { THREADS_DEFAULT = 4 };

/* work->state is one of these, and above it the pool's generation in which it was set. */
enum work_state {
  WORK_OVER, /* done, or never submitted */
  WORK_READY,
  WORK_HELD,
  WORK_TAKEN, /* a thread has it, or had it */
  WORK_CANCELLED,
  WORK_STATE_BITS = 3,
};

/* All of it under the lock. */
static struct {
  struct uvi_list ready;
  struct uvi_list held;
  unsigned threads; /* 0: not started */
  unsigned idle;    /* asleep, nobody has woken them */
  unsigned woken;   /* woken, and not on their feet yet */
  unsigned slow;    /* slow work that is ready or runs */
  unsigned slow_max;
  bool stopping;
  bool fork_handled;
  uintptr_t
      generation; /* moves on in a forked child: its parent's work is in no list of the child */
} pool;

static struct uv__work *work_of(struct uvi_list *node) {
  return UVI_CONTAINER_OF(node, struct uv__work, queue);
}

static struct uvi_list *node_of(struct uv__work *work) {
  return uvi_list_of(work->queue);
}

static enum work_state state_of(const struct uv__work *work) {
  return (enum work_state)(work->state & ((1u << WORK_STATE_BITS) - 1));
}

static void set_state(struct uv__work *work, enum work_state state) {
  work->state = pool.generation << WORK_STATE_BITS | state;
}

static bool is_listed(const struct uv__work *work) {
  return work->state >> WORK_STATE_BITS == pool.generation;
}

static bool is_slow(const struct uv__work *work) {
  return work->ops->kind == UVI_WORK_SLOW_IO;
}

/* ---- finished work, on its way to the loop ---- */

/* Any thread. From the push on the work may be gone, and the loop may be closed once `works_busy` allows
 * it. */
static void give_back(struct uv__work *work) {
  struct uvi_loop *loop = uvi_loop_of(work->loop);
  struct uv__work *above;

  atomic_fetch_add_explicit(&loop->works_busy, 1, memory_order_relaxed);
  above = atomic_load_explicit(&loop->works_done, memory_order_relaxed);
  do
    work->queue[0] = above;
  while (!atomic_compare_exchange_weak_explicit(&loop->works_done, &above, work,
                                                memory_order_release, memory_order_relaxed));
  if (above == NULL && uvi_loop_wake(loop) != 0)
    uvi_fatal("the thread pool cannot wake the loop");
  atomic_fetch_sub_explicit(&loop->works_busy, 1, memory_order_release);
}

/* Each of them counts as an event; the wake-up that brought them has been counted as one of these. */
static void count_events(struct uvi_metrics *metrics, unsigned delivered) {
  if (delivered == 0)
    return;
  metrics->events += delivered - 1;
  if (!metrics->waited)
    metrics->events_waiting += delivered - 1;
}

unsigned uvi_works_deliver(struct uvi_loop *loop) {
  struct uv__work *last = atomic_load_explicit(&loop->works_done, memory_order_relaxed);
  struct uv__work *work = NULL;
  unsigned count = 0;

  if (last == NULL)
    return 0;
  last = atomic_exchange_explicit(&loop->works_done, NULL, memory_order_acquire);
  for (; last != NULL; count++) { /* last in, first out: turned around */
    struct uv__work *below = last->queue[0];

    last->queue[0] = work;
    work = last;
    last = below;
  }
  count_events(&loop->metrics, count);

  /* What finishes from here on is for the next time: a program that submits one thing after the other
   * must not keep the other phases waiting. */
  while (work != NULL) {
    struct uv__work *next = work->queue[0];
    int status = state_of(work) == WORK_CANCELLED ? UV_ECANCELED : 0;

    work->state = WORK_OVER;
    uvi_req_remove(work->loop);
    work->ops->done(work, status);
    work = next;
  }
  return count;
}

void uvi_works_close(struct uvi_loop *loop) {
  while (atomic_load_explicit(&loop->works_busy, memory_order_acquire) != 0)
    uvi_platform_yield();
}

bool uvi_works_fork(struct uvi_loop *loop) {
  atomic_store_explicit(&loop->works_busy, 0, memory_order_relaxed);
  return atomic_load_explicit(&loop->works_done, memory_order_relaxed) != NULL;
}

/* ---- the queue: under the lock ---- */

/* Sees to it that a thread comes for what has just become ready. It is woken under the lock, which it
 * has to wait for then. That costs it a little and saves far more: small pieces of work come to be
 * done several at a time, each with a fraction of a wake-up (measured: 1/50 of the time per piece). */
static void call_thread(void) {
  if (pool.idle == 0)
    return; /* none sleeps, and none goes to sleep without having looked */
  pool.idle--;
  pool.woken++;
  uvi_pool_wake_one();
}

static void enqueue(struct uv__work *work) {
  if (is_slow(work)) {
    if (pool.slow == pool.slow_max) {
      set_state(work, WORK_HELD);
      uvi_list_insert_tail(&pool.held, node_of(work));
      return;
    }
    pool.slow++;
  }
  set_state(work, WORK_READY);
  uvi_list_insert_tail(&pool.ready, node_of(work));
  call_thread();
}

/* Slow work has ended or was cancelled: the next one may run. */
static void slow_ended(void) {
  struct uvi_list *node = uvi_list_take(&pool.held);

  pool.slow--;
  if (node != NULL)
    enqueue(work_of(node));
}

/* ---- the threads ---- */

/* False when the thread is to end. */
static bool wait_for_work(void) {
  while (uvi_list_empty(&pool.ready)) {
    if (pool.stopping)
      return false;
    pool.idle++;
    do
      uvi_pool_sleep();
    while (pool.woken == 0);
    pool.woken--;
  }
  return true;
}

static void thread_body(void) {
  uvi_pool_lock();
  while (wait_for_work()) {
    struct uv__work *work = work_of(uvi_list_take(&pool.ready));
    bool slow = is_slow(work);

    set_state(work, WORK_TAKEN);
    uvi_pool_unlock();
    work->ops->work(work);
    give_back(work);
    uvi_pool_lock();
    if (slow)
      slow_ended();
  }
  uvi_pool_unlock();
}

/* As strange values have always been taken: what is no number is 0, and 0 means one thread; what is
 * negative is a great many. */
static unsigned wanted_threads(void) {
  const char *text = getenv("UV_THREADPOOL_SIZE");
  long count = text != NULL ? strtol(text, NULL, 10) : THREADS_DEFAULT;

  if (count == 0)
    return 1;
  return count < 0 || count > UVI_POOL_THREADS_MAX ? UVI_POOL_THREADS_MAX : (unsigned) count;
}

/* The lock is held by nobody else: the child has one thread. */
static void forget_pool(void) {
  pool.threads = 0;
  pool.generation++;
}

static void start_pool(void) {
  uvi_list_init(&pool.ready);
  uvi_list_init(&pool.held);
  pool.idle = 0;
  pool.woken = 0;
  pool.slow = 0;
  pool.stopping = false;
  if (!pool.fork_handled)
    uvi_pool_at_fork(forget_pool);
  pool.fork_handled = true;

  /* Fewer than wanted will do. */
  pool.threads = uvi_pool_start_threads(wanted_threads(), thread_body);
  if (pool.threads == 0)
    uvi_fatal("no thread for the thread pool");
  pool.slow_max = (pool.threads + 1) / 2;
}

void uvi_pool_shutdown(void) {
  bool started;

  uvi_pool_lock();
  started = pool.threads != 0;
  if (started) {
    pool.stopping = true;
    pool.woken += pool.idle;
    pool.idle = 0;
    uvi_pool_wake_all();
  }
  uvi_pool_unlock();
  if (!started)
    return;

  uvi_pool_join_threads();
  pool.threads = 0;
}

/* ---- what requests call ---- */

void uvi_work_submit(uv_loop_t *loop, struct uv__work *work, const struct uv__work_ops *ops) {
  work->ops = ops;
  work->loop = loop;
  uvi_req_add(loop);

  uvi_pool_lock();
  if (pool.threads == 0)
    start_pool();
  enqueue(work);
  uvi_pool_unlock();
}

void uvi_work_finished(struct uv__work *work) {
  work->state = WORK_OVER;
}

int uvi_work_cancel(struct uv__work *work) {
  enum work_state state;

  uvi_pool_lock();
  state = state_of(work);
  if (state == WORK_READY || state == WORK_HELD) {
    if (is_listed(work)) {
      uvi_list_remove(node_of(work));
      if (state == WORK_READY && is_slow(work))
        slow_ended();
    }
    set_state(work, WORK_CANCELLED);
  }
  uvi_pool_unlock();

  switch (state) {
    case WORK_READY:
    case WORK_HELD:
      give_back(work);
      return 0;
    case WORK_CANCELLED: /* its callback is owed already */
      return 0;
    default:
      return UV_EBUSY;
  }
}
