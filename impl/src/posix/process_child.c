/* What the new process does before it becomes the program. Its memory may be the parent's: see
 * posix/process.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "posix/process.h"
#include "util/sys.h"

#ifndef NSIG
#define NSIG _NSIG
#endif

enum { FAILED = 127 }; /* what a shell exits with when it cannot run a program */

_Noreturn static void fail(struct uvi_child *child, int err) {
  ssize_t count;

  child->error = err;
  if (child->report_fd != -1) {
    do
      count = UVI_SYS(write)(child->report_fd, &err, sizeof err);
    while (count == -1 && errno == EINTR);
  }
  _exit(FAILED);
}

/* All signals are blocked here. Handlers are the parent's code, and what it ignores would stay ignored
 * in the program (UV-PROCESS-0070). */
static void default_signals(void) {
  struct sigaction action;

  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  for (int signum = 1; signum < NSIG; signum++) {
    if (signum != SIGKILL && signum != SIGSTOP)
      (void) UVI_SYS(sigaction)(signum, &action, NULL); /* the C library refuses its own */
  }
}

static void unblock_signals(void) {
  sigset_t none;

  sigemptyset(&none);
  (void) UVI_SYS(sigprocmask)(SIG_SETMASK, &none, NULL);
}

static int move_above(int fd, int count) {
  int moved = UVI_SYS(fcntl)(fd, F_DUPFD_CLOEXEC, count);

  return moved != -1 ? moved : -errno;
}

static int put_null(int target) {
  int fd = UVI_SYS(open)("/dev/null", target == 0 ? O_RDONLY : O_RDWR);
  int err = 0;

  if (fd == -1)
    return -errno;
  if (fd != target) {
    if (UVI_SYS(dup2)(fd, target) == -1)
      err = -errno;
    uvi_sys_close(fd);
  }
  return err;
}

/* Programs don't expect that their standard descriptors have them wait (UV-PROCESS-0044). */
static int make_blocking(int fd) {
  int flags = UVI_SYS(fcntl)(fd, F_GETFL);

  if (flags == -1)
    return -errno;
  if ((flags & O_NONBLOCK) && UVI_SYS(fcntl)(fd, F_SETFL, flags & ~O_NONBLOCK) == -1)
    return -errno;
  return 0;
}

static int put(int source, int target) {
  if (source == target) {
    if (UVI_SYS(fcntl)(target, F_SETFD, 0) == -1)
      return -errno;
  } else if (UVI_SYS(dup2)(source, target) == -1) {
    return -errno;
  }
  return target <= STDERR_FILENO ? make_blocking(target) : 0;
}

/* Targets are filled from 0 up, so a source below its target would be
 * overwritten before its turn: it is moved out of the way first. */
static int arrange_descriptors(struct uvi_child *child) {
  int *fds = child->fds;
  int err = 0;

  if (child->report_fd != -1 && child->report_fd < child->fd_count) {
    int moved = move_above(child->report_fd, child->fd_count);

    if (moved < 0)
      return moved;
    child->report_fd = moved;
  }
  for (int target = 0; target < child->fd_count; target++) {
    if (fds[target] >= 0 && fds[target] < target) {
      fds[target] = move_above(fds[target], child->fd_count);
      if (fds[target] < 0)
        return fds[target];
    }
  }
  for (int target = 0; err == 0 && target < child->fd_count; target++) {
    if (fds[target] >= 0)
      err = put(fds[target], target);
    else if (target <= STDERR_FILENO)
      err = put_null(target);
  }
  return err;
}

void uvi_child_run(struct uvi_child *child) {
  const uv_process_options_t *options = child->options;
  int err;

  default_signals();
  if (options->flags & UV_PROCESS_DETACHED)
    (void) UVI_SYS(setsid)(); /* a new process leads no group, so it can */
  err = arrange_descriptors(child);
  if (err == 0 && options->cwd != NULL && UVI_SYS(chdir)(options->cwd) != 0)
    err = -errno;
  if (err == 0)
    err = uvi_child_identity(options);
  if (err == 0) {
    unblock_signals();
    err = uvi_exec(child);
  }
  fail(child, err);
}
