static volatile int *uvt_fork_counts;

static void uvt_on_prepare(void) {
  uvt_fork_counts[0]++;
}

static void uvt_on_parent(void) {
  uvt_fork_counts[1]++;
}

static void uvt_on_child(void) {
  uvt_fork_counts[2]++;
  setenv("UVT_ATFORK", "23", 1);
}

static void uvt_atfork(void) {
  void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    abort();
  uvt_fork_counts = memory;
  pthread_atfork(uvt_on_prepare, uvt_on_parent, uvt_on_child);
}

static int uvt_atfork_ran(const char *which) {
  static const char *const names[] = {"prepare", "parent", "child"};
  for (int i = 0; i < 3; i++) {
    if (strcmp(names[i], which) == 0)
      return uvt_fork_counts[i];
  }
  return -1;
}
