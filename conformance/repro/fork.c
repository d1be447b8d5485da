static int uvt_fork(void) {
  int status = 0;
  pid_t child = fork();
  if (child == 0)
    return 1;
  CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
  return 0;
}

static int uvt_fork_aborts(void) {
  int status = 0;
  pid_t child = fork();
  if (child == 0)
    return 1;
  CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
        WTERMSIG(status) == SIGABRT);
  return 0;
}

static void uvt_fork_exit(void) {
  _exit(0);
}
