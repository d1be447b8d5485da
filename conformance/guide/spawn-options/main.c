/* spawn-options FOLDER: a child with a folder and an environment of its own, and a pipe at each end. */
#include <stdio.h>
#include <stdlib.h>

#include "guide.h"

static uv_process_t process;
static uv_pipe_t to_child, from_child;

static void on_exit_(uv_process_t *handle, int64_t status, int signal) {
  guide_say("ended with status %d, signal %d", (int) status, signal);
  guide_close((uv_handle_t *) handle);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  if (length > 0)
    fwrite(buffer->base, 1, (size_t) length, stdout);
  else if (length == UV_EOF)
    guide_close((uv_handle_t *) stream);
  else
    MUST((int) length);
  free(buffer->base);
}

static void on_shutdown(uv_shutdown_t *request, int status) {
  MUST(status);
  guide_close((uv_handle_t *) request->handle);
}

int main(int argc, char **argv) {
  static uv_shutdown_t shutdown;
  char shell[] = "/bin/sh", option[] = "-c";
  char script[] = "pwd; echo \"$GREETING, $HOME.\"; while read -r line; do echo \"$line\"; done";
  char *arguments[] = {shell, option, script, NULL};
  char greeting[] = "GREETING=good evening", home[] = "HOME=nowhere";
  char *environment[] = {greeting, home, NULL};
  uv_loop_t *loop = uv_default_loop();
  if (argc != 2)
    return 2;
  MUST(uv_pipe_init(loop, &to_child, 0));
  MUST(uv_pipe_init(loop, &from_child, 0));
  uv_stdio_container_t stdio[3] = {
      {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *) &to_child},
      {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *) &from_child},
      {.flags = UV_INHERIT_FD, .data.fd = 2}};
  uv_process_options_t options = {.file = shell,
                                  .args = arguments,
                                  .env = environment,
                                  .cwd = argv[1],
                                  .exit_cb = on_exit_,
                                  .stdio = stdio,
                                  .stdio_count = 3};
  MUST(uv_spawn(loop, &process, &options));
  MUST(uv_read_start((uv_stream_t *) &from_child, guide_on_alloc, on_read));
  guide_write((uv_stream_t *) &to_child, "through the pipes\n", 18);
  MUST(uv_shutdown(&shutdown, (uv_stream_t *) &to_child, on_shutdown));
  return guide_run(loop);
}
