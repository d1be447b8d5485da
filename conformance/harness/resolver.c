/* getaddrinfo() and getnameinfo() as the library under test sees them: the program's definitions come
 * before the C library's. They ask the C library, unless a scenario wants them to wait at a gate or to
 * answer with an error. No network is needed to be slow, and nobody has to know what a name means. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <stdatomic.h>
#include <string.h>

#define UVT_EXPORT __attribute__((visibility("default")))

static atomic_int gate = -1;
static atomic_int answer;
static atomic_int calls;
static _Atomic(char)
    asked[512]; /* written by one look-up at a time in the scenarios that read it */

void uvt_resolver_gate(int which) {
  atomic_store(&gate, which);
}

void uvt_resolver_answer(int eai) {
  atomic_store(&answer, eai);
}

int uvt_resolver_calls(void) {
  return atomic_load(&calls);
}

const char *uvt_resolver_asked(void) {
  static char text[sizeof asked];
  for (size_t i = 0; i < sizeof text; i++)
    text[i] = atomic_load(&asked[i]);
  return text;
}

static void note_name(const char *name) {
  size_t i = 0;
  if (name == NULL)
    name = "";
  for (; name[i] != '\0' && i < sizeof asked - 1; i++)
    atomic_store(&asked[i], name[i]);
  atomic_store(&asked[i], '\0');
  atomic_fetch_add(&calls, 1);
}

static int wait_and_answer(void) {
  int which = atomic_load(&gate);
  if (which >= 0)
    uvt_gate_wait(which);
  errno = EMFILE; /* what EAI_SYSTEM is about */
  return atomic_load(&answer);
}

/* The definition behind ours. */
static void find_next(const char *symbol, void *function, size_t size) {
  void *found = dlsym(RTLD_NEXT, symbol);
  if (found == NULL)
    uvt_give_up(UVT_UNRESOLVED, "the C library has no resolver");
  memcpy(function, &found, size); /* the standard has no conversion */
}

UVT_EXPORT int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                           struct addrinfo **found) {
  int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  note_name(name);
  int error = wait_and_answer();
  if (error != 0)
    return error;
  find_next("getaddrinfo", &next, sizeof next);
  return next(name, service, hints, found);
}

UVT_EXPORT int getnameinfo(const struct sockaddr *address, socklen_t size, char *host,
                           socklen_t host_size, char *service, socklen_t service_size, int flags) {
  int (*next)(const struct sockaddr *, socklen_t, char *, socklen_t, char *, socklen_t, int);
  atomic_fetch_add(&calls, 1);
  int error = wait_and_answer();
  if (error != 0)
    return error;
  find_next("getnameinfo", &next, sizeof next);
  return next(address, size, host, host_size, service, service_size, flags);
}
