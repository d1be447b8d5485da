static int watches_of(int fd) {
  char path[64], line[256];
  int count = 0;
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
  FILE *file = fopen(path, "r");
  if (file == NULL)
    abort();
  while (fgets(line, sizeof line, file) != NULL)
    count += strncmp(line, "inotify wd:", 11) == 0;
  fclose(file);
  return count;
}

/* Goes through the descriptors that tell of watched paths: how many, the last one, what they watch. */
static int look_at_watches(int *last, int *watches) {
  DIR *folder = opendir("/proc/self/fd");
  struct dirent *entry;
  int count = 0;
  if (folder == NULL)
    abort();
  while ((entry = readdir(folder)) != NULL) {
    char link[64];
    ssize_t length = readlinkat(dirfd(folder), entry->d_name, link, sizeof link - 1);
    link[length < 0 ? 0 : length] = '\0';
    if (strstr(link, "inotify") == NULL)
      continue;
    *last = atoi(entry->d_name);
    *watches += watches_of(*last);
    count++;
  }
  closedir(folder);
  return count;
}

static int uvt_watch_fds(void) {
  int last = -1, watches = 0;
  return look_at_watches(&last, &watches);
}

static int uvt_watch_fd(void) {
  int last = -1, watches = 0;
  look_at_watches(&last, &watches);
  return last;
}

static int uvt_watches(void) {
  int last = -1, watches = 0;
  look_at_watches(&last, &watches);
  return watches;
}
