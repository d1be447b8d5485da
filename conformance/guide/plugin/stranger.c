/* A library that is no plugin. */
#include "plugin.h"

PLUGIN_PUBLIC int stranger(void);

int stranger(void) {
  return 0;
}
