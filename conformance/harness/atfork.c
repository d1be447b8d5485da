/* Functions given to pthread_atfork(), counted in memory that a child shares. They are registered by a small
 * library of their own (atfork_library.c), as a program's extensions would: a library under test may want to
 * know whether anything that is loaded can have registered some.
 *
 * Its twin for `uvspec repro` is repro/atfork.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"

#include "allocator.h"
#include "store.h"
#include "uvt_api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef void registrar(void (*prepare)(void), void (*parent)(void), void (*child)(void));

static volatile int *counts; /* prepare, parent, child */

static void on_prepare(void) {
  counts[0]++;
}

static void on_parent(void) {
  counts[1]++;
}

static void on_child(void) {
  counts[2]++;
  setenv("UVT_ATFORK", "23",
         1); /* as code that prepares a child does; it may move the environment */
}

/* In the folder of the suite, or beside it. */
static void *open_library(void) {
  static const char *const places[] = {"", "../lib/"};
  char path[512];
  Dl_info info;
  void *library = NULL;

  if (dladdr((void *) (uintptr_t) on_prepare, &info) == 0)
    return NULL;
  const char *slash = strrchr(info.dli_fname, '/');
  int length = slash != NULL ? (int) (slash - info.dli_fname) + 1 : 0;
  for (int i = 0; i < 2 && library == NULL; i++) {
    snprintf(path, sizeof path, "%.*s%slibuvt-atfork.so", length, info.dli_fname, places[i]);
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  }
  return library;
}

static void add(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
  void *library = open_library();
  registrar *its = NULL;
  if (library != NULL)
    *(void **) &its = dlsym(library, "uvt_atfork_register");
  if (its == NULL)
    uvt_give_up(UVT_UNRESOLVED, "no library to register functions for fork()");
  its(prepare, parent, child);
}

void uvt_atfork(void) {
  void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    uvt_give_up(UVT_UNRESOLVED, "no memory that is shared with a child");
  counts = memory;
  add(on_prepare, on_parent, on_child);
}

/* ---- uv_loop_fork() where runtimes of other languages call it ---- */

static uv_loop_t *forked_loop;
static int forked_result;

static void fork_the_loop(void) {
  if (forked_loop == NULL)
    return;
  uvt_alloc_unlock(); /* uvt_fork() holds it */
  forked_result = uv_loop_fork(forked_loop);
}

void uvt_atfork_loop(uv_loop_t *loop) {
  forked_loop = loop;
  add(NULL, NULL, fork_the_loop);
}

int uvt_atfork_loop_result(void) {
  return forked_result;
}

int uvt_atfork_ran(const char *which) {
  static const char *const names[] = {"prepare", "parent", "child"};
  for (int i = 0; i < 3; i++) {
    if (strcmp(names[i], which) == 0)
      return counts[i];
  }
  return -1;
}
