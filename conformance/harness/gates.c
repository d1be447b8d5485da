/* Gates: a scenario holds threads there that it does not own, those of a thread pool, and learns how many
 * have come. Made with the system's own locks: the library's may be what is tested. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

enum { GATES_MAX = 8 };

static struct {
  int is_open;
  int waiting;
  int passed;
} gates[GATES_MAX];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;

static int checked(int gate) {
  if (gate < 0 || gate >= GATES_MAX)
    uvt_give_up(UVT_UNRESOLVED, "the harness has no such gate");
  return gate;
}

void uvt_gate_wait(int gate) {
  pthread_mutex_lock(&lock);
  gates[checked(gate)].waiting++;
  pthread_cond_broadcast(&change);
  while (!gates[gate].is_open)
    pthread_cond_wait(&change, &lock);
  gates[gate].waiting--;
  gates[gate].passed++;
  pthread_cond_broadcast(&change);
  pthread_mutex_unlock(&lock);
}

void uvt_gate_open(int gate) {
  pthread_mutex_lock(&lock);
  gates[checked(gate)].is_open = 1;
  pthread_cond_broadcast(&change);
  pthread_mutex_unlock(&lock);
}

void uvt_gate_shut(int gate) {
  pthread_mutex_lock(&lock);
  gates[checked(gate)].is_open = 0;
  pthread_mutex_unlock(&lock);
}

void uvt_gate_await(int gate, int count) {
  pthread_mutex_lock(&lock);
  while (gates[checked(gate)].waiting + gates[gate].passed < count) {
    pthread_cond_wait(&change, &lock);
  }
  pthread_mutex_unlock(&lock);
}

int uvt_gate_came(int gate) {
  pthread_mutex_lock(&lock);
  int came = gates[checked(gate)].waiting + gates[gate].passed;
  pthread_mutex_unlock(&lock);
  return came;
}

/* ---- what goes with it ---- */

#ifdef __linux__
int uvt_main_thread(void) {
  return syscall(SYS_gettid) == getpid();
}
#else
static pthread_t main_thread;

__attribute__((constructor)) static void note_main_thread(void) {
  main_thread = pthread_self(); /* also right in a forked child, which is what runs a test */
}

int uvt_main_thread(void) {
  return pthread_equal(main_thread, pthread_self()) != 0;
}
#endif

void uvt_set_env(const char *name, const char *value) {
  if (value == NULL)
    unsetenv(name);
  else if (setenv(name, value, 1) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no room in the environment");
}

#ifdef __GLIBC__
void uvt_small_stacks(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  int error = pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
  if (error != 0)
    uvt_give_up(UVT_UNRESOLVED, "the default stack size stays");
}
#else
void uvt_small_stacks(void) {} /* the system's default is the smallest one that can be had */
#endif
