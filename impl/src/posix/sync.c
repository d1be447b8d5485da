#include "posix/sync.h"

#include <stdio.h>
#include <string.h>

#include "util/check.h"

_Noreturn void uvi_sync_failed(const char *call, int sys_errno) {
  char text[160];

  snprintf(text, sizeof text, "%s: %s", call, strerror(sys_errno));
  uvi_fatal(text);
}
