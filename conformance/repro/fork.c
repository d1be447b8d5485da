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

static uv_loop_t *uvt_forked_loop;
static int uvt_forked_result;

static void uvt_in_child(void) {
  if (uvt_forked_loop)
    uvt_forked_result = uv_loop_fork(uvt_forked_loop);
}

static void uvt_atfork_loop(uv_loop_t *loop) {
  uvt_forked_loop = loop;
  pthread_atfork(NULL, NULL, uvt_in_child);
}

static int uvt_atfork_loop_result(void) {
  return uvt_forked_result;
}
