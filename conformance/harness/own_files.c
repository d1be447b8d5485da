/* Files and folders of the test's own, where it is not in a folder of its own; and what names in /tmp begin
 * with.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
  char files[16][128];
  int count;
} uvt_owned;

/* A test that died leaves its files. One of the same user's that has the same number can remove them; those
 * of another user have other names. */
const char *uvt_own_stem(void) {
  static char stem[48];
  static pid_t owner;
  if (owner != getpid()) {
    owner = getpid();
    snprintf(stem, sizeof stem, "/tmp/uvt-%u-%d", (unsigned) getuid(), (int) owner);
  }
  return stem;
}

static void uvt_own_files_end(void) {
  while (uvt_owned.count > 0) { /* files come after their folders */
    const char *path = uvt_owned.files[--uvt_owned.count];
    if (unlink(path) != 0)
      rmdir(path);
  }
}

static const char *uvt_own_path(const char *folder, const char *name) {
  if (uvt_owned.count == (int) (sizeof uvt_owned.files / sizeof uvt_owned.files[0]))
    uvt_give_up(UVT_UNRESOLVED, "too many files");
  if (uvt_owned.count == 0)
    uvt_at_end(uvt_own_files_end);
  char *path = uvt_owned.files[uvt_owned.count++];
  snprintf(path, sizeof uvt_owned.files[0], "%s%s%s%s%s", uvt_own_stem(), *folder ? "-" : "",
           folder, *name ? "/" : "", name);
  return path;
}

const char *uvt_own_folder(const char *folder) {
  const char *path = uvt_own_path(folder, "");
  if (mkdir(path, 0755) != 0 && errno != EEXIST)
    uvt_give_up(UVT_UNRESOLVED, "no folder for the test");
  return path;
}

const char *uvt_own_file(const char *folder, const char *name, const char *text, int mode) {
  uvt_own_folder(folder);
  const char *path = uvt_own_path(folder, name);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ssize_t size = (ssize_t) strlen(text);
  if (fd == -1 || write(fd, text, (size_t) size) != size || fchmod(fd, (mode_t) mode) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no file for the test");
  close(fd);
  return path;
}

const char *uvt_joined(const char *first, const char *second) {
  static char texts[4][256];
  static int at;
  at = (at + 1) % 4;
  snprintf(texts[at], sizeof texts[at], "%s%s", first, second);
  return texts[at];
}
