static int uvt_look(int pid, int flags, siginfo_t *info) {
  int result;
  memset(info, 0, sizeof *info);
  do
    result = waitid(P_PID, (id_t) pid, info, WEXITED | WNOWAIT | flags);
  while (result == -1 && errno == EINTR);
  return result;
}

static int uvt_await_end(int pid) {
  siginfo_t info;
  return pid > 0 && uvt_look(pid, 0, &info) == 0;
}

static int uvt_await_stop(int pid) {
  siginfo_t info;
  return pid > 0 && uvt_look(pid, WSTOPPED, &info) == 0 && info.si_code == CLD_STOPPED;
}

static int uvt_is_child(int pid) {
  siginfo_t info;
  return pid > 0 && uvt_look(pid, WNOHANG, &info) == 0;
}

static int uvt_reap(int pid) {
  int status = 0;
  pid_t got;
  do
    got = pid > 0 ? waitpid(pid, &status, 0) : -1;
  while (got == -1 && pid > 0 && errno == EINTR);
  if (got == -1)
    return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int uvt_own_child(int code) {
  pid_t pid = fork();
  if (pid == -1)
    abort();
  if (pid == 0)
    _exit(code);
  return (int) pid;
}

static int uvt_no_process(void) {
  int pid = uvt_own_child(0);
  uvt_reap(pid);
  return pid;
}

static void uvt_be_nobody(void) {
  if (geteuid() != 0)
    return;
  if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
    abort();
}

static void uvt_take_groups(void) {
  const gid_t groups[] = {4, 5};
  if (geteuid() == 0 && setgroups(2, groups) != 0)
    abort();
}

static void uvt_ignore_signal(int signum) {
  signal(signum, SIG_IGN);
}

static int uvt_signal_ignored(int signum) {
  struct sigaction action;
  return sigaction(signum, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static int uvt_fd_at(int fd, int number) {
  if (dup3(fd, number, O_CLOEXEC) == -1)
    abort();
  return number;
}

static const char *uvt_long_word(int length) {
  static char *word; /* for as long as the program runs */
  word = realloc(word, (size_t) length + 1);
  if (word == NULL)
    abort();
  memset(word, 'x', (size_t) length);
  word[length] = '\0';
  return word;
}

static const char *uvt_fd_rest(int fd) {
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
