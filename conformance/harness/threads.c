/* Threads, signals and forked children of a scenario, made with the system's own means. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "threads.h"
#include "allocator.h"
#include "scenario.h"
#include "store.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { GROUPS_MAX = 16, THREADS_MAX = 64 };

struct group {
  const char *name;
  int count;
  void (*body)(void);
  void (*last)(void);
  atomic_int go;       /* all threads exist: start together */
  atomic_int finished; /* bodies that have returned */
  int joined;
  pthread_t threads[THREADS_MAX];
};

static struct group groups[GROUPS_MAX];
static atomic_int group_count;
static int in_forked_child;

/* ---- threads ---- */

static struct group *find_group(const char *name) {
  for (int i = 0, count = atomic_load(&group_count); i < count; i++) {
    if (strcmp(groups[i].name, name) == 0)
      return &groups[i];
  }
  uvt_give_up(UVT_UNRESOLVED, "the scenario names a group of threads that it did not start");
}

static void *run_thread(void *argument) {
  struct group *group = argument;
  while (!atomic_load(&group->go))
    sched_yield();
  group->body();
  /* Counted before `last` runs: what `last` wakes up may ask whether all have finished. */
  int rank = atomic_fetch_add(&group->finished, 1) + 1;
  if (rank == group->count && group->last != NULL)
    group->last();
  return NULL;
}

void uvt_threads_start(const char *name, int count, void (*body)(void), void (*last)(void)) {
  int index = atomic_load(&group_count);
  if (index == GROUPS_MAX || count > THREADS_MAX) {
    uvt_give_up(UVT_UNRESOLVED, "too many threads for the harness");
  }
  struct group *group = &groups[index];
  group->name = name;
  group->count = count;
  group->body = body;
  group->last = last;
  atomic_store(&group_count, index + 1);
  for (int i = 0; i < count; i++) {
    if (pthread_create(&group->threads[i], NULL, run_thread, group) != 0) {
      uvt_give_up(UVT_UNRESOLVED, "the system refuses a thread");
    }
  }
  atomic_store(&group->go, 1);
}

static void join_group(struct group *group) {
  if (group->joined)
    return;
  group->joined = 1;
  for (int i = 0; i < group->count; i++)
    pthread_join(group->threads[i], NULL);
}

void uvt_threads_join(const char *name) {
  join_group(find_group(name));
}

void uvt_threads_join_all(void) {
  if (in_forked_child)
    return; /* they do not exist there */
  for (int i = 0; i < atomic_load(&group_count); i++)
    join_group(&groups[i]);
}

int uvt_threads_finished(const char *name) {
  return atomic_load(&find_group(name)->finished);
}

/* ---- children ---- */

int uvt_in_forked_child(void) {
  return in_forked_child;
}

static void check_child(int status, int signum) {
  char seen[64] = "";
  int number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  if (signum == 0 ? WIFEXITED(status) && number == 0 : WIFSIGNALED(status) && number == signum) {
    return;
  }
  uvt_add_text(seen, sizeof seen, WIFSIGNALED(status) ? "killed by signal " : "exit status ");
  uvt_add_number(seen, sizeof seen, number);
  uvt_fail("the forked child", signum == 0 ? "reaches its end" : "aborts", seen);
}

/* A sanitizer that has something to say about a child's end starts helpers, which outlive it for a
 * moment and are no fault of the test: these are in the child's group, and end by themselves. */
static void own_group(pid_t pid) {
  setpgid(pid, pid);
#ifdef __linux__
  if (pid != 0)
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
}

static void reap_group(pid_t pid) {
  while (waitpid(-pid, NULL, 0) > 0 || errno == EINTR)
    continue;
}

/* `signum` is what must end the child; 0: nothing. */
static int fork_and_wait(int signum) {
  fflush(NULL); /* else both would write what is buffered */
  uvt_alloc_lock();
  pid_t pid = fork();
  uvt_alloc_unlock();
  if (pid == -1)
    uvt_give_up(UVT_UNRESOLVED, "the system refuses a child process");
  if (signum != 0)
    own_group(pid);
  if (pid == 0) {
    in_forked_child = 1;
    return 1;
  }
  int status = 0;
  pid_t ended;
  do {
    ended = waitpid(pid, &status, 0);
  } while (ended == -1 && errno == EINTR);
  if (ended != pid) {
    uvt_fail("the forked child", "is left for its parent to wait for", "somebody else reaped it");
    return 0;
  }
  if (signum != 0)
    reap_group(pid);
  check_child(status, signum);
  return 0;
}

int uvt_fork(void) {
  return fork_and_wait(0);
}

int uvt_fork_aborts(void) {
  return fork_and_wait(SIGABRT);
}

void uvt_fork_exit(void) {
  _exit(0);
}
