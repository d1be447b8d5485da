/* proc-streams CHILD: the child has our standard error, and neither input nor output. */
#include "guide.h"

static void on_exit_(uv_process_t *process, int64_t status, int signal) {
  guide_say("the child ended with status %d, signal %d", (int) status, signal);
  uv_close((uv_handle_t *) process, NULL);
}

int main(int argc, char **argv) {
  static uv_process_t process;
  uv_loop_t *loop = uv_default_loop();
  if (argc != 2)
    return 2;
  uv_stdio_container_t stdio[3] = {
      {.flags = UV_IGNORE}, {.flags = UV_IGNORE}, {.flags = UV_INHERIT_FD, .data.fd = 2}};
  uv_process_options_t options = {
      .file = argv[1], .args = argv + 1, .exit_cb = on_exit_, .stdio = stdio, .stdio_count = 3};
  MUST(uv_spawn(loop, &process, &options));
  return guide_run(loop);
}
