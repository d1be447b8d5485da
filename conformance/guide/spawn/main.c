/* spawn PROGRAM ARGUMENT…: starts a program and tells how it ended. */
#include <stdio.h>

#include "guide.h"

static void on_exit_(uv_process_t *process, int64_t status, int signal) {
  guide_say("%d ended with status %d, signal %d", process->pid, (int) status, signal);
  uv_close((uv_handle_t *) process, NULL);
}

int main(int argc, char **argv) {
  static uv_process_t process;
  uv_loop_t *loop = uv_default_loop();
  if (argc < 2)
    return 2;
  uv_process_options_t options = {.file = argv[1], .args = argv + 1, .exit_cb = on_exit_};
  int result = uv_spawn(loop, &process, &options);
  if (result < 0) {
    guide_say("cannot start %s: %s", argv[1], uv_err_name(result));
    uv_close((uv_handle_t *) &process, NULL);
  } else {
    guide_say("started %d", uv_process_get_pid(&process));
  }
  return guide_run(loop);
}
