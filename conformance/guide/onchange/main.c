/* onchange COMMAND FILE…: runs a command whenever one of the files changes. The command finds the name in
 * the variable CHANGED. Ends on SIGINT. */
#include <stdio.h>
#include <stdlib.h>

#include "guide.h"

static const char *command;
static int running;

static void on_exit_(uv_process_t *process, int64_t status, int signal) {
  guide_say("the command ended with %d", signal ? signal + 128 : (int) status);
  running = 0;
  guide_close((uv_handle_t *) process);
}

static void run_command(uv_loop_t *loop, const char *changed) {
  char shell[] = "sh", option[] = "-c";
  char *arguments[] = {shell, option, (char *) command, NULL};
  uv_stdio_container_t inherited[3] = {{.flags = UV_IGNORE},
                                       {.flags = UV_INHERIT_FD, .data.fd = 1},
                                       {.flags = UV_INHERIT_FD, .data.fd = 2}};
  uv_process_options_t options = {
      .file = shell, .args = arguments, .exit_cb = on_exit_, .stdio = inherited, .stdio_count = 3};
  uv_process_t *child = guide_alloc(sizeof(*child));
  child->data = child;
  MUST(uv_os_setenv("CHANGED", changed));
  MUST(uv_spawn(loop, child, &options));
  running = 1;
}

static void on_change(uv_fs_event_t *handle, const char *name, int events, int status) {
  char path[1024];
  size_t size = sizeof(path);
  MUST(status);
  MUST(uv_fs_event_getpath(handle, path, &size));
  guide_say("%s: %s%s%s", path, events & UV_RENAME ? "renamed" : "",
            events & UV_CHANGE ? "changed" : "", name == NULL ? ", no name" : "");
  if (!running) /* changes meanwhile are the same command's */
    run_command(handle->loop, path);
}

int main(int argc, char **argv) {
  uv_loop_t *loop = uv_default_loop();
  if (argc < 3) {
    fprintf(stderr, "usage: onchange COMMAND FILE…\n");
    return 2;
  }
  command = argv[1];
  for (int i = 2; i < argc; i++) {
    uv_fs_event_t *handle = guide_alloc(sizeof(*handle));
    handle->data = handle;
    MUST(uv_fs_event_init(loop, handle));
    MUST(uv_fs_event_start(handle, on_change, argv[i], 0));
    guide_say("watching %s", argv[i]);
  }
  guide_until_interrupted(loop);
  return guide_run(loop);
}
