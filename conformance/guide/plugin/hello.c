/* A plugin. */
#include "plugin.h"

PLUGIN_PUBLIC void plugin_start(void);

void plugin_start(void) {
  plugin_introduce("hello");
}
