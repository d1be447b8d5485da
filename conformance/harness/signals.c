/* What the process does with a signal, as the system sees it.
 *
 * Its twin for `uvspec repro` is repro/dispositions.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Whether the signal does what it does in a process that never asked for it. The system itself is asked: sanitizers have
 * an idea of their own. */
int uvt_signal_default(int signum) {
  struct {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
  } action = {SIG_IGN, 0, NULL, 0};
  return syscall(SYS_rt_sigaction, signum, NULL, &action, sizeof action.mask) == 0 &&
         action.handler == SIG_DFL;
}

/* Whether system calls go on after it. */
int uvt_signal_restarts(int signum) {
  struct sigaction action;
  return sigaction(signum, NULL, &action) == 0 && (action.sa_flags & SA_RESTART) != 0;
}

/* Sends it to the process so many times, to this thread, and tells whether errno came through all of them. */
int uvt_raise_keeps_errno(int signum, int times) {
  const int before = EXDEV; /* nothing here makes that */
  errno = before;
  for (int i = 0; i < times; i++)
    raise(signum);
  return errno == before;
}

/* Sends it to the process: any thread may take it. */
void uvt_kill_self(int signum) {
  kill(getpid(), signum);
}
