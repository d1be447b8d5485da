/* The POSIX part of a loop: the table of descriptors and the wake-up. No system header here, as
 * core includes this. */
#ifndef UVI_POSIX_PLATFORM_LOOP_H_
#define UVI_POSIX_PLATFORM_LOOP_H_

#include <stdatomic.h>
#include <stdint.h>

#include "util/list.h"

struct uvi_inotify;
struct uvi_children;
struct uvi_io;
struct uvi_loop;

/* Called for a descriptor that is ready, and in the pending phase for a watcher that was fed:
 * `mask` is UVI_IO_*. Returns how many callbacks of the program it ran or otherwise got done; 0
 * says that the event meant nothing, so that a loop that waits goes on waiting. */
typedef unsigned uvi_io_cb(struct uvi_loop *loop, struct uvi_io *io, uint32_t mask);

/* What the public header calls uv__io_t: a descriptor that the loop watches. Owned by a handle,
 * which keeps it in place until uvi_io_close(). */
struct uvi_io {
  uvi_io_cb *cb;
  struct uvi_list pending; /* in loop->pending while it is fed */
  struct uvi_list changed; /* in platform.changed while the backend is not up to date */
  uint32_t want;           /* UVI_IO_* that it wants to hear of */
  uint32_t fed;            /* UVI_IO_* that the pending phase will deliver */
  int fd;
};

/* What the loop knows of a descriptor. `tag` moves on when the descriptor is forgotten: an event
 * with an older one is stale. */
struct uvi_io_slot {
  struct uvi_io *io; /* NULL: nobody watches it */
  uint32_t tag;
  uint32_t have;  /* the backend's idea of the interest */
  uint32_t round; /* of the poll phase, in which it was reported last; 0: in none */
};

struct uvi_platform_loop {
  struct uvi_io_slot *slots; /* by descriptor */
  unsigned slot_count;
  struct uvi_list changed; /* watchers whose `want` the backend doesn't know yet */
  struct uvi_io wake;
  int reserve_fd;                /* given up when accepting runs out of descriptors; -1: none */
  struct uvi_list signals;       /* caught and not told yet: see signal.c */
  atomic_uint signals_fired;     /* there may be some */
  bool signals_due;              /* this poll found them */
  struct uvi_inotify *inotify;   /* watches of paths; NULL: none yet */
  int wake_fd;                   /* what a sender writes to; wake.fd is what the loop reads */
  struct uvi_children *children; /* NULL until the first one: see process.c */
};

#endif
