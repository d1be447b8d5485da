/* What can happen to files in the test's folder, which is made when the first one is named. Calls that fail leave the test unresolved. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATHS = 8, ROOM = 4500 };

static void need(int holds, const char *what) {
  if (!holds)
    uvt_give_up(UVT_UNRESOLVED, what);
}

const char *uvt_nest(const char *name) {
  static char where[ROOM - 400], paths[PATHS][ROOM];
  static unsigned turn;
  char *path = paths[turn++ % PATHS];
  if (where[0] == '\0') {
    uvt_folder();
    need(getcwd(where, sizeof where) != NULL, "no working directory");
  }
  need(strlen(name) < 390, "a long name");
  return strcat(strcat(strcpy(path, where), name[0] != '\0' ? "/" : ""), name);
}

/* ---- what happens in it ---- */

void uvt_nest_make(const char *name) {
  int fd = open(uvt_nest(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  need(fd >= 0, "no new file");
  close(fd);
}

void uvt_nest_write(const char *name, const char *text) {
  int fd = open(uvt_nest(name), O_WRONLY | O_APPEND | O_CLOEXEC);
  need(fd >= 0, "no file to write to");
  ssize_t count = write(fd, text, strlen(text));
  close(fd);
  need(count == (ssize_t) strlen(text), "a write that failed");
}

void uvt_nest_read(const char *name) {
  char byte;
  int fd = open(uvt_nest(name), O_RDONLY | O_CLOEXEC);
  need(fd >= 0, "no file to read");
  ssize_t count = read(fd, &byte, 1);
  close(fd);
  need(count >= 0, "a read that failed");
}

void uvt_nest_truncate(const char *name, int size) {
  need(truncate(uvt_nest(name), size) == 0, "a file that cannot be cut");
}

void uvt_nest_remove(const char *name) {
  need(remove(uvt_nest(name)) == 0, "a file that cannot be removed");
}

void uvt_nest_rename(const char *from, const char *to) {
  need(rename(uvt_nest(from), uvt_nest(to)) == 0, "a file that cannot be renamed");
}

void uvt_nest_folder(const char *name) {
  need(mkdir(uvt_nest(name), 0755) == 0, "no new folder");
}

void uvt_nest_mode(const char *name, int mode) {
  need(chmod(uvt_nest(name), (mode_t) mode) == 0, "a mode that cannot be set");
}

void uvt_nest_times(const char *name, int seconds) {
  struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
  need(utimensat(AT_FDCWD, uvt_nest(name), times, 0) == 0, "times that cannot be set");
}

void uvt_nest_link(const char *from, const char *to) {
  need(link(uvt_nest(from), uvt_nest(to)) == 0, "no new link");
}

void uvt_nest_symlink(const char *target, const char *name) {
  need(symlink(target, uvt_nest(name)) == 0, "no new symbolic link");
}

/* The kernel puts equal events behind each other together: two kinds in turn stay apart. */
void uvt_nest_flood(const char *name) {
  unsigned room = 16384;
  FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
  if (file != NULL) {
    need(fscanf(file, "%u", &room) == 1, "a limit that is no number");
    fclose(file);
  }
  need(room <= 100000, "a queue that would take long to fill");
  int fd = open(uvt_nest(name), O_WRONLY | O_CLOEXEC);
  need(fd >= 0, "no file to write to");
  for (unsigned i = 0; i < room / 2 + 10; i++)
    need(pwrite(fd, "x", 1, 0) == 1 && fchmod(fd, 0600) == 0, "a file that does not change");
  close(fd);
}

/* ---- how the system sees watches ---- */

static int count_watches(int fd) {
  char path[64], line[256];
  int count = 0;
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
  FILE *file = fopen(path, "r");
  need(file != NULL, "no /proc/self/fdinfo");
  while (fgets(line, sizeof line, file) != NULL)
    count += strncmp(line, "inotify wd:", 11) == 0;
  fclose(file);
  return count;
}

/* Goes through the descriptors that tell of watched paths: how many, the last one, what they watch. */
static int look(int *last, int *watches) {
  DIR *folder = opendir("/proc/self/fd");
  struct dirent *entry;
  int count = 0;
  need(folder != NULL, "no /proc/self/fd");
  while ((entry = readdir(folder)) != NULL) {
    char link[64];
    ssize_t length = readlinkat(dirfd(folder), entry->d_name, link, sizeof link - 1);
    link[length < 0 ? 0 : length] = '\0';
    if (strstr(link, "inotify") == NULL)
      continue;
    *last = atoi(entry->d_name);
    *watches += count_watches(*last);
    count++;
  }
  closedir(folder);
  return count;
}

int uvt_watch_fds(void) {
  int last = -1, watches = 0;
  return look(&last, &watches);
}

int uvt_watch_fd(void) {
  int last = -1, watches = 0;
  look(&last, &watches);
  return last;
}

int uvt_watches(void) {
  int last = -1, watches = 0;
  look(&last, &watches);
  return watches;
}
