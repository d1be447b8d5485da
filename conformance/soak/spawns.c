/* A thousand children at once: each is told how to end, and each end is told once and as it was; none
 * stays behind, neither as a zombie nor as a descriptor. */
#include "soak.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

struct child {
  uv_process_t process;
  uv_pipe_t input;
  uv_write_t write;
  char order[8];
  int code;
  int signum;
  bool ended;
};

static struct child *children;
static uint64_t ended;
static uint64_t killed;

static void on_written(uv_write_t *request, int status) {
  RETURNS(status, 0);
  uv_close((uv_handle_t *) request->handle, NULL);
}

static void on_child_exit(uv_process_t *process, int64_t code, int signum) {
  struct child *child = (struct child *) process;

  HOLDS(!child->ended);
  child->ended = true;
  RETURNS(signum, child->signum);
  RETURNS(code, child->signum != 0 ? 0 : child->code);
  ended++;
  uv_close((uv_handle_t *) process, NULL);
}

static void start(uv_loop_t *loop, struct child *child, unsigned number) {
  char *arguments[] = {"sh", "-c", "read code; exit $code", NULL};
  uv_stdio_container_t stdio[3];
  uv_process_options_t options;

  memset(&options, 0, sizeof(options));
  memset(stdio, 0, sizeof(stdio));
  RETURNS(uv_pipe_init(loop, &child->input, 0), 0);
  stdio[0].flags = UV_CREATE_PIPE | UV_READABLE_PIPE;
  stdio[0].data.stream = (uv_stream_t *) &child->input;
  stdio[1].flags = UV_IGNORE;
  stdio[2].flags = UV_IGNORE;
  options.file = "/bin/sh";
  options.args = arguments;
  options.stdio = stdio;
  options.stdio_count = 3;
  options.exit_cb = on_child_exit;
  child->code = (int) (number % 100);
  RETURNS(uv_spawn(loop, &child->process, &options), 0);
  HOLDS(child->process.pid > 0);
}

/* A third is killed, the others are told with what to exit. */
static void end(struct child *child, unsigned number) {
  uv_buf_t buf;

  if (number % 3 == 0) {
    child->signum = SIGKILL;
    killed++;
    RETURNS(uv_process_kill(&child->process, SIGKILL), 0);
    uv_close((uv_handle_t *) &child->input, NULL);
    return;
  }
  child->order[0] = (char) ('0' + child->code / 10);
  child->order[1] = (char) ('0' + child->code % 10);
  child->order[2] = '\n';
  buf = uv_buf_init(child->order, 3);
  RETURNS(uv_write(&child->write, (uv_stream_t *) &child->input, &buf, 1, on_written), 0);
}

/* Each child costs a descriptor. */
static void allow_descriptors(uint64_t count) {
  struct rlimit limit;

  RETURNS(getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_cur < count) {
    limit.rlim_cur = limit.rlim_max < count ? limit.rlim_max : (rlim_t) count;
    RETURNS(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }
  HOLDS(limit.rlim_cur >= count);
}

void trial_spawns(void) {
  uint64_t count = scaled(1000);
  uv_loop_t loop;

  allow_descriptors(count + 64);
  children = calloc(count, sizeof(*children));
  HOLDS(children != NULL);
  loop_begin(&loop);
  phase_begin("children at once", count);
  for (unsigned i = 0; i < count; i++)
    start(&loop, &children[i], i);
  for (unsigned i = 0; i < count; i++)
    end(&children[i], i);
  RETURNS(uv_run(&loop, UV_RUN_DEFAULT), 0);
  phase_end();
  RETURNS((int64_t) ended, (int64_t) count);
  RETURNS(waitpid(-1, NULL, WNOHANG), -1);
  RETURNS(errno, ECHILD);
  loop_end(&loop);
  free(children);
  figure("children", count);
  figure("killed", killed);
}
