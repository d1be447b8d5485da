/* Opening, forking and closing the POSIX side of a loop. */
#include <sched.h>

#include "backend/backend.h"
#include "core/fs_event.h"
#include "posix/io.h"
#include "posix/process.h"
#include "posix/signal.h"
#include "posix/wake.h"
#include "util/sys.h"

int uvi_platform_open(struct uvi_loop *loop) {
  int err;

  uvi_list_init(&loop->platform.changed);
  uvi_list_init(&loop->platform.signals);
  atomic_init(&loop->platform.signals_fired, 0);
  loop->platform.signals_due = false;
  loop->platform.wake_fd = -1;
  loop->platform.reserve_fd = -1;
  loop->platform.inotify = NULL;
  loop->platform.children = NULL;
  err = uvi_backend_open(loop);
  if (err != 0)
    return err;
  err = uvi_wake_open(loop);
  if (err != 0)
    uvi_platform_close(loop);
  return err;
}

void uvi_platform_close(struct uvi_loop *loop) {
  uvi_platform_watches_close(loop);
  uvi_children_free(loop);
  uvi_wake_close(loop);
  if (loop->platform.reserve_fd != -1)
    uvi_sys_close(loop->platform.reserve_fd);
  loop->platform.reserve_fd = -1;
  uvi_io_free(loop);
  loop->backend->close(loop);
}

int uvi_platform_fork(struct uvi_loop *loop) {
  int err = loop->backend->fork(loop);

  if (err != 0)
    return err;
  /* The wake-up is shared with the parent: a write would wake the other process. */
  uvi_io_fork(loop);
  uvi_signals_fork(loop);
  uvi_wake_close(loop);
  return uvi_wake_open(loop);
}

void uvi_platform_yield(void) {
  (void) sched_yield();
}
