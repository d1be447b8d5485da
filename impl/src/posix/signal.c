/* Signal handles. A disposition belongs to the process, so there is one table for all loops: for each
 * signal the handles that watch it. The system's handler marks them, puts them into their loop's list of
 * caught ones and wakes the loop the way uv_async_send() does. Nothing travels through a descriptor but
 * the wake-up itself, so nobody who can write to one can make up a signal or a pointer.
 *
 * All of that is guarded by one spin lock. Whoever takes it blocks all signals first, so the handler never
 * waits for the thread that it interrupted; it is held for a few instructions and never while the
 * program's code runs. */
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "core/handle.h"
#include "posix/process.h"
#include "posix/signal.h"
#include "util/sys.h"

#ifndef NSIG
#define NSIG _NSIG
#endif

_Static_assert(sizeof(struct uvi_signal_links) == sizeof(((uv_signal_t *) 0)->node),
               "the links of a signal handle must fit into its node");

static struct {
  atomic_flag lock;
  atomic_bool forking; /* with the lock held, by: */
  _Atomic(pthread_t) forker;
  pthread_once_t once;
  struct uvi_list watchers[NSIG]; /* by signal: uvi_signal_links.watching */
} table = {.lock = ATOMIC_FLAG_INIT, .once = PTHREAD_ONCE_INIT};

static struct uvi_signal_links *links_of(uv_signal_t *handle) {
  return (struct uvi_signal_links *) (void *) handle->node;
}

static struct uvi_platform_loop *platform_of(const uv_signal_t *handle) {
  return &uvi_loop_of(handle->loop)->platform;
}

/* ---- the lock ---- */

/* The thread that is in the middle of a fork() holds the lock, and may come here nevertheless: handlers of
 * pthread_atfork() run before ours lets go of it, and what they call in a child is uv_loop_fork(). */
static bool held_by_own_fork(void) {
  return atomic_load_explicit(&table.forking, memory_order_acquire) &&
         pthread_equal(atomic_load_explicit(&table.forker, memory_order_relaxed), pthread_self());
}

static void spin(void) {
  while (atomic_flag_test_and_set_explicit(&table.lock, memory_order_acquire))
    (void) sched_yield();
}

static void release(void) {
  atomic_flag_clear_explicit(&table.lock, memory_order_release);
}

static void lock(sigset_t *before) {
  sigset_t all;

  sigfillset(&all);
  (void) pthread_sigmask(SIG_SETMASK, &all, before);
  if (!held_by_own_fork())
    spin();
}

static void unlock(const sigset_t *before) {
  if (!held_by_own_fork())
    release();
  (void) pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* A fork while another thread holds the lock would leave it taken in the child for good. */
static sigset_t fork_mask;

static void before_fork(void) {
  sigset_t mask;

  lock(&mask);
  fork_mask = mask;
  atomic_store_explicit(&table.forker, pthread_self(), memory_order_relaxed);
  atomic_store_explicit(&table.forking, true, memory_order_release);
}

static void after_fork(void) {
  sigset_t mask = fork_mask;

  atomic_store_explicit(&table.forking, false, memory_order_release);
  unlock(&mask);
}

static void prepare_table(void) {
  for (int signum = 0; signum < NSIG; signum++)
    uvi_list_init(&table.watchers[signum]);
  (void) pthread_atfork(before_fork, after_fork, after_fork);
}

/* ---- catching: with the lock held ---- */

static void on_signal(int signum) {
  struct uvi_list *watchers = &table.watchers[signum];
  int saved = errno;

  bool own_fork = held_by_own_fork(); /* and a handler of pthread_atfork() unblocked the signal */

  if (!own_fork)
    spin(); /* all signals are blocked in here */
  for (struct uvi_list *node = watchers->next; node != watchers; node = node->next) {
    struct uvi_signal_links *links = UVI_CONTAINER_OF(node, struct uvi_signal_links, watching);
    uv_signal_t *handle = UVI_CONTAINER_OF(links, uv_signal_t, node);
    struct uvi_platform_loop *platform = platform_of(handle);

    handle->caught++;
    if (uvi_list_empty(&links->fired))
      uvi_list_insert_tail(&platform->signals, &links->fired);
    atomic_store_explicit(&platform->signals_fired, 1, memory_order_release);
    /* Should it fail, the next wake-up of the loop delivers the signal. */
    (void) uvi_loop_wake(uvi_loop_of(handle->loop));
  }
  if (!own_fork)
    release();
  errno = saved;
}

/* The disposition that suits the watchers there are. With nobody but one-shot ones, the first signal
 * puts the default back, at once and not only when a loop gets to it (UV-SIGNAL-0042). */
static int set_disposition(int signum) {
  struct uvi_list *watchers = &table.watchers[signum];
  struct sigaction action;
  bool once = true;

  memset(&action, 0, sizeof action);
  sigfillset(&action.sa_mask);
  action.sa_handler = uvi_list_empty(watchers) ? SIG_DFL : on_signal;
  for (struct uvi_list *node = watchers->next; node != watchers && once; node = node->next) {
    struct uvi_signal_links *links = UVI_CONTAINER_OF(node, struct uvi_signal_links, watching);

    once = UVI_CONTAINER_OF(links, uv_signal_t, node)->oneshot != 0;
  }
  if (!uvi_list_empty(watchers))
    action.sa_flags = (int) (SA_RESTART | (once ? SA_RESETHAND : 0));
  return UVI_SYS(sigaction)(signum, &action, NULL) == 0 ? 0 : -errno;
}

static void unlink_watcher(uv_signal_t *handle) {
  uvi_list_remove(&links_of(handle)->watching);
  uvi_list_remove(&links_of(handle)->fired);
  handle->caught = 0;
  (void) set_disposition(handle->signum); /* it was possible once, so it still is */
}

/* ---- telling ---- */

/* The watcher that was caught first, and the signal to tell it; NULL when there is none. */
static uv_signal_t *take_fired(struct uvi_list *round) {
  uv_signal_t *handle = NULL;
  struct uvi_list *node;
  sigset_t mask;

  lock(&mask);
  node = uvi_list_take(round);
  if (node != NULL) {
    struct uvi_signal_links *links = UVI_CONTAINER_OF(node, struct uvi_signal_links, fired);

    handle = UVI_CONTAINER_OF(links, uv_signal_t, node);
    if (--handle->caught > 0) /* again, after the others */
      uvi_list_insert_tail(round, node);
  }
  unlock(&mask);
  return handle;
}

/* Returns how many callbacks that were. */
static unsigned tell(uv_signal_t *handle) {
  if (handle->flags & UVI_SIGNAL_INTERNAL)
    return uvi_children_collect(uvi_loop_of(handle->loop));
  if (handle->oneshot)
    handle->flags |= UVI_SIGNAL_ENDING;
  handle->signal_cb(handle, handle->signum);
  /* It is still active in its callback, which may have started it anew or closed it. */
  if (handle->flags & UVI_SIGNAL_ENDING)
    (void) uv_signal_stop(handle);
  return 1;
}

void uvi_platform_find_signals(struct uvi_loop *loop) {
  struct uvi_platform_loop *platform = &loop->platform;

  if (atomic_load_explicit(&platform->signals_fired, memory_order_relaxed) != 0)
    platform->signals_due = true;
}

unsigned uvi_platform_signals(struct uvi_loop *loop) {
  struct uvi_platform_loop *platform = &loop->platform;
  struct uvi_list round;
  uv_signal_t *handle;
  unsigned ran = 0;
  sigset_t mask;

  if (!platform->signals_due)
    return 0;
  platform->signals_due = false;
  (void) atomic_exchange_explicit(&platform->signals_fired, 0, memory_order_acquire);
  /* What callbacks raise is for the next wake-up, so that a signal cannot keep the loop in here. A
   * watcher that is caught again meanwhile stays where it is, and its count grows. */
  lock(&mask);
  uvi_list_move(&platform->signals, &round);
  unlock(&mask);
  while ((handle = take_fired(&round)) != NULL)
    ran += tell(handle);
  return ran;
}

/* In a forked child: what was caught before the fork is the parent's to tell. */
void uvi_signals_fork(struct uvi_loop *loop) {
  struct uvi_list *node;
  sigset_t mask;

  lock(&mask);
  while ((node = uvi_list_take(&loop->platform.signals)) != NULL) {
    struct uvi_signal_links *links = UVI_CONTAINER_OF(node, struct uvi_signal_links, fired);

    UVI_CONTAINER_OF(links, uv_signal_t, node)->caught = 0;
  }
  atomic_store_explicit(&loop->platform.signals_fired, 0, memory_order_relaxed);
  loop->platform.signals_due = false;
  unlock(&mask);
}

/* ---- the handle ---- */

int uv_signal_init(uv_loop_t *loop, uv_signal_t *handle) {
  (void) pthread_once(&table.once, prepare_table);
  uvi_handle_init(loop, UVI_HANDLE(handle), UV_SIGNAL);
  uvi_list_init(&links_of(handle)->watching);
  uvi_list_init(&links_of(handle)->fired);
  handle->signal_cb = NULL;
  handle->signum = 0;
  handle->caught = 0;
  handle->oneshot = 0;
  return 0;
}

void uvi_signal_init_internal(struct uvi_loop *loop, uv_signal_t *handle) {
  (void) uv_signal_init(uvi_loop_api(loop), handle);
  uvi_list_remove(uvi_list_of(handle->handle_queue));
  handle->flags = UVI_SIGNAL_INTERNAL;
}

static int check_signum(int signum) {
  struct sigaction now;

  if (signum <= 0 || signum >= NSIG || signum == SIGKILL || signum == SIGSTOP)
    return UV_EINVAL;
  /* The C library keeps some for itself. */
  return UVI_SYS(sigaction)(signum, NULL, &now) == 0 ? 0 : -errno;
}

/* A refusal leaves the handle as it was. A start for the signal that it watches keeps what was caught
 * and not told yet. */
static int start(uv_signal_t *handle, uv_signal_cb cb, int signum, bool oneshot) {
  sigset_t mask;
  int err;

  if (uvi_handle_is_closing(UVI_HANDLE(handle)))
    return UV_EINVAL;
  err = check_signum(signum);
  if (err != 0)
    return err;

  lock(&mask);
  if (handle->signum != signum) {
    if (handle->signum != 0)
      unlink_watcher(handle);
    uvi_list_insert_tail(&table.watchers[signum], &links_of(handle)->watching);
  }
  handle->oneshot = oneshot;
  handle->signum = signum;
  handle->signal_cb = cb;
  err = set_disposition(signum);
  unlock(&mask);

  handle->flags &= ~(unsigned) UVI_SIGNAL_ENDING;
  uvi_handle_start(UVI_HANDLE(handle));
  return err;
}

int uv_signal_start(uv_signal_t *handle, uv_signal_cb signal_cb, int signum) {
  return start(handle, signal_cb, signum, false);
}

int uv_signal_start_oneshot(uv_signal_t *handle, uv_signal_cb signal_cb, int signum) {
  return start(handle, signal_cb, signum, true);
}

int uv_signal_stop(uv_signal_t *handle) {
  sigset_t mask;

  if (handle->signum == 0)
    return 0;
  lock(&mask);
  unlink_watcher(handle);
  handle->signum = 0;
  unlock(&mask);
  handle->flags &= ~(unsigned) UVI_SIGNAL_ENDING;
  uvi_handle_stop(UVI_HANDLE(handle));
  return 0;
}

void uvi_signal_close(uv_handle_t *handle) {
  (void) uv_signal_stop((uv_signal_t *) handle);
}
