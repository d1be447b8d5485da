/* Asyncs: the one kind of handle that other threads may touch.
 *
 * A send is two exchanges. `pending` of the handle says that its callback is due; who finds it set
 * has nothing left to do, as somebody else is between here and the wake-up. `wake_sent` of the loop
 * says that a wake-up is under way, so that many sends over many handles cost one system call. The
 * loop takes them back in the opposite order, first `wake_sent` and then each `pending`. So a send
 * that it does not see there has found `wake_sent` clear, and wakes it once more.
 *
 * All of these are read-modify-write operations that acquire and release. So the loop sees what
 * every sender wrote before it sent, also the senders that found `pending` set: their exchange
 * stands in the chain that the loop's exchange reads from. A plain load in front would be faster
 * and would break that.
 *
 * `busy` counts the senders that are inside. Closing waits for them, a matter of nanoseconds as
 * they block on nothing, so that a close callback may free the memory. */
#include <stdatomic.h>

#include "backend/backend.h"
#include "core/handle.h"
#include "core/work.h"

typedef _Atomic unsigned int word;

_Static_assert(sizeof(word) == sizeof(unsigned int) && _Alignof(word) == _Alignof(unsigned int),
               "the words of uv_async_t are used as atomics");

static word *pending_word(uv_async_t *async) {
  return (word *) &async->pending;
}

static word *busy_word(uv_async_t *async) {
  return (word *) &async->busy;
}

int uv_async_init(uv_loop_t *loop, uv_async_t *async, uv_async_cb async_cb) {
  uvi_handle_init(loop, UVI_HANDLE(async), UV_ASYNC);
  async->async_cb = async_cb;
  atomic_init(pending_word(async), 0);
  atomic_init(busy_word(async), 0);
  uvi_list_insert_tail(&uvi_loop_of(loop)->asyncs, uvi_list_of(async->queue));
  uvi_handle_start(UVI_HANDLE(async));
  return 0;
}

int uvi_loop_wake(struct uvi_loop *loop) {
  int err;

  if (atomic_exchange_explicit(&loop->wake_sent, 1, memory_order_acq_rel) != 0)
    return 0;
  err = loop->backend->wake(loop);
  if (err != 0)
    atomic_store_explicit(&loop->wake_sent, 0, memory_order_release);
  return err;
}

int uv_async_send(uv_async_t *async) {
  int err = 0;

  atomic_fetch_add_explicit(busy_word(async), 1, memory_order_acquire);
  if (atomic_exchange_explicit(pending_word(async), 1, memory_order_acq_rel) == 0) {
    err = uvi_loop_wake(uvi_loop_of(async->loop));
    if (err != 0) /* so that a later send tries again */
      atomic_store_explicit(pending_word(async), 0, memory_order_release);
  }
  atomic_fetch_sub_explicit(busy_word(async), 1, memory_order_release);
  return err;
}

unsigned uvi_asyncs_run(struct uvi_loop *loop) {
  struct uvi_list round;
  struct uvi_list *node;
  unsigned ran;

  (void) atomic_exchange_explicit(&loop->wake_sent, 0, memory_order_acq_rel);
  uvi_platform_find_signals(loop);
  ran = uvi_works_deliver(loop);

  /* In the order of their init, whatever the order of the sends. */
  uvi_list_move(&loop->asyncs, &round);
  while ((node = uvi_list_take(&round)) != NULL) {
    uv_async_t *async = UVI_CONTAINER_OF(node, uv_async_t, queue);

    uvi_list_insert_tail(&loop->asyncs, node);
    if (atomic_exchange_explicit(pending_word(async), 0, memory_order_acq_rel) == 0)
      continue;
    ran++;
    if (async->async_cb != NULL)
      async->async_cb(async);
  }
  return ran;
}

void uvi_async_close(uv_handle_t *handle) {
  uv_async_t *async = (uv_async_t *) handle;

  uvi_list_remove(uvi_list_of(async->queue));
  uvi_handle_stop(handle);
}

void uvi_async_finish(uv_handle_t *handle) {
  uv_async_t *async = (uv_async_t *) handle;

  while (atomic_load_explicit(busy_word(async), memory_order_acquire) != 0)
    uvi_platform_yield();
}

int uvi_asyncs_fork(struct uvi_loop *loop) {
  struct uvi_list *handles = uvi_list_of(uvi_loop_api(loop)->handle_queue);
  bool sent = uvi_works_fork(loop);

  /* A sender that another thread of the parent was in is not in this process. */
  for (struct uvi_list *node = handles->next; node != handles; node = node->next) {
    uv_handle_t *handle = UVI_CONTAINER_OF(node, uv_handle_t, handle_queue);
    uv_async_t *async = (uv_async_t *) handle;

    if (handle->type != UV_ASYNC)
      continue;
    atomic_store_explicit(busy_word(async), 0, memory_order_relaxed);
    sent |= atomic_load_explicit(pending_word(async), memory_order_relaxed) != 0;
  }

  atomic_store_explicit(&loop->wake_sent, 0, memory_order_relaxed);
  return sent ? uvi_loop_wake(loop) : 0;
}
