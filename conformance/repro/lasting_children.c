static int uvt_lasting[2] = {-1, -1};

static const uv_process_options_t *uvt_a_child(void) {
  static uv_process_options_t options;
  if (uvt_lasting[1] == -1)
    CHECK_INT(pipe2(uvt_lasting, O_CLOEXEC), ==, 0);
  uvt_script(&options, "read line");
  uvt_child_fd(&options, 0, uvt_lasting[0]);
  return &options;
}

static void uvt_end_children(void) {
  if (uvt_lasting[1] == -1)
    return;
  close(uvt_lasting[0]);
  close(uvt_lasting[1]);
  uvt_lasting[0] = uvt_lasting[1] = -1;
}
