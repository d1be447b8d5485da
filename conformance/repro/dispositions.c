static int uvt_signal_default(int signum) {
  struct {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
  } action = {SIG_IGN, 0, NULL, 0};
  return syscall(SYS_rt_sigaction, signum, NULL, &action, sizeof action.mask) == 0 &&
         action.handler == SIG_DFL;
}

static int uvt_signal_restarts(int signum) {
  struct sigaction action;
  return sigaction(signum, NULL, &action) == 0 && (action.sa_flags & SA_RESTART) != 0;
}

static int uvt_raise_keeps_errno(int signum, int times) {
  const int before = EXDEV;
  errno = before;
  for (int i = 0; i < times; i++)
    raise(signum);
  return errno == before;
}

static void uvt_kill_self(int signum) {
  kill(getpid(), signum);
}
