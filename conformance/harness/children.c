/* Children: what to start and how, waiting for their end without reaping them, and children that last
 * until the scenario lets them end.
 *
 * Its twin for `uvspec repro` is repro/children.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { RECIPES = 8, WORDS = 10, CONTAINERS = 64 };

/* What the pointers of one uv_process_options_t point to. */
static struct recipe {
  uv_process_options_t *options;
  char *args[WORDS + 1];
  char *env[WORDS + 1];
  uv_stdio_container_t stdio[CONTAINERS];
} recipes[RECIPES];

static struct recipe *recipe_of(uv_process_options_t *options) {
  for (int i = 0; i < RECIPES; i++) {
    if (recipes[i].options == options || recipes[i].options == NULL) {
      recipes[i].options = options;
      return &recipes[i];
    }
  }
  uvt_give_up(UVT_UNRESOLVED, "too many kinds of children");
}

static void add_word(char **words, const char *word) {
  int count = 0;
  while (words[count] != NULL)
    count++;
  if (count == WORDS)
    uvt_give_up(UVT_UNRESOLVED, "too many arguments for a child");
  words[count] = (char *) (uintptr_t) word;
  words[count + 1] = NULL;
}

void uvt_program(uv_process_options_t *options, const char *file) {
  struct recipe *recipe = recipe_of(options);
  memset(options, 0, sizeof *options);
  options->file = file;
  options->args = recipe->args;
  recipe->args[0] = recipe->env[0] = NULL;
  add_word(recipe->args, file);
}

void uvt_argument(uv_process_options_t *options, const char *text) {
  add_word(recipe_of(options)->args, text);
}

void uvt_script(uv_process_options_t *options, const char *text) {
  uvt_program(options, "/bin/sh");
  uvt_argument(options, "-c");
  uvt_argument(options, text);
}

void uvt_variable(uv_process_options_t *options, const char *text) {
  struct recipe *recipe = recipe_of(options);
  if (*text != '\0')
    add_word(recipe->env, text);
  options->env = recipe->env;
}

static uv_stdio_container_t *container_of(uv_process_options_t *options, int fd) {
  struct recipe *recipe = recipe_of(options);
  if (fd >= CONTAINERS)
    uvt_give_up(UVT_UNRESOLVED, "too many descriptors for a child");
  options->stdio = recipe->stdio;
  while (options->stdio_count <= fd)
    recipe->stdio[options->stdio_count++].flags = UV_IGNORE;
  return &recipe->stdio[fd];
}

void uvt_child_fd(uv_process_options_t *options, int fd, int from) {
  uv_stdio_container_t *container = container_of(options, fd);
  container->flags = UV_INHERIT_FD;
  container->data.fd = from;
}

void uvt_child_stream(uv_process_options_t *options, int fd, int flags, uv_stream_t *stream) {
  uv_stdio_container_t *container = container_of(options, fd);
  container->flags = (uv_stdio_flags) flags;
  container->data.stream = stream;
}

/* ---- children that last ---- */

static int lasting[2] = {-1, -1};
static int is_used;

const uv_process_options_t *uvt_a_child(void) {
  static uv_process_options_t options;
  if (lasting[1] == -1)
    uvt_pipe_pair(lasting);
  is_used = 1;
  uvt_script(&options, "read line");
  uvt_child_fd(&options, 0, lasting[0]);
  return &options;
}

void uvt_end_children(void) {
  if (lasting[1] == -1)
    return;
  close(lasting[0]);
  close(lasting[1]);
  lasting[0] = lasting[1] = -1;
}

void uvt_children_end(void) {
  uvt_end_children();
  while (is_used && (waitpid(-1, NULL, 0) > 0 || errno == EINTR))
    continue;
}

/* ---- waiting ---- */

static int look(int pid, int flags, siginfo_t *info) {
  int result;
  memset(info, 0, sizeof *info);
  do
    result = waitid(P_PID, (id_t) pid, info, WEXITED | WNOWAIT | flags);
  while (result == -1 && errno == EINTR);
  return result;
}

int uvt_await_end(int pid) {
  siginfo_t info;
  return pid > 0 && look(pid, 0, &info) == 0;
}

int uvt_await_stop(int pid) {
  siginfo_t info;
  return pid > 0 && look(pid, WSTOPPED, &info) == 0 && info.si_code == CLD_STOPPED;
}

int uvt_is_child(int pid) {
  siginfo_t info;
  return pid > 0 && look(pid, WNOHANG, &info) == 0;
}

int uvt_reap(int pid) {
  int status = 0;
  pid_t got;
  do
    got = pid > 0 ? waitpid(pid, &status, 0) : -1;
  while (got == -1 && pid > 0 && errno == EINTR);
  if (got == -1)
    return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int uvt_own_child(int code) {
  pid_t pid = fork();
  if (pid == -1)
    uvt_give_up(UVT_UNRESOLVED, "fork() fails");
  if (pid == 0)
    _exit(code);
  return (int) pid;
}

int uvt_no_process(void) {
  int pid = uvt_own_child(0);
  uvt_reap(pid);
  return pid;
}

void uvt_be_nobody(void) {
  if (geteuid() != 0)
    return;
  if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the user stays");
#ifdef PR_SET_DUMPABLE
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* so that it may look at its own descriptors */
#endif
}

void uvt_take_groups(void) {
  const gid_t groups[] = {4, 5};
  if (geteuid() == 0 && setgroups(2, groups) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the groups stay");
}

void uvt_ignore_signal(int signum) {
  signal(signum, SIG_IGN);
}

int uvt_signal_ignored(int signum) {
  struct sigaction action;
  return sigaction(signum, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int uvt_fd_at(int fd, int number) {
  if (dup3(fd, number, O_CLOEXEC) == -1)
    uvt_give_up(UVT_UNRESOLVED, "a descriptor cannot be put there");
  return number;
}

const char *uvt_long_word(int length) {
  static char *word; /* for as long as the program runs */
  word = realloc(word, (size_t) length + 1);
  if (word == NULL)
    uvt_give_up(UVT_UNRESOLVED, "no memory for a word");
  memset(word, 'x', (size_t) length);
  word[length] = '\0';
  return word;
}

const char *uvt_fd_rest(int fd) {
  static char text[4096];
  size_t size = 0;
  while (size < sizeof text - 1) {
    ssize_t count = read(fd, text + size, sizeof text - 1 - size);
    if (count == -1 && errno == EINTR)
      continue;
    if (count <= 0)
      break;
    size += (size_t) count;
  }
  text[size] = '\0';
  return text;
}
