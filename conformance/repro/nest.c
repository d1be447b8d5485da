enum { NEST_PATHS = 8, NEST_ROOM = 4500 };

static void nest_need(int holds, const char *what) {
  if (!holds) {
    printf("UNRESOLVED: %s\n", what);
    abort();
  }
}

static const char *uvt_nest(const char *name) {
  static char where[NEST_ROOM - 400], paths[NEST_PATHS][NEST_ROOM];
  static unsigned turn;
  char *path = paths[turn++ % NEST_PATHS];
  if (where[0] == '\0') {
    uvt_folder();
    nest_need(getcwd(where, sizeof where) != NULL, "no working directory");
  }
  nest_need(strlen(name) < 390, "a long name");
  return strcat(strcat(strcpy(path, where), name[0] != '\0' ? "/" : ""), name);
}

/* ---- what happens in it ---- */

static void uvt_nest_make(const char *name) {
  int fd = open(uvt_nest(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  nest_need(fd >= 0, "no new file");
  close(fd);
}

static void uvt_nest_write(const char *name, const char *text) {
  int fd = open(uvt_nest(name), O_WRONLY | O_APPEND | O_CLOEXEC);
  nest_need(fd >= 0, "no file to write to");
  ssize_t count = write(fd, text, strlen(text));
  close(fd);
  nest_need(count == (ssize_t) strlen(text), "a write that failed");
}

static void uvt_nest_read(const char *name) {
  char byte;
  int fd = open(uvt_nest(name), O_RDONLY | O_CLOEXEC);
  nest_need(fd >= 0, "no file to read");
  ssize_t count = read(fd, &byte, 1);
  close(fd);
  nest_need(count >= 0, "a read that failed");
}

static void uvt_nest_truncate(const char *name, int size) {
  nest_need(truncate(uvt_nest(name), size) == 0, "a file that cannot be cut");
}

static void uvt_nest_remove(const char *name) {
  nest_need(remove(uvt_nest(name)) == 0, "a file that cannot be removed");
}

static void uvt_nest_rename(const char *from, const char *to) {
  nest_need(rename(uvt_nest(from), uvt_nest(to)) == 0, "a file that cannot be renamed");
}

static void uvt_nest_folder(const char *name) {
  nest_need(mkdir(uvt_nest(name), 0755) == 0, "no new folder");
}

static void uvt_nest_mode(const char *name, int mode) {
  nest_need(chmod(uvt_nest(name), (mode_t) mode) == 0, "a mode that cannot be set");
}

static void uvt_nest_times(const char *name, int seconds) {
  struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
  nest_need(utimensat(AT_FDCWD, uvt_nest(name), times, 0) == 0, "times that cannot be set");
}

static void uvt_nest_link(const char *from, const char *to) {
  nest_need(link(uvt_nest(from), uvt_nest(to)) == 0, "no new link");
}

static void uvt_nest_symlink(const char *target, const char *name) {
  nest_need(symlink(target, uvt_nest(name)) == 0, "no new symbolic link");
}

static void uvt_nest_flood(const char *name) {
  /* The kernel puts equal events behind each other together: two kinds in turn stay apart. */
  unsigned room = 16384;
  FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
  if (file != NULL) {
    nest_need(fscanf(file, "%u", &room) == 1, "a limit that is no number");
    fclose(file);
  }
  nest_need(room <= 100000, "a queue that would take long to fill");
  int fd = open(uvt_nest(name), O_WRONLY | O_CLOEXEC);
  nest_need(fd >= 0, "no file to write to");
  for (unsigned i = 0; i < room / 2 + 10; i++)
    nest_need(pwrite(fd, "x", 1, 0) == 1 && fchmod(fd, 0600) == 0, "a file that does not change");
  close(fd);
}
