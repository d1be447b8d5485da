/* What the process does with a signal, as the system sees it.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
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

static void (*uvt_handlers[NSIG])(int);

/* What a scenario does in a handler may fail and say so; whom it interrupts must not see that. */
static void uvt_keep_errno(int signum) {
  const int before = errno;
  uvt_handlers[signum](signum);
  errno = before;
}

void uvt_on_signal(int signum, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  uvt_handlers[signum] = handler;
  action.sa_handler = uvt_keep_errno;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (sigaction(signum, &action, NULL) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the system refuses a signal handler");
}
