/* plugin LIBRARY…: loads libraries and has each introduce itself. */
#include "guide.h"
#include "plugin.h"

/* What plugins may call. */
void plugin_introduce(const char *name) {
  guide_say("loaded: %s", name);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    uv_lib_t library;
    void *symbol;
    if (uv_dlopen(argv[i], &library) != 0) {
      guide_say("cannot load: %s",
                uv_dlerror(&library)[0] != '\0' ? "there is a reason" : "no reason");
    } else if (uv_dlsym(&library, "plugin_start", &symbol) != 0) {
      guide_say("no plugin: %s",
                uv_dlerror(&library)[0] != '\0' ? "there is a reason" : "no reason");
    } else {
      plugin_start_function *start = (plugin_start_function *) symbol;
      start();
    }
    uv_dlclose(&library);
  }
  return 0;
}
