/* Starting a child with fork(), which runs what pthread_atfork() was given. Errors come back through a
 * pipe that the exec closes. */
#include <errno.h>
#include <sys/wait.h>

#include "posix/fd.h"
#include "posix/process.h"
#include "util/sys.h"

void uvi_child_reap(pid_t pid) {
  while (UVI_SYS(waitpid)(pid, NULL, 0) == -1 && errno == EINTR)
    continue;
}

/* 0 at the end of the file: the program runs. */
static int read_report(int fd) {
  int report = 0;
  ssize_t count;

  do
    count = UVI_SYS(read)(fd, &report, sizeof report);
  while (count == -1 && errno == EINTR);
  return count == (ssize_t) sizeof report ? report : 0;
}

int uvi_child_fork(struct uvi_child *child, pid_t *pid) {
  int fds[2];
  int err = uvi_fd_pipe(fds, false, false);

  if (err != 0)
    return err;
  child->report_fd = fds[1];
  *pid = UVI_SYS(fork)();
  if (*pid == 0)
    uvi_child_run(child);
  if (*pid == -1)
    err = -errno;
  uvi_sys_close(fds[1]);
  if (*pid != -1)
    err = read_report(fds[0]);
  uvi_sys_close(fds[0]);
  if (err != 0 && *pid != -1)
    uvi_child_reap(*pid);
  return err;
}
