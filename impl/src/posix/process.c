/* Process handles: starting children, and telling how they ended.
 *
 * A loop with children watches SIGCHLD, whatever else the program does with it. Signals coalesce, so each
 * one has the loop ask for all its own children, one by one: other children are the program's. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "core/handle.h"
#include "posix/process.h"
#include "posix/signal.h"
#include "util/alloc.h"
#include "util/sys.h"

/* process->status: what wait(2) says, or one of these */
enum { RUNNING = -1, LOST = -2 };

/* platform.children: made with the first child of the loop. */
struct uvi_children {
  uv_signal_t signal;
  struct uvi_list running; /* uv_process_t.queue, in the order of their start */
};

enum {
  FLAGS = UV_PROCESS_SETUID | UV_PROCESS_SETGID | UV_PROCESS_WINDOWS_VERBATIM_ARGUMENTS |
          UV_PROCESS_DETACHED | UV_PROCESS_WINDOWS_HIDE | UV_PROCESS_WINDOWS_HIDE_CONSOLE |
          UV_PROCESS_WINDOWS_HIDE_GUI | UV_PROCESS_WINDOWS_FILE_PATH_EXACT_NAME
};

static struct uvi_children **children_of(struct uvi_loop *loop) {
  return &loop->platform.children;
}

/* ---- watching ---- */

static int watch(struct uvi_loop *loop) {
  struct uvi_children **children = children_of(loop);

  if (*children == NULL) {
    *children = uvi_malloc(sizeof **children);
    if (*children == NULL)
      return UV_ENOMEM;
    uvi_list_init(&(*children)->running);
    uvi_signal_init_internal(loop, &(*children)->signal);
  }
  return uv_signal_start(&(*children)->signal, NULL, SIGCHLD);
}

static void unwatch_if_none(struct uvi_loop *loop) {
  struct uvi_children *children = *children_of(loop);

  if (children != NULL && uvi_list_empty(&children->running))
    (void) uv_signal_stop(&children->signal);
}

void uvi_children_free(struct uvi_loop *loop) {
  struct uvi_children **children = children_of(loop);

  if (*children == NULL)
    return;
  (void) uv_signal_stop(&(*children)->signal);
  uvi_free(*children);
  *children = NULL;
}

/* ---- starting ---- */

static int start(uv_process_t *process, const uv_process_options_t *options) {
  struct uvi_child child = {.options = options, .report_fd = -1};
  struct uvi_stdio stdio;
  pid_t pid = 0;
  int err = uvi_exec_prepare(&child);

  if (err != 0)
    return err;
  err = uvi_stdio_open(&stdio, options);
  if (err != 0)
    goto fail;
  child.fds = stdio.moved;
  child.fd_count = stdio.count;
  /* Before the child is there, so that its end cannot be missed. */
  err = watch(uvi_loop_of(process->loop));
  if (err == 0) {
    err = uvi_child_start(&child, &pid);
    /* From here on also after a failure: the pipes are there, without anybody at their other ends
     * (UV-PROCESS-0034). */
    uvi_stdio_give(&stdio, options);
  }
  uvi_stdio_end(&stdio, options);
fail:
  uvi_exec_free(&child);
  if (err == 0)
    process->pid = pid;
  return err;
}

int uv_spawn(uv_loop_t *api, uv_process_t *process, const uv_process_options_t *options) {
  struct uvi_loop *loop = uvi_loop_of(api);
  int err = UV_EINVAL;

  uvi_handle_init(api, UVI_HANDLE(process), UV_PROCESS);
  uvi_list_init(uvi_list_of(process->queue));
  process->exit_cb = options->exit_cb;
  process->pid = 0;
  process->status = RUNNING;

  if (options->file != NULL && (options->flags & ~(unsigned) FLAGS) == 0)
    err = start(process, options);
  if (err != 0) {
    unwatch_if_none(loop);
    return err;
  }
  uvi_list_insert_tail(&(*children_of(loop))->running, uvi_list_of(process->queue));
  uvi_handle_start(UVI_HANDLE(process));
  return 0;
}

/* ---- ending ---- */

/* True if it has ended and is reaped. */
static bool reap(uv_process_t *process) {
  int status = 0;
  pid_t pid;

  do
    pid = UVI_SYS(waitpid)(process->pid, &status, WNOHANG);
  while (pid == -1 && errno == EINTR);
  if (pid == process->pid)
    process->status = status;
  else if (pid == -1)
    process->status = LOST; /* somebody else has waited for it: nobody knows how it ended */
  return pid == process->pid;
}

static void tell(uv_process_t *process) {
  int status = process->status;

  uvi_handle_stop(UVI_HANDLE(process));
  if (process->exit_cb != NULL)
    process->exit_cb(process, WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                     WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

unsigned uvi_children_collect(struct uvi_loop *loop) {
  struct uvi_list *running = &(*children_of(loop))->running;
  struct uvi_list ended;
  struct uvi_list *node;
  struct uvi_list *next;
  unsigned ran = 0;

  uvi_list_init(&ended);
  for (node = running->next; node != running; node = next) {
    uv_process_t *process = UVI_CONTAINER_OF(node, uv_process_t, queue);

    next = node->next;
    if (process->status == RUNNING && reap(process)) {
      uvi_list_remove(node);
      uvi_list_insert_tail(&ended, node);
    }
  }
  /* A callback may close any of them, which takes it from the list. */
  while ((node = uvi_list_take(&ended)) != NULL) {
    tell(UVI_CONTAINER_OF(node, uv_process_t, queue));
    ran++;
  }
  unwatch_if_none(loop);
  return ran;
}

void uvi_process_close(uv_handle_t *handle) {
  uv_process_t *process = (uv_process_t *) handle;

  /* The child goes on, and whoever wants to know of its end has to wait for it (D-0113). */
  uvi_list_remove(uvi_list_of(process->queue));
  uvi_handle_stop(handle);
  unwatch_if_none(uvi_loop_of(handle->loop));
}

/* ---- signals to children ---- */

int uv_process_kill(uv_process_t *process, int signum) {
  /* Once it is reaped its number may be another process's (UV-PROCESS-0052). */
  if (process->pid == 0 || process->status != RUNNING)
    return UV_ESRCH;
  return uv_kill(process->pid, signum);
}

uv_pid_t uv_process_get_pid(const uv_process_t *process) {
  return process->pid;
}
