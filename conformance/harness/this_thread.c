/* What the system says of the calling thread, and what a scenario asks of the system for it. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

/* ---- its stack and state ---- */

static void get_attributes(pthread_attr_t *attributes) {
  if (pthread_getattr_np(pthread_self(), attributes) != 0) {
    uvt_give_up(UVT_UNRESOLVED, "the system says nothing of its threads");
  }
}

size_t uvt_stack_size(void) {
  pthread_attr_t attributes;
  size_t size = 0;
  get_attributes(&attributes);
  pthread_attr_getstacksize(&attributes, &size);
  pthread_attr_destroy(&attributes);
  return size;
}

int uvt_thread_detached(void) {
  pthread_attr_t attributes;
  int state = PTHREAD_CREATE_JOINABLE;
  get_attributes(&attributes);
  pthread_attr_getdetachstate(&attributes, &state);
  pthread_attr_destroy(&attributes);
  return state == PTHREAD_CREATE_DETACHED;
}

void uvt_stack_limit(unsigned long long bytes) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no limit to change");
  limit.rlim_cur = bytes == UINT64_MAX ? RLIM_INFINITY : (rlim_t) bytes;
  if (setrlimit(RLIMIT_STACK, &limit) == 0)
    return;
  uvt_give_up(UVT_UNRESOLVED, "the system does not let the stack's limit be raised so far");
}

/* ---- its name, priority and processors ---- */

const char *uvt_thread_name(void) {
  static _Thread_local char name[64];
#ifdef __linux__
  if (prctl(PR_GET_NAME, name) == 0)
    return name;
#endif
  uvt_give_up(UVT_UNRESOLVED, "the system does not tell the thread's name");
}

int uvt_thread_nice(void) {
  errno = 0;
  int nice = getpriority(PRIO_PROCESS, 0); /* Linux: of the thread */
  if (nice == -1 && errno != 0)
    uvt_give_up(UVT_UNRESOLVED, "the thread has no nice value");
  return nice;
}

int uvt_cpu_allowed(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) { /* 0: the calling thread */
    uvt_give_up(UVT_UNRESOLVED, "the system does not tell the thread's processors");
  }
  return cpu >= 0 && cpu < CPU_SETSIZE && CPU_ISSET(cpu, &set);
}

int uvt_first_cpu(void) {
  int cpu = 0;
  while (cpu < CPU_SETSIZE && !uvt_cpu_allowed(cpu))
    cpu++;
  return cpu;
}

/* ---- its signals ---- */

void uvt_block_signal(int signum) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signum);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void uvt_unblock_signal(int signum) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signum);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int uvt_signal_blocked(int signum) {
  sigset_t set;
  sigemptyset(&set);
  pthread_sigmask(SIG_BLOCK, NULL, &set);
  return sigismember(&set, signum) == 1;
}

void uvt_interrupt_every(unsigned ms) {
  struct sigaction action;
  struct itimerval timer;
  sigaction(SIGALRM, NULL, &action);
  action.sa_flags &= ~SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  memset(&timer, 0, sizeof timer);
  timer.it_interval.tv_sec = ms / 1000;
  timer.it_interval.tv_usec = (suseconds_t) (ms % 1000) * 1000;
  timer.it_value = timer.it_interval;
  setitimer(ITIMER_REAL, &timer, NULL);
}
