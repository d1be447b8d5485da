/* Terminals. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <termios.h>

#include "posix/fd.h"
#include "posix/stream_io.h"
#include "util/sys.h"

/* What uv_tty_reset_mode() goes back to: the first terminal that left its normal mode. `original_busy`
 * guards the two, and is a flag since the reset may interrupt a change in the same thread. */
static atomic_flag original_busy = ATOMIC_FLAG_INIT;
static int original_fd = -1;
static struct termios original;

static void lock_original(void) {
  while (atomic_flag_test_and_set_explicit(&original_busy, memory_order_acquire))
    uvi_platform_yield();
}

static void unlock_original(void) {
  atomic_flag_clear_explicit(&original_busy, memory_order_release);
}

/* Opens the terminal behind `fd` once more, so that making it non-blocking is nobody else's concern: the
 * shell that started us shares the open file. Returns an error if it cannot be, as for the master side of
 * a pseudo terminal, which would be another one. */
static int open_again(int fd, int mode) {
  struct stat before;
  struct stat after;
  char path[256];
  int copy;

  if (ttyname_r(fd, path, sizeof path) != 0)
    return UV_ENOTTY;
#ifdef TIOCGPTN
  int number;

  if (UVI_SYS(ioctl)(fd, TIOCGPTN, &number) == 0)
    return UV_ENOTTY;
#endif
  copy = uvi_fd_open(path, mode | O_NOCTTY);
  if (copy < 0)
    return copy;
  if (UVI_SYS(fstat)(fd, &before) == 0 && UVI_SYS(fstat)(copy, &after) == 0 &&
      before.st_rdev == after.st_rdev)
    return copy;
  uvi_sys_close(copy);
  return UV_ENOTTY;
}

int uv_tty_init(uv_loop_t *loop, uv_tty_t *tty, uv_file fd, int readable) {
  uv_handle_type type = uv_guess_handle(fd);
  unsigned flags = 0;
  int own = -1; /* opened by us */
  int mode;
  int err;

  (void) readable; /* the descriptor knows */
  if (type == UV_FILE || type == UV_UNKNOWN_HANDLE)
    return UV_EINVAL;
  mode = uvi_fd_status(fd);
  if (mode < 0)
    return mode;
  mode &= O_ACCMODE;

  if (type == UV_TTY) {
    own = open_again(fd, mode);
    if (own < 0) {
      own = -1;
      flags |= UVI_STREAM_BLOCKING;
    }
  }
  uvi_stream_init(loop, UVI_STREAM(tty), UV_TTY);
  tty->mode = UV_TTY_MODE_NORMAL;

  if (mode != O_WRONLY)
    flags |= UVI_HANDLE_READABLE;
  if (mode != O_RDONLY)
    flags |= UVI_STREAM_WRITABLE;
  if (own != -1)
    fd = own;
  err = flags & UVI_STREAM_BLOCKING ? 0 : uvi_fd_nonblock(fd, true);
  if (err == 0)
    err = uvi_stream_open(UVI_STREAM(tty), fd, flags);
  if (err == 0)
    return 0;

  uvi_list_remove(uvi_list_of(tty->handle_queue));
  if (own != -1)
    uvi_sys_close(own);
  return err;
}

/* Sets `modes` to those of `mode`, starting from the terminal's own. */
static int modes_of(uv_tty_mode_t mode, struct termios *modes) {
  switch (mode) {
    case UV_TTY_MODE_NORMAL:
      return 0;
    case UV_TTY_MODE_RAW:
    case UV_TTY_MODE_RAW_VT: /* what the latter adds is the way of Unix anyway */
      modes->c_iflag &= ~(tcflag_t) (BRKINT | ICRNL | INPCK | ISTRIP | IXON);
      modes->c_oflag |= ONLCR; /* output goes on being text */
      modes->c_cflag |= CS8;
      modes->c_lflag &= ~(tcflag_t) (ECHO | ICANON | IEXTEN | ISIG);
      modes->c_cc[VMIN] = 1;
      modes->c_cc[VTIME] = 0;
      return 0;
    case UV_TTY_MODE_IO:
      cfmakeraw(modes);
      return 0;
    default:
      return UV_EINVAL;
  }
}

static int set_attributes(int fd, int when, const struct termios *modes) {
  int result;

  do
    result = tcsetattr(fd, when, modes);
  while (result == -1 && errno == EINTR);
  return result == 0 ? 0 : uv_translate_sys_error(errno);
}

static void remember_original(int fd, const struct termios *modes) {
  lock_original();
  if (original_fd == -1) {
    original = *modes;
    original_fd = fd;
  }
  unlock_original();
}

int uv_tty_set_mode(uv_tty_t *tty, uv_tty_mode_t mode) {
  int fd = uvi_stream_fd(UVI_STREAM(tty));
  struct termios modes;
  int err;

  if (tty->mode == (int) mode)
    return 0;
  if (fd == -1)
    return UV_EBADF;
  if (tty->mode == UV_TTY_MODE_NORMAL) {
    if (tcgetattr(fd, &tty->saved_termios) != 0)
      return uv_translate_sys_error(errno);
  }
  modes = tty->saved_termios;
  err = modes_of(mode, &modes);
  if (err != 0)
    return err;
  remember_original(fd, &tty->saved_termios);
  err = set_attributes(fd, TCSADRAIN, &modes);
  if (err == 0)
    tty->mode = (int) mode;
  return err;
}

int uv_tty_reset_mode(void) {
  int saved = errno; /* signal handlers call this */
  int err = 0;

  if (atomic_flag_test_and_set_explicit(&original_busy, memory_order_acquire))
    return UV_EBUSY;
  if (original_fd != -1)
    err = set_attributes(original_fd, TCSANOW, &original);
  unlock_original();
  errno = saved;
  return err;
}

void uvi_tty_close(uv_handle_t *handle) {
  uv_tty_t *tty = (uv_tty_t *) handle;
  int fd = uvi_stream_fd(UVI_STREAM(tty));

  if (fd != -1 && tty->mode != UV_TTY_MODE_NORMAL)
    (void) set_attributes(fd, TCSANOW, &tty->saved_termios);
  /* The descriptor is about to become something else. */
  lock_original();
  if (fd != -1 && original_fd == fd)
    original_fd = -1;
  unlock_original();
  uvi_stream_close(handle);
}

int uv_tty_get_winsize(uv_tty_t *tty, int *width, int *height) {
  struct winsize size;
  int result;

  do
    result = UVI_SYS(ioctl)(uvi_stream_fd(UVI_STREAM(tty)), TIOCGWINSZ, &size);
  while (result == -1 && errno == EINTR);
  if (result == -1)
    return uv_translate_sys_error(errno);
  *width = size.ws_col;
  *height = size.ws_row;
  return 0;
}

void uv_tty_set_vterm_state(uv_tty_vtermstate_t state) {
  (void) state; /* a matter of Windows */
}

int uv_tty_get_vterm_state(uv_tty_vtermstate_t *state) {
  (void) state;
  return UV_ENOTSUP;
}
