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
