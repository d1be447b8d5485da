/* Poll handles: readiness of descriptors that belong to the program, which may close one and open
 * another of the same number as soon as its handle is stopped. So a stop tells the backend at
 * once, unlike the other watchers, whose changes wait for the next poll. */
#include <sys/stat.h>

#include "backend/backend.h"
#include "core/handle.h"
#include "posix/fd.h"
#include "posix/io.h"
#include "util/sys.h"

static const struct {
  int event;
  uint32_t io;
} bits[] = {
    {UV_READABLE, UVI_IO_READABLE},
    {UV_WRITABLE, UVI_IO_WRITABLE},
    {UV_DISCONNECT, UVI_IO_PEER_SHUT},
    {UV_PRIORITIZED, UVI_IO_PRIORITY},
};

static uint32_t to_io(int events) {
  uint32_t mask = 0;

  for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
    mask |= events & bits[i].event ? bits[i].io : 0;
  return mask;
}

static int from_io(uint32_t mask) {
  int events = 0;

  for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
    events |= mask & bits[i].io ? bits[i].event : 0;
  return events;
}

static struct uvi_io *io_of(uv_poll_t *poll) {
  return (struct uvi_io *) (void *) &poll->io_watcher;
}

static void stop(uv_poll_t *poll) {
  uvi_io_forget(uvi_loop_of(poll->loop), io_of(poll));
  uvi_handle_stop(UVI_HANDLE(poll));
}

/* What the program is told: bits that it asked for and no others. A hang-up is the end of the
 * connection, whatever the system calls it; one that comes with nothing else is told as all that was
 * asked for, as any use of the descriptor will find out (UV-POLL-0041). */
static uint32_t wanted_part(uint32_t mask, uint32_t want) {
  if (mask & UVI_IO_HANGUP)
    mask |= UVI_IO_PEER_SHUT;
  return (mask & want) != 0 ? mask & want : want;
}

static unsigned on_ready(struct uvi_loop *loop, struct uvi_io *io, uint32_t mask) {
  uv_poll_t *poll = UVI_CONTAINER_OF(io, uv_poll_t, io_watcher);

  (void) loop;
  /* Files in sysfs report an error together with what they have to tell. */
  if ((mask & UVI_IO_ERROR) && !(mask & UVI_IO_PRIORITY)) {
    stop(poll);
    poll->poll_cb(poll, UV_EBADF, 0);
  } else {
    poll->poll_cb(poll, 0, from_io(wanted_part(mask, io->want)));
  }
  return 1;
}

/* Some mechanisms refuse what is always ready, others don't: here it is refused. */
static int check_kind(int fd) {
  struct stat st;

  if (UVI_SYS(fstat)(fd, &st) != 0)
    return UV_EBADF;
  return S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) ? UV_EPERM : 0;
}

int uv_poll_init(uv_loop_t *loop, uv_poll_t *poll, int fd) {
  int err = fd >= 0 ? check_kind(fd) : UV_EBADF;

  if (err == 0)
    err = uvi_io_check(uvi_loop_of(loop), fd);
  if (err == 0)
    err = uvi_fd_nonblock(fd, true);
  if (err != 0)
    return err;

  uvi_handle_init(loop, UVI_HANDLE(poll), UV_POLL);
  uvi_io_init(io_of(poll), on_ready, fd);
  poll->poll_cb = NULL;
  return 0;
}

int uv_poll_init_socket(uv_loop_t *loop, uv_poll_t *poll, uv_os_sock_t socket) {
  return uv_poll_init(loop, poll, socket);
}

int uv_poll_start(uv_poll_t *poll, int events, uv_poll_cb poll_cb) {
  struct uvi_loop *loop = uvi_loop_of(poll->loop);
  uint32_t want = to_io(events);
  int err;

  if (uvi_handle_is_closing(UVI_HANDLE(poll)))
    return UV_EINVAL;
  stop(poll);
  if (want == 0)
    return 0;
  err = uvi_io_want(loop, io_of(poll), want); /* UV-POLL-0034: UV_EEXIST */
  if (err != 0)
    return err;
  poll->poll_cb = poll_cb;
  uvi_handle_start(UVI_HANDLE(poll));
  return 0;
}

int uv_poll_stop(uv_poll_t *poll) {
  if (!uvi_handle_is_closing(UVI_HANDLE(poll)))
    stop(poll);
  return 0;
}

void uvi_poll_close(uv_handle_t *handle) {
  uv_poll_t *poll = (uv_poll_t *) handle;

  uvi_io_close(uvi_loop_of(poll->loop), io_of(poll));
  uvi_handle_stop(handle);
}
