static struct uvt_group {
  const char *name;
  int count, finished;
  void (*body)(void), (*last)(void);
  pthread_t id[64];
} uvt_group[8];

static struct uvt_group *uvt_find_group(const char *name) {
  struct uvt_group *group = uvt_group;
  while (group->name != NULL && strcmp(group->name, name) != 0)
    group++;
  return group;
}

static void *uvt_thread(void *arg) {
  struct uvt_group *group = arg;
  group->body();
  if (__atomic_add_fetch(&group->finished, 1, __ATOMIC_SEQ_CST) == group->count && group->last) {
    group->last();
  }
  return NULL;
}

static void uvt_threads_start(const char *name, int count, void (*body)(void), void (*last)(void)) {
  struct uvt_group *group = uvt_find_group(name);
  group->name = name;
  group->count = count;
  group->body = body;
  group->last = last;
  for (int i = 0; i < count; i++) {
    if (pthread_create(&group->id[i], NULL, uvt_thread, group) != 0)
      abort();
  }
}

static void uvt_threads_join(const char *name) {
  struct uvt_group *group = uvt_find_group(name);
  for (int i = 0; i < group->count; i++)
    pthread_join(group->id[i], NULL);
  group->count = 0;
}

static int uvt_threads_finished(const char *name) {
  return __atomic_load_n(&uvt_find_group(name)->finished, __ATOMIC_SEQ_CST);
}
