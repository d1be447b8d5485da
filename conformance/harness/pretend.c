/* Files of the system and users as the library under test sees them: the program's definitions of open(2),
 * fopen(3), getpwuid_r(3) and getgrgid_r(3) come before the C library's. They ask the C library, unless a
 * scenario pretends something else, so that what depends on the machine can be had on every machine. What a
 * library learns in other ways is as it is: a scenario asks pretended_reads() before it expects anything.
 *
 * Its twin for `uvspec repro` is repro/pretend.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define UVT_EXPORT __attribute__((visibility("default")))

enum { FILES = 24 };

static struct {
  const char *path;
  const char *text; /* NULL: whatever begins with `path` is not there */
} files[FILES];

static atomic_int file_count;
static atomic_int reads;
static atomic_int members;
static atomic_int member_length;
static atomic_int user_length;

void uvt_pretend_file(const char *path, const char *text) {
  int at = atomic_load(&file_count);
  if (at == FILES)
    uvt_give_up(UVT_UNRESOLVED, "too many pretended files");
  files[at].path = path;
  files[at].text = text;
  atomic_store(&file_count, at + 1);
}

void uvt_pretend_nothing(const char *prefix) {
  uvt_pretend_file(prefix, NULL);
}

int uvt_pretended_reads(void) {
  return atomic_exchange(&reads, 0);
}

/* The definitions behind ours, found before anything runs: a child that has just been forked must not have
 * to look for them. */
static struct {
  int (*open)(const char *path, int flags, ...);
  int (*open64)(const char *path, int flags, ...);
  FILE *(*fopen)(const char *path, const char *mode);
  FILE *(*fopen64)(const char *path, const char *mode);
  int (*getgrgid_r)(gid_t, struct group *, char *, size_t, struct group **);
  int (*getpwuid_r)(uid_t, struct passwd *, char *, size_t, struct passwd **);
} next;

static void find(const char *symbol, void *function, size_t size) {
  void *found = dlsym(RTLD_NEXT, symbol);
  memcpy(function, &found, size); /* the standard has no conversion */
}

__attribute__((constructor)) static void find_all(void) {
  if (next.getgrgid_r != NULL)
    return;
  find("open", &next.open, sizeof next.open);
  find("open64", &next.open64, sizeof next.open64);
  find("getpwuid_r", &next.getpwuid_r, sizeof next.getpwuid_r);
  find("fopen", &next.fopen, sizeof next.fopen);
  find("fopen64", &next.fopen64, sizeof next.fopen64);
  find("getgrgid_r", &next.getgrgid_r, sizeof next.getgrgid_r);
}

/* ---- files ---- */

static int memory_file(const char *text) {
  int fd = memfd_create("pretended", MFD_CLOEXEC);
  size_t size = strlen(text);
  if (fd == -1 || write(fd, text, size) != (ssize_t) size || lseek(fd, 0, SEEK_SET) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no file in memory");
  return fd;
}

/* A descriptor, -1 and errno, or -2: nothing is pretended of that path. */
static int pretended(const char *path) {
  int result = -2;
  for (int i = 0, count = atomic_load(&file_count); i < count; i++) {
    const char *text = files[i].text;
    if (text != NULL && strcmp(path, files[i].path) == 0) {
      atomic_fetch_add(&reads, 1);
      return memory_file(text);
    }
    if (text == NULL && strncmp(path, files[i].path, strlen(files[i].path)) == 0)
      result = -1;
  }
  errno = result == -1 ? ENOENT : errno;
  return result;
}

#define OPENER(name)                                                                               \
  UVT_EXPORT int name(const char *path, int flags, ...) {                                          \
    va_list more;                                                                                  \
    unsigned mode;                                                                                 \
    int fd = pretended(path);                                                                      \
    if (fd != -2)                                                                                  \
      return fd;                                                                                   \
    find_all(); /* others' constructors may come first */                                          \
    va_start(more, flags);                                                                         \
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, unsigned) : 0;                             \
    va_end(more);                                                                                  \
    return next.name(path, flags, mode);                                                           \
  }

OPENER(open)
OPENER(open64)

#define FILE_OPENER(name)                                                                          \
  UVT_EXPORT FILE *name(const char *path, const char *mode) {                                      \
    int fd = pretended(path);                                                                      \
    if (fd != -2)                                                                                  \
      return fd >= 0 ? fdopen(fd, "r") : NULL;                                                     \
    find_all();                                                                                    \
    return next.name(path, mode);                                                                  \
  }

FILE_OPENER(fopen)
FILE_OPENER(fopen64)

/* ---- groups ---- */

void uvt_pretend_group(int count, int length) {
  atomic_store(&member_length, length);
  atomic_store(&members, count);
}

const char *uvt_member(int which) {
  static char name[256];
  int length = atomic_load(&member_length);
  memset(name, 'a' + which % 26, sizeof name);
  name[length < 255 ? length : 255] = '\0';
  return name;
}

/* "pretended", its members' names, then the list of them. */
static int pretended_group(struct group *group, char *room, size_t size) {
  size_t count = (size_t) atomic_load(&members), length = (size_t) atomic_load(&member_length);
  size_t list = 16, texts = list + (count + 1) * sizeof(char *);
  size_t misaligned = (size_t) room % sizeof(char *);
  char **names;
  if (misaligned != 0)
    list += sizeof(char *) - misaligned, texts += sizeof(char *) - misaligned;
  if (size < texts + count * (length + 1))
    return ERANGE;
  atomic_fetch_add(&reads, 1);
  memset(group, 0, sizeof *group);
  group->gr_name = strcpy(room, "pretended");
  group->gr_passwd = room + 9;
  names = (char **) (void *) (room + list);
  for (size_t i = 0; i < count; i++, texts += length + 1)
    names[i] = strcpy(room + texts, uvt_member((int) i));
  names[count] = NULL;
  group->gr_mem = names;
  return 0;
}

UVT_EXPORT int getgrgid_r(gid_t gid, struct group *group, char *room, size_t size,
                          struct group **found) {
  if (atomic_load(&members) == 0) {
    find_all();
    return next.getgrgid_r(gid, group, room, size, found);
  }
  int error = pretended_group(group, room, size);
  group->gr_gid = gid;
  *found = error == 0 ? group : NULL;
  return error;
}

/* ---- users ---- */

void uvt_pretend_user(int length) {
  atomic_store(&user_length, length);
}

UVT_EXPORT int getpwuid_r(uid_t uid, struct passwd *user, char *room, size_t size,
                          struct passwd **found) {
  size_t length = (size_t) atomic_load(&user_length);
  if (length == 0) {
    find_all();
    return next.getpwuid_r(uid, user, room, size, found);
  }
  *found = NULL;
  if (size < 3 * (length + 1))
    return ERANGE;
  atomic_fetch_add(&reads, 1);
  memset(user, 0, sizeof *user);
  for (int i = 0; i < 3; i++) {
    memset(room + (size_t) i * (length + 1), "nhs"[i], length);
    room[(size_t) i * (length + 1) + length] = '\0';
  }
  user->pw_name = room;
  user->pw_passwd = user->pw_gecos = room + length;
  user->pw_dir = room + length + 1;
  user->pw_shell = room + 2 * (length + 1);
  user->pw_uid = uid;
  user->pw_gid = 4321;
  *found = user;
  return 0;
}
