/* Children: what the files of uv_spawn() share. The parent's side (process.c, process_stdio.c) makes a
 * struct uvi_child ready; the child's side (process_child.c, process_exec.c) runs in a new process that may
 * share the parent's memory, so it allocates nothing, takes no lock and changes nothing of the parent's. */
#ifndef UVI_POSIX_PROCESS_H_
#define UVI_POSIX_PROCESS_H_

#include <stdbool.h>
#include <sys/types.h>

#include "uv.h"

struct uvi_loop;

/* What the child has to know. */
struct uvi_child {
  const uv_process_options_t *options;
  int *
      fds; /* by number in the child: the parent's descriptor, -1 for none; the child's to change */
  int fd_count; /* at least 3 */

  /* exec: see process_exec.c */
  char *const *args;
  char *const *env;
  const char *search; /* PATH; NULL: the name is a path already */
  char *path;         /* room for an entry of PATH and the name */
  char **shell_args;  /* room for the arguments of a shell */

  int report_fd;      /* where an error is written to; -1: see `error` */
  volatile int error; /* UV_E* that the child has met, if memory is shared */
};

/* ---- the parent's side ---- */

/* The descriptors that the child gets, and the parent's ends of new pipes. */
struct uvi_stdio {
  int *fds;   /* the child's */
  int *ours;  /* the parent's ends, -1 where there is no new pipe */
  int *moved; /* uvi_child.fds: the same as `fds` at first */
  int count;
  int few[24]; /* the three arrays, if they fit */
};

/* Makes the pipes; on failure nothing is left, and no stream has been touched. */
int uvi_stdio_open(struct uvi_stdio *stdio, const uv_process_options_t *options);
/* Gives the streams their ends. Cannot fail. */
void uvi_stdio_give(struct uvi_stdio *stdio, const uv_process_options_t *options);
/* Closes what is the child's, and frees. */
void uvi_stdio_end(struct uvi_stdio *stdio, const uv_process_options_t *options);

/* Starts a process that runs uvi_child_run(). 0 or an error, also one that the child has met, which is
 * reaped then. All signals are blocked meanwhile. */
int uvi_child_start(struct uvi_child *child, pid_t *pid);
/* The same with fork(), for those that can do no better. */
int uvi_child_fork(struct uvi_child *child, pid_t *pid);
/* Waits for a process that has ended or is about to. */
void uvi_child_reap(pid_t pid);

int uvi_exec_prepare(struct uvi_child *child);
void uvi_exec_free(struct uvi_child *child);

/* ---- the child's side ---- */

_Noreturn void uvi_child_run(struct uvi_child *child);

/* Becomes the program; comes back with an error only. */
int uvi_exec(struct uvi_child *child);

/* Becomes user and group of the options. */
int uvi_child_identity(const uv_process_options_t *options);

/* ---- a loop's children ---- */

/* SIGCHLD came: calls back for those that have ended. Returns how many callbacks that were. */
unsigned uvi_children_collect(struct uvi_loop *loop);

/* uvi_platform_close()'s part. */
void uvi_children_free(struct uvi_loop *loop);

#endif
