/* Functions given to pthread_atfork(), counted in memory that a child shares. They are registered by a small
 * library of their own (atfork_library.c), as a program's extensions would: a library under test may want to
 * know whether anything that is loaded can have registered some.
 *
 * Its twin for `uvspec repro` is repro/atfork.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <dlfcn.h>
#include <stdio.h>
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

void uvt_atfork(void) {
  void *library = open_library();
  registrar *add = NULL;
  void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (library != NULL)
    *(void **) &add = dlsym(library, "uvt_atfork_register");
  if (add == NULL || memory == MAP_FAILED)
    uvt_give_up(UVT_UNRESOLVED, "no library to register functions for fork()");
  counts = memory;
  add(on_prepare, on_parent, on_child);
}

int uvt_atfork_ran(const char *which) {
  static const char *const names[] = {"prepare", "parent", "child"};
  for (int i = 0; i < 3; i++) {
    if (strcmp(names[i], which) == 0)
      return counts[i];
  }
  return -1;
}
