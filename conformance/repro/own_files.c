enum { UVT_FILES = 16 };

static const char *uvt_own_path(const char *folder, const char *name) {
  static char uvt_files[UVT_FILES][128];
  static int uvt_file_count;
  if (uvt_file_count == UVT_FILES)
    abort();
  char *path = uvt_files[uvt_file_count++];
  snprintf(path, sizeof uvt_files[0], "/tmp/uvt-%d%s%s%s%s", (int) getpid(), *folder ? "-" : "",
           folder, *name ? "/" : "", name);
  return path;
}

static const char *uvt_own_folder(const char *folder) {
  const char *path = uvt_own_path(folder, "");
  if (mkdir(path, 0755) != 0 && errno != EEXIST)
    abort();
  return path;
}

static const char *uvt_own_file(const char *folder, const char *name, const char *text, int mode) {
  uvt_own_folder(folder);
  const char *path = uvt_own_path(folder, name);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ssize_t size = (ssize_t) strlen(text);
  if (fd == -1 || write(fd, text, (size_t) size) != size || fchmod(fd, (mode_t) mode) != 0)
    abort();
  close(fd);
  return path;
}

static const char *uvt_joined(const char *first, const char *second) {
  static char texts[4][256];
  static int at;
  at = (at + 1) % 4;
  snprintf(texts[at], sizeof texts[at], "%s%s", first, second);
  return texts[at];
}
