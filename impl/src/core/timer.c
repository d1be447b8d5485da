/* Timers: a heap by due time, and behind it by order of start. */
#include <limits.h>

#include "core/handle.h"

static struct uvi_heap_node *heap_node(uv_timer_t *timer) {
  return (struct uvi_heap_node *) (void *) timer->node;
}

static struct uvi_list *list_node(uv_timer_t *timer) {
  return uvi_list_of(timer->node);
}

_Static_assert(sizeof(struct uvi_heap_node) <= sizeof(((uv_timer_t *) 0)->node),
               "a heap node must fit into uv_timer_t");
_Static_assert(sizeof(struct uvi_list) <= sizeof(((uv_timer_t *) 0)->node),
               "a list node must fit into uv_timer_t");

static bool less(const struct uvi_heap_node *a, const struct uvi_heap_node *b) {
  const uv_timer_t *left = UVI_CONTAINER_OF(a, const uv_timer_t, node);
  const uv_timer_t *right = UVI_CONTAINER_OF(b, const uv_timer_t, node);

  if (left->due_ms != right->due_ms)
    return left->due_ms < right->due_ms;
  return left->start_id < right->start_id;
}

static uv_timer_t *first_timer(const struct uvi_loop *loop) {
  struct uvi_heap_node *node = uvi_heap_min(&loop->timers);

  return node != NULL ? UVI_CONTAINER_OF(node, uv_timer_t, node) : NULL;
}

/* The timer must be inactive. A due time beyond the clock's end is the clock's end. */
static void arm(uv_timer_t *timer, uint64_t timeout_ms) {
  struct uvi_loop *loop = uvi_loop_of(timer->loop);
  uint64_t due_ms = loop->now_ms + timeout_ms;

  timer->due_ms = due_ms < timeout_ms ? UINT64_MAX : due_ms;
  timer->start_id = loop->timer_starts++;
  uvi_heap_insert(&loop->timers, heap_node(timer), less);
  uvi_handle_start(UVI_HANDLE(timer));
}

/* Also takes back a timer whose turn has come but whose callback has not run yet: a callback of the
 * same round may stop it. */
static void disarm(uv_timer_t *timer) {
  uv_handle_t *handle = UVI_HANDLE(timer);

  if (handle->flags & UVI_TIMER_DUE) {
    handle->flags &= ~(unsigned) UVI_TIMER_DUE;
    uvi_list_remove(list_node(timer));
  } else if (uvi_handle_is_active(handle)) {
    uvi_heap_remove(&uvi_loop_of(timer->loop)->timers, heap_node(timer), less);
    uvi_handle_stop(handle);
  }
}

static void set_up(uv_timer_t *timer) {
  timer->timer_cb = NULL;
  timer->due_ms = 0;
  timer->repeat_ms = 0;
  timer->start_id = 0;
}

int uv_timer_init(uv_loop_t *loop, uv_timer_t *timer) {
  uvi_handle_init(loop, UVI_HANDLE(timer), UV_TIMER);
  set_up(timer);
  return 0;
}

void uvi_timer_init_inner(uv_loop_t *loop, uv_timer_t *timer) {
  uvi_handle_init_inner(loop, UVI_HANDLE(timer), UV_TIMER);
  set_up(timer);
}

int uv_timer_start(uv_timer_t *timer, uv_timer_cb cb, uint64_t timeout, uint64_t repeat) {
  if (cb == NULL || uvi_handle_is_closing(UVI_HANDLE(timer)))
    return UV_EINVAL;

  disarm(timer);
  timer->timer_cb = cb;
  timer->repeat_ms = repeat;
  arm(timer, timeout);
  return 0;
}

int uv_timer_stop(uv_timer_t *timer) {
  disarm(timer);
  return 0;
}

int uv_timer_again(uv_timer_t *timer) {
  if (timer->timer_cb == NULL)
    return UV_EINVAL;
  /* A closing timer is let be, and no error: that is what programs have met. */
  if (timer->repeat_ms == 0 || uvi_handle_is_closing(UVI_HANDLE(timer)))
    return 0;

  disarm(timer);
  arm(timer, timer->repeat_ms);
  return 0;
}

void uv_timer_set_repeat(uv_timer_t *timer, uint64_t repeat) {
  timer->repeat_ms = repeat; /* a shot that is scheduled keeps its due time */
}

uint64_t uv_timer_get_repeat(const uv_timer_t *timer) {
  return timer->repeat_ms;
}

/* Of a stopped timer: when it would have been due. Odd, but what programs have met. */
uint64_t uv_timer_get_due_in(const uv_timer_t *timer) {
  uint64_t now_ms = uvi_loop_of(timer->loop)->now_ms;

  return timer->due_ms > now_ms ? timer->due_ms - now_ms : 0;
}

int uvi_timers_timeout_ms(const struct uvi_loop *loop) {
  const uv_timer_t *timer = first_timer(loop);
  uint64_t left_ms;

  if (timer == NULL)
    return -1;
  if (timer->due_ms <= loop->now_ms)
    return 0;
  left_ms = timer->due_ms - loop->now_ms;
  return left_ms < INT_MAX ? (int) left_ms : INT_MAX;
}

/* Runs what is due by the loop's time. They are collected first: a timer that a callback starts,
 * even one that is due at once, is for the next round, so that the phase ends. */
unsigned uvi_phase_timers(struct uvi_loop *loop) {
  struct uvi_list *node;
  uv_timer_t *timer;
  unsigned ran = 0;

  while ((timer = first_timer(loop)) != NULL && timer->due_ms <= loop->now_ms) {
    disarm(timer);
    UVI_HANDLE(timer)->flags |= UVI_TIMER_DUE;
    uvi_list_insert_tail(&loop->due_timers, list_node(timer));
  }

  while ((node = uvi_list_take(&loop->due_timers)) != NULL) {
    timer = UVI_CONTAINER_OF(node, uv_timer_t, node);
    UVI_HANDLE(timer)->flags &= ~(unsigned) UVI_TIMER_DUE;
    if (timer->repeat_ms > 0)
      arm(timer, timer->repeat_ms);
    timer->timer_cb(timer);
    ran++;
  }
  return ran;
}

void uvi_timer_close(uv_handle_t *handle) {
  disarm((uv_timer_t *) handle);
}
