/* How a child comes into being on Linux (D-0110).
 *
 * With the memory of the parent, which waits until the exec (CLONE_VM and CLONE_VFORK): that costs the same
 * however much memory the parent has. Functions that were given to pthread_atfork() don't run then, which
 * no library minds whose functions guard its own state in a child that goes on without exec. A program may
 * mind: uvloop has them run code of its users. So where anybody but those libraries can have registered such
 * functions, it is fork(). */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "linux/atfork_users.h"
#include "posix/process.h"
#include "util/check.h"
#include "util/sys.h"

enum { STACK_SIZE = 64 * 1024 };

static int run_child(void *child) {
  uvi_child_run(child);
}

static int start_shared(struct uvi_child *child, pid_t *pid) {
  int saved = errno;
  char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

  if (stack == MAP_FAILED)
    return -errno;
  child->error = 0;
  *pid = UVI_SYS(clone)(run_child, stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, child);
  if (*pid == -1)
    child->error = -errno;
  else if (child->error != 0)
    uvi_child_reap(*pid);
  (void) munmap(stack, STACK_SIZE);
  errno = saved; /* the child's calls have written to it */
  return child->error;
}

/* The sanitizers' shadow of the parent's memory would follow the child. */
static bool can_share(void) {
#ifdef UVI_SANITIZED
  return false;
#else
  const char *wanted = getenv("UVI_SPAWN"); /* for tests: "fork" or "share" */

  if (wanted != NULL && strcmp(wanted, "fork") == 0)
    return false;
  return (wanted != NULL && strcmp(wanted, "share") == 0) || !uvi_atfork_is_used();
#endif
}

int uvi_child_start(struct uvi_child *child, pid_t *pid) {
  bool share = can_share();
  sigset_t all;
  sigset_t before;
  int cancel;
  int err;

  /* No handler may run in the child, which would find itself in the parent's memory, and nobody may
   * end this thread halfway. */
  sigfillset(&all);
  (void) pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
  (void) pthread_sigmask(SIG_BLOCK, &all, &before);
  err = share ? start_shared(child, pid) : uvi_child_fork(child, pid);
  (void) pthread_sigmask(SIG_SETMASK, &before, NULL);
  (void) pthread_setcancelstate(cancel, NULL);
  return err;
}
