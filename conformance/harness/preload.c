/* The suite inside another program: a libuv that is linked into a program which exports it, as Node.js
 * does, is tested by preloading the suite into that program. It runs before the program's own main(),
 * and instead of it. The arguments come in the environment, separated by line feeds. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16 };

__attribute__((constructor)) static void run_suite(void) {
  static char *argv[ARGUMENTS_MAX + 1] = {"uvspec-suite"};
  const char *given = getenv("UVSPEC_PRELOADED");
  int argc = 1;

  if (given == NULL)
    return;
  char *arguments = strdup(given);
  if (arguments == NULL)
    _exit(3);
  unsetenv("LD_PRELOAD"); /* not for the children of tests */
  unsetenv("UVSPEC_PRELOADED");
  for (char *word = strtok(arguments, "\n"); word != NULL && argc < ARGUMENTS_MAX;) {
    argv[argc++] = word;
    word = strtok(NULL, "\n");
  }
  uvt_preloaded = 1;
  int code = uvt_suite_main(argc, argv);
  fflush(NULL);
  _exit(code); /* the program's own exit handlers have nothing to do with us */
}
