/* A folder of the test's own, what is in it, and its descriptors. The test works inside: its paths are short
 * names, and the folder goes when the test does. What the files are like is told by file_facts.c.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "files.h"
#include "scenario.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

enum {
  UVT_FDS = 64,
  UVT_LENT = 4,
  UVT_LENT_SIZE = 8192,
  UVT_ROOM = 1 << 17,
  UVT_FILE_TEXT = 1 << 16
};

static struct {
  char before[PATH_MAX]; /* where the process was; empty: it still is */
  struct {
    int fd;
    dev_t device;
    ino_t inode;
  } opened[UVT_FDS];
  int opened_count;
  uid_t user;
  gid_t group;
  int is_other; /* than these, which are to come back */
  char lent[UVT_LENT][UVT_LENT_SIZE];
  unsigned lent_count;
} uvt_files;

static void uvt_need(int holds, const char *reason) {
  if (!holds)
    uvt_give_up(UVT_UNRESOLVED, reason);
}

/* ---- the folder ---- */

/* The number of the user stands in it because nobody else's folder that was left behind can be removed. */
static void uvt_folder_of(long pid, char *path, size_t size) {
  static uid_t user = (uid_t) -1; /* before the test became another one */
  const char *above = getenv("TMPDIR");
  if (user == (uid_t) -1)
    user = getuid();
  snprintf(path, size, "%s/uvt-folder-%u-%ld", above != NULL && above[0] == '/' ? above : "/tmp",
           (unsigned) user, pid);
}

static int uvt_remove_one(const char *path, const struct stat *st, int type, struct FTW *place) {
  (void) st;
  (void) place;
  if (type == FTW_DP || type == FTW_DNR)
    rmdir(path);
  else
    unlink(path);
  return 0;
}

static int uvt_open_up(const char *path, const struct stat *st, int type, struct FTW *place) {
  (void) st;
  (void) place;
  if (type == FTW_D || type == FTW_DNR)
    chmod(path, 0700);
  return 0;
}

void uvt_folder_remove(long pid) {
  char path[PATH_MAX];
  uvt_folder_of(pid, path, sizeof path);
  if (access(path, F_OK) != 0)
    return;
  nftw(path, uvt_open_up, 16, FTW_PHYS);
  nftw(path, uvt_remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

static void uvt_files_end(void);

void uvt_folder(void) {
  char path[PATH_MAX];
  uvt_folder_of(getpid(), path, sizeof path);
  uvt_folder_remove(getpid());
  umask(022);
  uvt_at_end(uvt_files_end);
  uvt_need(uvt_files.before[0] == '\0' && getcwd(uvt_files.before, sizeof uvt_files.before) != NULL,
           "no working directory");
  uvt_need(mkdir(path, 0755) == 0 && chdir(path) == 0, "no folder for the test");
}

const char *uvt_inside(const char *name) {
  static char paths[4][PATH_MAX];
  static unsigned turn;
  char *path = paths[turn++ % 4];
  uvt_need(getcwd(path, PATH_MAX - 300) != NULL && strlen(name) < 298, "no working directory");
  strcat(strcat(path, "/"), name);
  return path;
}

/* ---- rights ---- */

/* Root becomes nobody, in full or for what it does only. The saved user stays, so that uvt_finish() can go
 * back. */
static void uvt_be_other(int in_full) {
  const uid_t nobody = 65534;
  if (getuid() != 0)
    return;
  uvt_files.user = getuid();
  uvt_files.group = getgid();
  if ((in_full && setresgid(nobody, nobody, uvt_files.group) != 0) ||
      setresuid(in_full ? nobody : uvt_files.user, nobody, uvt_files.user) != 0)
    uvt_give_up(UVT_SKIPPED, "the system has no user without privileges");
  uvt_files.is_other = 1;
}

void uvt_unprivileged(void) {
  uvt_be_other(1);
}

void uvt_act_as_nobody(void) {
  uvt_be_other(0);
}

void uvt_privileged(void) {
  if (!uvt_files.is_other)
    return;
  uvt_files.is_other = 0;
  uvt_need(setresuid(uvt_files.user, uvt_files.user, uvt_files.user) == 0,
           "no way back to the user before");
  uvt_need(setresgid(uvt_files.group, uvt_files.group, uvt_files.group) == 0,
           "no way back to the group before");
}

void uvt_set_umask(int mask) {
  umask((mode_t) mask);
}

/* ---- what is in it ---- */

static void uvt_write_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(fd, bytes, size);
    uvt_need(written > 0, "a file cannot be written");
    bytes += written;
    size -= (size_t) written;
  }
}

static void uvt_make_with(const char *path, const char *bytes, size_t size) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  uvt_need(fd >= 0, "a file cannot be made");
  uvt_write_all(fd, bytes, size);
  close(fd);
}

void uvt_make_file(const char *path, const char *text) {
  uvt_make_with(path, text, strlen(text));
}

void uvt_make_pattern(const char *path, size_t size) {
  uvt_make_with(path, uvt_pattern(size), size);
}

void uvt_make_folder(const char *path) {
  uvt_need(mkdir(path, 0755) == 0, "a folder cannot be made");
}

void uvt_make_link(const char *target, const char *path) {
  uvt_need(symlink(target, path) == 0, "a symbolic link cannot be made");
}

void uvt_make_fifo(const char *path) {
  uvt_need(mkfifo(path, 0644) == 0, "a named pipe cannot be made");
}

/* It may take more than root to make one, and no driver has to be behind it. */
int uvt_make_block(const char *path) {
  return mknod(path, S_IFBLK | 0600, makedev(7, 77)) == 0;
}

void uvt_make_socket(const char *path) {
  struct sockaddr_un name;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memset(&name, 0, sizeof name);
  name.sun_family = AF_UNIX;
  uvt_need(strlen(path) < sizeof name.sun_path, "too long a name for a socket");
  memcpy(name.sun_path, path, strlen(path));
  uvt_need(bind(fd, (struct sockaddr *) &name, sizeof name) == 0, "a socket cannot be made");
  close(fd);
}

void uvt_set_mode(const char *path, int mode) {
  uvt_need(chmod(path, (mode_t) mode) == 0, "the mode stays");
}

void uvt_set_times(const char *path, long access_s, long change_s) {
  const struct timespec times[2] = {{access_s, 0}, {change_s, 0}};
  uvt_need(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0, "the times stay");
}

void uvt_set_size(const char *path, int64_t size) {
  uvt_need(truncate(path, size) == 0, "the size stays");
}

const char *uvt_file_text(const char *path) {
  static char text[UVT_FILE_TEXT];
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0)
    close(fd);
  text[size > 0 ? size : 0] = '\0';
  return fd < 0 ? "(no such file)" : text;
}

int64_t uvt_file_pattern(const char *path) {
  static char piece[65536];
  int64_t place = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size;
  if (fd < 0)
    return -1;
  while ((size = read(fd, piece, sizeof piece)) > 0) {
    for (ssize_t i = 0; i < size && place >= 0; i++)
      place = piece[i] == (char) (place % 251) ? place + 1 : -1;
    if (place < 0)
      break;
  }
  close(fd);
  return place;
}

const char *uvt_link_text(const char *path) {
  static char text[PATH_MAX];
  ssize_t size = readlink(path, text, sizeof text - 1);
  text[size > 0 ? size : 0] = '\0';
  return size < 0 ? "(no link)" : text;
}

int uvt_shares_blocks(void) {
#ifdef __linux__
  const unsigned long clone = _IOW(0x94, 9, int); /* FICLONE */
  uvt_make_file("uvt-from", "some text");
  uvt_make_file("uvt-to", "");
  int from = open("uvt-from", O_RDONLY | O_CLOEXEC), to = open("uvt-to", O_WRONLY | O_CLOEXEC);
  int shares = ioctl(to, clone, from) == 0;
  close(from);
  close(to);
  unlink("uvt-from");
  unlink("uvt-to");
  return shares;
#else
  return 0;
#endif
}

/* ---- descriptors ---- */

int uvt_fd_open(const char *path, int flags) {
  struct stat st;
  int fd = open(path, flags | O_CLOEXEC, 0644);
  uvt_need(fd >= 0 && fstat(fd, &st) == 0 && uvt_files.opened_count < UVT_FDS,
           "a file cannot be opened");
  uvt_files.opened[uvt_files.opened_count].fd = fd;
  uvt_files.opened[uvt_files.opened_count].device = st.st_dev;
  uvt_files.opened[uvt_files.opened_count++].inode = st.st_ino;
  return fd;
}

int uvt_fifo_writer(const char *path) {
  int fd;
  /* It takes until somebody reads, and no time can be told. */
  while ((fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
    uvt_need(errno == ENXIO || errno == EINTR, "a named pipe cannot be opened");
  return fd;
}

int64_t uvt_fd_position(int fd) {
  return lseek(fd, 0, SEEK_CUR);
}

void uvt_fd_seek(int fd, int64_t position) {
  uvt_need(lseek(fd, position, SEEK_SET) == position, "the position stays");
}

int uvt_fd_flags(int fd) {
  return fcntl(fd, F_GETFL);
}

int uvt_fd_is(int fd, const char *path) {
  struct stat one, other;
  return fstat(fd, &one) == 0 && lstat(path, &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

/* ---- what is passed to calls ---- */

const char *uvt_lent(const char *text) {
  char *copy = uvt_files.lent[uvt_files.lent_count++ % UVT_LENT];
  uvt_need(strlen(text) < UVT_LENT_SIZE, "too long a text to lend");
  return strcpy(copy, text);
}

void uvt_lent_back(void) {
  memset(uvt_files.lent, 'Z', sizeof uvt_files.lent);
}

char *uvt_room(size_t size) {
  static char room[UVT_ROOM];
  static size_t used;
  char *start = room + used;
  uvt_need(size <= sizeof room - used, "too little room");
  memset(start, 0xA5, size);
  used += size;
  return start;
}

const char *uvt_bytes(const char *memory, size_t size) {
  static char text[4096];
  uvt_need(size < sizeof text, "too many bytes to show");
  for (size_t i = 0; i < size; i++) {
    int byte = (unsigned char) memory[i];
    text[i] = byte == 0xA5 ? '?' : byte == 0 ? '0' : byte < ' ' || byte > '~' ? '!' : (char) byte;
  }
  text[size] = '\0';
  return text;
}

/* ---- the end ---- */

static void uvt_files_end(void) {
  struct stat st;
  uvt_privileged();
  while (uvt_files.opened_count > 0) {
    int fd = uvt_files.opened[--uvt_files.opened_count].fd;
    /* The library may have closed it, and the number be another file's by now. */
    if (fstat(fd, &st) == 0 && st.st_dev == uvt_files.opened[uvt_files.opened_count].device &&
        st.st_ino == uvt_files.opened[uvt_files.opened_count].inode)
      close(fd);
  }
  if (uvt_files.before[0] == '\0')
    return;
  uvt_need(chdir(uvt_files.before) == 0, "no way back to the working directory");
  uvt_folder_remove(getpid());
  uvt_files.before[0] = '\0';
}
