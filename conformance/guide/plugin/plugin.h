/* Between the program and its plugins. */
#ifndef PLUGIN_H
#define PLUGIN_H

#define PLUGIN_PUBLIC __attribute__((visibility("default")))

/* What a plugin may call. */
PLUGIN_PUBLIC void plugin_introduce(const char *name);

/* What a plugin has: `plugin_start`, of this type. */
typedef void plugin_start_function(void);

#endif
