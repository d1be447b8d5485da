/* detach PROGRAM ARGUMENT…: starts a program that goes on when we are gone, and does not wait for it. */
#include "guide.h"

int main(int argc, char **argv) {
  static uv_process_t process;
  uv_loop_t *loop = uv_default_loop();
  if (argc < 2)
    return 2;
  uv_process_options_t options = {.file = argv[1], .args = argv + 1, .flags = UV_PROCESS_DETACHED};
  MUST(uv_spawn(loop, &process, &options));
  guide_say("started %d", process.pid);
  uv_unref((uv_handle_t *) &process);
  return guide_run(loop);
}
