#include "util/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void uvi_fatal(const char *what) {
  fprintf(stderr, "libuv: %s\n", what);
  fflush(stderr);
  abort();
}
