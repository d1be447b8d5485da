/* One child process for one test. The parent keeps nothing the child could spoil: results are in shared
 * memory, output goes through a pipe that is read with a bound, and every process the test has started
 * is killed, wherever it has hidden. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "files.h"
#include "harness.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { STRAY_ROUNDS = 200 };

static volatile sig_atomic_t told_to_end;
static sigset_t mask_outside; /* the mask to wait with: SIGCHLD comes through */

/* ---- clock, descriptors ---- */

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_from(int first) {
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 34)
  if (close_range((unsigned) first, ~0u, 0) == 0)
    return;
#endif
#endif
  long limit = sysconf(_SC_OPEN_MAX);
  if (limit < 0 || limit > 65536)
    limit = 65536;
  for (int fd = first; fd < limit; fd++)
    close(fd);
}

/* ---- signals of the parent ---- */

static void on_child(int signum) {
  (void) signum; /* it only interrupts pselect() */
}

static void on_end(int signum) {
  (void) signum;
  told_to_end = 1;
}

void uvt_isolate_init(void) {
  int fd;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_child;
  sigaction(SIGCHLD, &action, NULL);
  action.sa_handler = on_end;
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGINT);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  sigemptyset(&mask_outside);
  /* A pipe must not become descriptor 0, 1 or 2 because somebody had closed that. */
  while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd < 3)
    continue;
  close_from(3);
#ifdef PR_SET_CHILD_SUBREAPER
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* orphans of a test come to us, not to init */
#endif
}

int uvt_wait_readable(int fd) {
  fd_set readable;
  int count;
  do {
    FD_ZERO(&readable);
    FD_SET(fd, &readable);
    count = pselect(fd + 1, &readable, NULL, NULL, NULL, &mask_outside);
  } while (count == -1 && errno == EINTR && !told_to_end);
  return count == 1 && !told_to_end;
}

/* ---- the child ---- */

static void default_signals(void) {
  static const int signals[] = {SIGCHLD, SIGTERM, SIGINT,  SIGHUP, SIGPIPE,
                                SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM};
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
    signal(signals[i], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void be_child(int output, pid_t parent, void (*body)(void *), void *argument) {
  setpgid(0, 0);
#ifdef PR_SET_PDEATHSIG
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != parent)
    _exit(1);
#else
  (void) parent;
#endif
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  int input = open("/dev/null", O_RDONLY);
  if (input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
    _exit(1);
  close_from(3);
  default_signals();
  body(argument);
  exit(0); /* not _exit(): sanitizers and the library's destructors have their say */
}

/* ---- processes left behind ---- */

/* State and parent of a process, and whether it is refusals.c's; 0 if there is none such. */
static int read_process(int pid, char *state, int *parent, int *is_ours) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0)
    return 0;
  text[length] = '\0';
  const char *after_name = strrchr(text, ')');
  *is_ours = strstr(text, "(uvt-refusals)") != NULL;
  return after_name != NULL && sscanf(after_name + 1, " %c %d", state, parent) == 2;
}

/* Kills every living child of ours and returns how many there were; none that can be found without
 * /proc. */
static int kill_children(void) {
  DIR *folder = opendir("/proc");
  int found = 0;
  if (folder == NULL)
    return 0;
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL) {
    int pid = atoi(entry->d_name), parent = 0, is_ours = 0;
    char state = 'Z';
    if (pid <= 0 || !read_process(pid, &state, &parent, &is_ours))
      continue;
    if (parent != getpid() || state == 'Z' || state == 'X')
      continue;
    kill(pid, SIGKILL);
    found += !is_ours;
  }
  closedir(folder);
  return found;
}

/* Reaps the test and everything it has started; returns how many of these were still running. */
static int bury(pid_t test, int *status) {
  int strays = 0;
  waitpid(test, status, 0);
  for (int round = 0; round < STRAY_ROUNDS; round++) {
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
      continue;
    if (pid == -1)
      return strays; /* ECHILD: the usual case, and a cheap one */
    int killed = kill_children();
    if (round == 0)
      strays = killed;
    kill(-test,
         SIGKILL); /* for systems without /proc; while a member lives, nobody else gets the group */
    const struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL); /* what these had started comes to us as they die */
  }
  return strays;
}

/* ---- output ---- */

static void keep_output(struct uvt_outcome *outcome, const char *text, size_t size) {
  size_t limit = sizeof outcome->output;
  if (size > limit) {
    text += size - limit;
    size = limit;
  }
  if (outcome->output_size + size > limit) {
    size_t drop = outcome->output_size + size - limit;
    memmove(outcome->output, outcome->output + drop, outcome->output_size - drop);
    outcome->output_size -= drop;
  }
  memcpy(outcome->output + outcome->output_size, text, size);
  outcome->output_size += size;
}

/* Reads what is there, at most `rounds` times: a test may write without end. False at end of file. */
static int drain(int fd, struct uvt_outcome *outcome, int rounds) {
  char buffer[16384];
  for (int i = 0; i < rounds; i++) {
    ssize_t length = read(fd, buffer, sizeof buffer);
    if (length == 0)
      return 0;
    if (length < 0)
      return errno == EAGAIN || errno == EINTR;
    keep_output(outcome, buffer, (size_t) length);
  }
  return 1;
}

/* ---- the parent ---- */

static int has_ended(pid_t pid) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  /* WNOWAIT leaves it a zombie, so that its process ID and group stay taken. */
  if (waitid(P_PID, (id_t) pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
    return 1;
  return info.si_pid == pid;
}

static void watch(pid_t pid, int output, long watchdog_ms, struct uvt_outcome *outcome) {
  long end_ms = now_ms() + watchdog_ms;
  int is_open = 1;
  while (!has_ended(pid)) {
    long left_ms = end_ms - now_ms();
    if (left_ms <= 0 || told_to_end) {
      outcome->timed_out = 1;
      kill(-pid, SIGKILL);
      kill(pid, SIGKILL); /* it may have left its group */
      left_ms = 100;
    }
    struct timespec timeout = {left_ms / 1000, left_ms % 1000 * 1000000};
    fd_set readable;
    FD_ZERO(&readable);
    if (is_open)
      FD_SET(output, &readable);
    int count = pselect(output + 1, &readable, NULL, NULL, &timeout, &mask_outside);
    if (count > 0)
      is_open = drain(output, outcome, 4);
  }
}

static int start(void (*body)(void *), void *argument, int output[2], pid_t *pid) {
  pid_t parent = getpid();
  if (pipe2(output, O_CLOEXEC) != 0)
    return -1;
  fcntl(output[0], F_SETFL, O_NONBLOCK);
  fflush(NULL);
  *pid = fork();
  if (*pid == 0)
    be_child(output[1], parent, body, argument);
  if (*pid > 0) {
    setpgid(*pid, *pid); /* whoever of the two comes first */
    close(output[1]);
    return 0;
  }
  close(output[0]);
  close(output[1]);
  return -1;
}

void uvt_isolate(void (*body)(void *), void *argument, long watchdog_ms,
                 struct uvt_outcome *outcome) {
  int output[2], status = 0;
  pid_t pid;
  memset(outcome, 0, sizeof *outcome);
  if (start(body, argument, output, &pid) != 0) {
    outcome->error = strerror(errno);
    return;
  }
  long start_ms = now_ms();
  watch(pid, output[0], watchdog_ms, outcome);
  outcome->strays = bury(pid, &status);
  uvt_folder_remove(pid);
  outcome->ms = now_ms() - start_ms;
  drain(output[0], outcome, 64);
  close(output[0]);
  outcome->exited = WIFEXITED(status);
  outcome->code = outcome->exited ? WEXITSTATUS(status) : WTERMSIG(status);
  if (told_to_end)
    _exit(130);
}
