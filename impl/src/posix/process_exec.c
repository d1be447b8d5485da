/* Finding and running the program, the way execvp(3) does it, but with the PATH of the child's own
 * environment (UV-PROCESS-0060). execvp() would look at the parent's, whose memory may be shared. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "posix/process.h"
#include "util/alloc.h"
#include "util/sys.h"

extern char **environ;

static const char *find_path(char *const *env) {
  for (; *env != NULL; env++) {
    if (strncmp(*env, "PATH=", 5) == 0)
      return *env + 5;
  }
  return "/bin:/usr/bin"; /* what the C library takes when there is none */
}

static size_t longest_entry(const char *search) {
  size_t longest = 0;

  for (;;) {
    size_t length = strcspn(search, ":");

    if (length > longest)
      longest = length;
    if (search[length] == '\0')
      return longest;
    search += length + 1;
  }
}

int uvi_exec_prepare(struct uvi_child *child) {
  const uv_process_options_t *options = child->options;
  static char *no_args[] = {NULL};
  size_t count = 0;
  size_t room = 0;

  child->args = options->args != NULL ? options->args : no_args;
  child->env = options->env;
  child->search = NULL;
  if (strchr(options->file, '/') == NULL && options->file[0] != '\0') {
    child->search = find_path(child->env != NULL ? child->env : environ);
    room = longest_entry(child->search) + 1 + strlen(options->file) + 1;
  }
  while (child->args[count] != NULL)
    count++;
  child->shell_args = uvi_malloc((count + 3) * sizeof *child->shell_args + room);
  if (child->shell_args == NULL)
    return UV_ENOMEM;
  child->path = (char *) (child->shell_args + count + 3);
  return 0;
}

void uvi_exec_free(struct uvi_child *child) {
  uvi_free(child->shell_args);
}

/* A file that may be run and is no program is a script for the shell. */
static int run_with_shell(struct uvi_child *child, char *path) {
  size_t at = 2;

  child->shell_args[0] = (char *) "/bin/sh";
  child->shell_args[1] = path;
  if (child->args[0] != NULL) {
    for (size_t i = 1; child->args[i] != NULL; i++)
      child->shell_args[at++] = child->args[i];
  }
  child->shell_args[at] = NULL;
  (void) UVI_SYS(execve)("/bin/sh", child->shell_args, child->env);
  return -errno;
}

static int run(struct uvi_child *child, char *path) {
  (void) UVI_SYS(execve)(path, child->args, child->env);
  return errno == ENOEXEC ? run_with_shell(child, path) : -errno;
}

static bool says_elsewhere(int err) {
  return err == UV_ENOENT || err == UV_ENOTDIR || err == UV_EACCES || err == -ESTALE ||
         err == -ENODEV || err == UV_ETIMEDOUT || err == UV_ENAMETOOLONG;
}

/* Only here is it known where the environment is: a function given to pthread_atfork() may have changed it in
 * the child, and with that moved it. */
int uvi_exec(struct uvi_child *child) {
  const char *file = child->options->file;
  const char *search = child->search;
  size_t name_size = strlen(file) + 1;
  bool refused = false;
  int err;

  if (child->env == NULL)
    child->env = environ;
  if (search == NULL)
    return run(child, (char *) (uintptr_t) file);
  for (;;) {
    size_t length = strcspn(search, ":");
    char *at = child->path;

    if (length > 0) { /* an empty entry is the working folder */
      memcpy(at, search, length);
      at[length] = '/';
      at += length + 1;
    }
    memcpy(at, file, name_size);
    err = run(child, child->path);
    if (!says_elsewhere(err))
      return err;
    refused |= err == UV_EACCES;
    if (search[length] == '\0')
      return refused ? UV_EACCES : err;
    search += length + 1;
  }
}
