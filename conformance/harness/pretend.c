/* Files of the system and users as the library under test sees them: the program's definitions of open(2),
 * fopen(3), getpwuid_r(3) and getgrgid_r(3) come before the C library's. They ask the C library, unless a
 * scenario pretends something else, so that what depends on the machine can be had on every machine. What a
 * library learns in other ways is as it is: a scenario asks pretended_reads() before it expects anything.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
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

#ifndef UVT_EXPORT
#define UVT_EXPORT __attribute__((visibility("default")))
#endif

static struct {
  const char *path;
  const char *text; /* NULL: whatever begins with `path` is not there */
} uvt_pretended[24];

static atomic_int uvt_pretended_count;
static atomic_int uvt_pretended_read;
static atomic_int uvt_members;
static atomic_int uvt_member_length;
static atomic_int uvt_user_length;

void uvt_pretend_file(const char *path, const char *text) {
  int at = atomic_load(&uvt_pretended_count);
  if (at == (int) (sizeof uvt_pretended / sizeof uvt_pretended[0]))
    uvt_give_up(UVT_UNRESOLVED, "too many pretended files");
  uvt_pretended[at].path = path;
  uvt_pretended[at].text = text;
  atomic_store(&uvt_pretended_count, at + 1);
}

void uvt_pretend_nothing(const char *prefix) {
  uvt_pretend_file(prefix, NULL);
}

int uvt_pretended_reads(void) {
  return atomic_exchange(&uvt_pretended_read, 0);
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
} uvt_behind;

static void uvt_find(const char *symbol, void *function, size_t size) {
  void *found = dlsym(RTLD_NEXT, symbol);
  memcpy(function, &found, size); /* the standard has no conversion */
}

static void __attribute__((constructor)) uvt_find_all(void) {
  if (uvt_behind.getgrgid_r != NULL)
    return;
  uvt_find("open", &uvt_behind.open, sizeof uvt_behind.open);
  uvt_find("open64", &uvt_behind.open64, sizeof uvt_behind.open64);
  uvt_find("getpwuid_r", &uvt_behind.getpwuid_r, sizeof uvt_behind.getpwuid_r);
  uvt_find("fopen", &uvt_behind.fopen, sizeof uvt_behind.fopen);
  uvt_find("fopen64", &uvt_behind.fopen64, sizeof uvt_behind.fopen64);
  uvt_find("getgrgid_r", &uvt_behind.getgrgid_r, sizeof uvt_behind.getgrgid_r);
}

/* ---- files ---- */

static int uvt_memory_file(const char *text) {
  int fd = memfd_create("pretended", MFD_CLOEXEC);
  size_t size = strlen(text);
  if (fd == -1 || write(fd, text, size) != (ssize_t) size || lseek(fd, 0, SEEK_SET) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no file in memory");
  return fd;
}

/* A descriptor, -1 and errno, or -2: nothing is pretended of that path. */
static int uvt_pretends(const char *path) {
  int result = -2;
  for (int i = 0, count = atomic_load(&uvt_pretended_count); i < count; i++) {
    const char *text = uvt_pretended[i].text;
    if (text != NULL && strcmp(path, uvt_pretended[i].path) == 0) {
      atomic_fetch_add(&uvt_pretended_read, 1);
      return uvt_memory_file(text);
    }
    if (text == NULL && strncmp(path, uvt_pretended[i].path, strlen(uvt_pretended[i].path)) == 0)
      result = -1;
  }
  errno = result == -1 ? ENOENT : errno;
  return result;
}

#define UVT_OPENER(name)                                                                           \
  UVT_EXPORT int name(const char *path, int flags, ...) {                                          \
    va_list more;                                                                                  \
    unsigned mode;                                                                                 \
    int fd = uvt_pretends(path);                                                                   \
    if (fd != -2)                                                                                  \
      return fd;                                                                                   \
    uvt_find_all(); /* others' constructors may come first */                                      \
    va_start(more, flags);                                                                         \
    mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, unsigned) : 0;                             \
    va_end(more);                                                                                  \
    return uvt_behind.name(path, flags, mode);                                                     \
  }

UVT_OPENER(open)
UVT_OPENER(open64)

#define UVT_FILE_OPENER(name)                                                                      \
  UVT_EXPORT FILE *name(const char *path, const char *mode) {                                      \
    int fd = uvt_pretends(path);                                                                   \
    if (fd != -2)                                                                                  \
      return fd >= 0 ? fdopen(fd, "r") : NULL;                                                     \
    uvt_find_all();                                                                                \
    return uvt_behind.name(path, mode);                                                            \
  }

UVT_FILE_OPENER(fopen)
UVT_FILE_OPENER(fopen64)

/* ---- groups ---- */

void uvt_pretend_group(int count, int length) {
  atomic_store(&uvt_member_length, length);
  atomic_store(&uvt_members, count);
}

const char *uvt_member(int which) {
  static char name[256];
  int length = atomic_load(&uvt_member_length);
  memset(name, 'a' + which % 26, sizeof name);
  name[length < 255 ? length : 255] = '\0';
  return name;
}

/* "pretended", its members' names, then the list of them. */
static int uvt_pretended_group(struct group *group, char *room, size_t size) {
  size_t count = (size_t) atomic_load(&uvt_members),
         length = (size_t) atomic_load(&uvt_member_length);
  size_t list = 16, texts = list + (count + 1) * sizeof(char *);
  size_t misaligned = (size_t) room % sizeof(char *);
  char **names;
  if (misaligned != 0)
    list += sizeof(char *) - misaligned, texts += sizeof(char *) - misaligned;
  if (size < texts + count * (length + 1))
    return ERANGE;
  atomic_fetch_add(&uvt_pretended_read, 1);
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
  if (atomic_load(&uvt_members) == 0) {
    uvt_find_all();
    return uvt_behind.getgrgid_r(gid, group, room, size, found);
  }
  int error = uvt_pretended_group(group, room, size);
  group->gr_gid = gid;
  *found = error == 0 ? group : NULL;
  return error;
}

/* ---- users ---- */

void uvt_pretend_user(int length) {
  atomic_store(&uvt_user_length, length);
}

UVT_EXPORT int getpwuid_r(uid_t uid, struct passwd *user, char *room, size_t size,
                          struct passwd **found) {
  size_t length = (size_t) atomic_load(&uvt_user_length);
  if (length == 0) {
    uvt_find_all();
    return uvt_behind.getpwuid_r(uid, user, room, size, found);
  }
  *found = NULL;
  if (size < 3 * (length + 1))
    return ERANGE;
  atomic_fetch_add(&uvt_pretended_read, 1);
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
