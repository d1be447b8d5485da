#include "posix/io.h"

#include <string.h>

#include "backend/backend.h"
#include "core/loop.h"
#include "util/alloc.h"
#include "util/check.h"

_Static_assert(sizeof(struct uvi_io) == sizeof(uv__io_t), "a watcher must fit into uv__io_t");
_Static_assert(offsetof(struct uvi_io, fd) == offsetof(uv__io_t, fd),
               "programs read the descriptor out of a uv__io_t");

void uvi_io_init(struct uvi_io *io, uvi_io_cb *cb, int fd) {
  io->cb = cb;
  uvi_list_init(&io->pending);
  uvi_list_init(&io->changed);
  io->want = 0;
  io->fed = 0;
  io->fd = fd;
}

/* NULL if the table has no room for `fd`. */
static struct uvi_io_slot *find_slot(const struct uvi_platform_loop *platform, int fd) {
  UVI_ASSERT(fd >= 0);
  return (unsigned) fd < platform->slot_count ? &platform->slots[fd] : NULL;
}

static int make_slot(struct uvi_platform_loop *platform, int fd) {
  unsigned count = platform->slot_count > 0 ? platform->slot_count : 16;
  struct uvi_io_slot *slots;

  while (count <= (unsigned) fd)
    count *= 2;
  if (count == platform->slot_count)
    return 0;
  slots = uvi_realloc(platform->slots, count * sizeof *slots);
  if (slots == NULL)
    return UV_ENOMEM;
  memset(slots + platform->slot_count, 0, (count - platform->slot_count) * sizeof *slots);
  platform->slots = slots;
  platform->slot_count = count;
  return 0;
}

int uvi_io_reserve(struct uvi_loop *loop, int fd) {
  int err = make_slot(&loop->platform, fd);
  const struct uvi_io_slot *slot;

  if (err != 0)
    return err;
  slot = find_slot(&loop->platform, fd);
  return slot->io != NULL && slot->io->want != 0 ? UV_EEXIST : 0;
}

/* The watcher joins the list of changes, or leaves it when the backend is up to date after all. */
static void note_change(struct uvi_platform_loop *platform, struct uvi_io *io, uint32_t have) {
  uvi_list_remove(&io->changed);
  if (io->want != have)
    uvi_list_insert_tail(&platform->changed, &io->changed);
}

int uvi_io_want(struct uvi_loop *loop, struct uvi_io *io, uint32_t want) {
  struct uvi_platform_loop *platform = &loop->platform;
  struct uvi_io_slot *slot;
  int err;

  if (want == 0 && io->want == 0)
    return 0;
  err = make_slot(platform, io->fd);
  if (err != 0)
    return err;

  slot = find_slot(platform, io->fd);
  if (slot->io != NULL && slot->io != io) {
    if (slot->io->want != 0)
      return UV_EEXIST;
    uvi_list_remove(&slot->io->changed); /* it had stopped; what the backend has, passes on */
  }
  slot->io = io;
  io->want = want;
  note_change(platform, io, slot->have);
  return 0;
}

int uvi_io_submit(struct uvi_loop *loop, struct uvi_io *io) {
  struct uvi_io_slot *slot = find_slot(&loop->platform, io->fd);
  int err = 0;

  uvi_list_remove(&io->changed);
  if (slot->have != io->want)
    err = loop->backend->watch(loop, io->fd, slot->tag, slot->have, io->want);
  if (err == 0)
    slot->have = io->want;
  if (io->want == 0)
    slot->io = NULL;
  return err;
}

void uvi_platform_submit(struct uvi_loop *loop) {
  struct uvi_list *changed = &loop->platform.changed;

  while (!uvi_list_empty(changed)) {
    struct uvi_io *io = UVI_CONTAINER_OF(changed->next, struct uvi_io, changed);

    if (uvi_io_submit(loop, io) != 0)
      uvi_io_feed(loop, io, UVI_IO_ERROR);
  }
}

bool uvi_platform_unsubmitted(const struct uvi_loop *loop) {
  return !uvi_list_empty(&loop->platform.changed);
}

void uvi_io_feed(struct uvi_loop *loop, struct uvi_io *io, uint32_t mask) {
  io->fed |= mask;
  if (uvi_list_empty(&io->pending)) /* else it keeps its place */
    uvi_list_insert_tail(&loop->pending, &io->pending);
}

/* The backend knows nothing of the descriptor any more; what it still reports is stale. */
static void forget_slot(struct uvi_loop *loop, struct uvi_io_slot *slot, int fd) {
  loop->backend->forget(loop, fd, slot->have);
  slot->io = NULL;
  slot->have = 0;
  slot->round = 0;
  slot->tag++;
}

int uvi_io_check(struct uvi_loop *loop, int fd) {
  int err = uvi_io_reserve(loop, fd);
  struct uvi_io_slot *slot;

  if (err != 0)
    return err;
  slot = find_slot(&loop->platform, fd);
  if (slot->io != NULL) /* it had stopped, and nobody told the backend yet */
    uvi_list_remove(&slot->io->changed);
  forget_slot(loop, slot, fd);

  err = loop->backend->watch(loop, fd, slot->tag, 0, UVI_IO_READABLE);
  if (err == 0)
    loop->backend->forget(loop, fd, UVI_IO_READABLE);
  return err;
}

void uvi_io_forget(struct uvi_loop *loop, struct uvi_io *io) {
  struct uvi_io_slot *slot = find_slot(&loop->platform, io->fd);

  uvi_list_remove(&io->pending);
  uvi_list_remove(&io->changed);
  io->want = 0;
  io->fed = 0;
  if (slot != NULL && slot->io == io)
    forget_slot(loop, slot, io->fd);
}

void uvi_io_close(struct uvi_loop *loop, struct uvi_io *io) {
  uvi_io_forget(loop, io);
  io->fd = -1;
}

/* Whether a descriptor that stays ready was told in this round. One that is reported only after a
 * change has to be told each time. */
static bool is_repeat(struct uvi_loop *loop, struct uvi_io_slot *slot) {
  if (slot->round != loop->poll_round || (slot->have & UVI_IO_EDGE)) {
    slot->round = loop->poll_round;
    return false;
  }
  loop->poll_repeats++;
  return true;
}

unsigned uvi_platform_dispatch(struct uvi_loop *loop, const struct uvi_event *event) {
  const uint32_t unasked = UVI_IO_ERROR | UVI_IO_HANGUP;
  struct uvi_io_slot *slot = find_slot(&loop->platform, event->fd);
  uint32_t mask;

  /* A callback earlier in this round may have closed the descriptor, or lost interest. */
  if (slot == NULL || slot->io == NULL || slot->tag != event->tag || slot->io->want == 0)
    return 0;
  if (is_repeat(loop, slot)) /* UV-POLL-0045 */
    return 0;
  mask = event->mask & (slot->io->want | unasked);
  return mask != 0 ? slot->io->cb(loop, slot->io, mask) : 0;
}

unsigned uvi_platform_pending(struct uvi_loop *loop) {
  struct uvi_list round;
  struct uvi_list *node;
  unsigned ran = 0;

  uvi_list_move(&loop->pending, &round);
  while ((node = uvi_list_take(&round)) != NULL) {
    struct uvi_io *io = UVI_CONTAINER_OF(node, struct uvi_io, pending);
    uint32_t mask = io->fed;

    io->fed = 0;
    ran += io->cb(loop, io, mask);
  }
  return ran;
}

void uvi_io_fork(struct uvi_loop *loop) {
  struct uvi_platform_loop *platform = &loop->platform;

  for (unsigned fd = 0; fd < platform->slot_count; fd++) {
    struct uvi_io_slot *slot = &platform->slots[fd];

    slot->have = 0;
    if (slot->io == NULL)
      continue;
    note_change(platform, slot->io, slot->have);
    if (slot->io->want == 0)
      slot->io = NULL;
  }
}

void uvi_io_free(struct uvi_loop *loop) {
  UVI_ASSERT(uvi_list_empty(&loop->platform.changed));
  uvi_free(loop->platform.slots);
  loop->platform.slots = NULL;
  loop->platform.slot_count = 0;
}
