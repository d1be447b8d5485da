/* Readiness by poll(2): slower with many descriptors, but every POSIX system has it. It keeps the
 * descriptors in an array without gaps, and for each descriptor its place there. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "backend/backend.h"
#include "core/loop.h"
#include "posix/signal_mask.h"
#include "posix/wake.h"
#include "util/alloc.h"
#include "util/check.h"
#include "util/sys.h"

struct place {
  unsigned number; /* index in `fds` plus 1; 0: not there */
  uint32_t tag;
};

struct pollset {
  struct pollfd *fds;
  unsigned count;
  unsigned capacity;
  struct place *places; /* by descriptor */
  unsigned place_count;
  unsigned first; /* where to begin to look next, so that a full budget is shared fairly */
};

static int poll_backend_init(struct uvi_loop *loop) {
  loop->backend_data = uvi_calloc(1, sizeof(struct pollset));
  return loop->backend_data != NULL ? 0 : UV_ENOMEM;
}

static void poll_backend_close(struct uvi_loop *loop) {
  struct pollset *set = loop->backend_data;

  if (set == NULL)
    return;
  uvi_free(set->fds);
  uvi_free(set->places);
  uvi_free(set);
  loop->backend_data = NULL;
}

static int poll_backend_fork(struct uvi_loop *loop) {
  struct pollset *set = loop->backend_data;

  for (unsigned i = 0; i < set->count; i++)
    set->places[set->fds[i].fd].number = 0;
  set->count = 0;
  return 0;
}

static short to_poll(uint32_t mask) {
  int events = (mask & UVI_IO_READABLE ? POLLIN : 0) | (mask & UVI_IO_WRITABLE ? POLLOUT : 0) |
               (mask & UVI_IO_PRIORITY ? POLLPRI : 0);

#ifdef POLLRDHUP
  events |= mask & UVI_IO_PEER_SHUT ? POLLRDHUP : 0;
#endif
  return (short) events;
}

static uint32_t from_poll(short events) {
  uint32_t mask = 0;

  mask |= events & POLLIN ? UVI_IO_READABLE : 0;
  mask |= events & POLLOUT ? UVI_IO_WRITABLE : 0;
  mask |= events & POLLPRI ? UVI_IO_PRIORITY : 0;
  mask |= events & (POLLERR | POLLNVAL) ? UVI_IO_ERROR : 0;
  mask |= events & POLLHUP ? UVI_IO_HANGUP : 0;
#ifdef POLLRDHUP
  mask |= events & POLLRDHUP ? UVI_IO_PEER_SHUT : 0;
#endif
  return mask;
}

/* The next capacity that holds `need` elements. */
static unsigned capacity_for(unsigned have, unsigned need) {
  unsigned capacity = have > 0 ? have : 8;

  while (capacity < need)
    capacity *= 2;
  return capacity;
}

static bool make_place(struct pollset *set, int fd) {
  unsigned count = capacity_for(set->place_count, (unsigned) fd + 1);
  struct place *places;

  if (count == set->place_count)
    return true;
  places = uvi_realloc(set->places, count * sizeof *places);
  if (places == NULL)
    return false;
  memset(places + set->place_count, 0, (count - set->place_count) * sizeof *places);
  set->places = places;
  set->place_count = count;
  return true;
}

static bool make_room(struct pollset *set) {
  unsigned capacity = capacity_for(set->capacity, set->count + 1);
  struct pollfd *fds;

  if (capacity == set->capacity)
    return true;
  fds = uvi_realloc(set->fds, capacity * sizeof *fds);
  if (fds == NULL)
    return false;
  set->fds = fds;
  set->capacity = capacity;
  return true;
}

static void take_out(struct pollset *set, int fd) {
  unsigned index = set->places[fd].number - 1;

  set->count--;
  set->fds[index] = set->fds[set->count];
  set->places[set->fds[index].fd].number = index + 1;
  set->places[fd].number = 0;
}

static int poll_backend_watch(struct uvi_loop *loop, int fd, uint32_t tag, uint32_t old,
                              uint32_t now) {
  struct pollset *set = loop->backend_data;
  unsigned number = (unsigned) fd < set->place_count ? set->places[fd].number : 0;

  UVI_ASSERT((number != 0) == (old != 0));
  (void) old;
  if (now == 0) {
    if (number != 0)
      take_out(set, fd);
    return 0;
  }

  if (number == 0) {
    if (!make_place(set, fd) || !make_room(set))
      return UV_ENOMEM;
    number = ++set->count;
    set->places[fd].number = number;
  }
  set->places[fd].tag = tag;
  set->fds[number - 1] = (struct pollfd){.fd = fd, .events = to_poll(now)};
  return 0;
}

static void poll_backend_forget(struct uvi_loop *loop, int fd, uint32_t old) {
  if (old != 0)
    (void) poll_backend_watch(loop, fd, 0, old, 0);
}

static int poll_backend_poll(struct uvi_loop *loop, int timeout_ms, struct uvi_event *events,
                             int budget) {
  struct pollset *set = loop->backend_data;
  struct timespec time = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L};
  sigset_t buffer;
  int filled = 0;
  int ready = UVI_SYS(ppoll)(set->fds, set->count, timeout_ms < 0 ? NULL : &time,
                             uvi_poll_signal_mask(loop, timeout_ms, &buffer));

  if (ready == -1)
    return errno == EINTR ? 0 : -errno;

  for (unsigned i = 0; i < set->count && filled < ready && filled < budget; i++) {
    unsigned index = (set->first + i) % set->count;
    const struct pollfd *fd = &set->fds[index];

    if (fd->revents == 0)
      continue;
    events[filled++] = (struct uvi_event){
        .fd = fd->fd, .tag = set->places[fd->fd].tag, .mask = from_poll(fd->revents)};
    if (filled == budget)
      set->first = index + 1;
  }
  return filled;
}

const struct uvi_backend uvi_backend_poll = {
    .name = "poll",
    .flags = 0,
    .init = poll_backend_init,
    .close = poll_backend_close,
    .fork = poll_backend_fork,
    .watch = poll_backend_watch,
    .forget = poll_backend_forget,
    .poll = poll_backend_poll,
    .wake = uvi_wake_write,
};
