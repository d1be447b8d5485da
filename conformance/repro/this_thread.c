static size_t uvt_stack_size(void) {
  pthread_attr_t attributes;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    abort();
  pthread_attr_getstacksize(&attributes, &size);
  pthread_attr_destroy(&attributes);
  return size;
}

static int uvt_thread_detached(void) {
  pthread_attr_t attributes;
  int state = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    abort();
  pthread_attr_getdetachstate(&attributes, &state);
  pthread_attr_destroy(&attributes);
  return state == PTHREAD_CREATE_DETACHED;
}

static void uvt_stack_limit(unsigned long long bytes) {
  struct rlimit limit;
  getrlimit(RLIMIT_STACK, &limit);
  limit.rlim_cur = bytes == UINT64_MAX ? RLIM_INFINITY : (rlim_t) bytes;
  if (setrlimit(RLIMIT_STACK, &limit) != 0)
    abort();
}

static const char *uvt_thread_name(void) {
  static _Thread_local char name[64];
  prctl(PR_GET_NAME, name);
  return name;
}

static int uvt_thread_nice(void) {
  return getpriority(PRIO_PROCESS, 0);
}

static int uvt_cpu_allowed(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  return cpu >= 0 && cpu < CPU_SETSIZE && CPU_ISSET(cpu, &set);
}

static int uvt_first_cpu(void) {
  int cpu = 0;
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  while (cpu < CPU_SETSIZE && !CPU_ISSET(cpu, &set))
    cpu++;
  return cpu;
}

static void uvt_block_signal(int signum) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signum);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void uvt_unblock_signal(int signum) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signum);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static int uvt_signal_blocked(int signum) {
  sigset_t set;
  pthread_sigmask(SIG_BLOCK, NULL, &set);
  return sigismember(&set, signum) == 1;
}

static void uvt_interrupt_every(unsigned ms) {
  struct itimerval timer = {{0, (suseconds_t) ms * 1000}, {0, (suseconds_t) ms * 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
}
