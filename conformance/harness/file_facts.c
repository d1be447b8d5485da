/* What the system itself says of files, to be held against what the library says.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const struct uvt_fact_name {
  const char *name;
  size_t offset;
} uvt_facts[] = {
    {"dev", offsetof(uv_stat_t, st_dev)},
    {"mode", offsetof(uv_stat_t, st_mode)},
    {"nlink", offsetof(uv_stat_t, st_nlink)},
    {"uid", offsetof(uv_stat_t, st_uid)},
    {"gid", offsetof(uv_stat_t, st_gid)},
    {"rdev", offsetof(uv_stat_t, st_rdev)},
    {"ino", offsetof(uv_stat_t, st_ino)},
    {"size", offsetof(uv_stat_t, st_size)},
    {"blksize", offsetof(uv_stat_t, st_blksize)},
    {"blocks", offsetof(uv_stat_t, st_blocks)},
    {"flags", offsetof(uv_stat_t, st_flags)},
    {"gen", offsetof(uv_stat_t, st_gen)},
    {"atime s", offsetof(uv_stat_t, st_atim.tv_sec)},
    {"atime ns", offsetof(uv_stat_t, st_atim.tv_nsec)},
    {"mtime s", offsetof(uv_stat_t, st_mtim.tv_sec)},
    {"mtime ns", offsetof(uv_stat_t, st_mtim.tv_nsec)},
    {"ctime s", offsetof(uv_stat_t, st_ctim.tv_sec)},
    {"ctime ns", offsetof(uv_stat_t, st_ctim.tv_nsec)},
    {"birth s", offsetof(uv_stat_t, st_birthtim.tv_sec)},
    {"birth ns", offsetof(uv_stat_t, st_birthtim.tv_nsec)},
};

enum { UVT_FACTS = sizeof uvt_facts / sizeof uvt_facts[0] };

static long long uvt_fact(const uv_stat_t *stat, size_t which) {
  long long value;
  memcpy(&value, (const char *) stat + uvt_facts[which].offset, sizeof value);
  return value;
}

/* 0, or an error code. */
static int uvt_ask(const char *path, int follow, uv_stat_t *out) {
  struct statx st;
  memset(&st, 0, sizeof st);
  memset(out, 0, sizeof *out);
  if (statx(AT_FDCWD, path, follow ? 0 : AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME,
            &st) != 0)
    return -errno;
  out->st_dev = makedev(st.stx_dev_major, st.stx_dev_minor);
  out->st_mode = st.stx_mode;
  out->st_nlink = st.stx_nlink;
  out->st_uid = st.stx_uid;
  out->st_gid = st.stx_gid;
  out->st_rdev = makedev(st.stx_rdev_major, st.stx_rdev_minor);
  out->st_ino = st.stx_ino;
  out->st_size = st.stx_size;
  out->st_blksize = st.stx_blksize;
  out->st_blocks = st.stx_blocks;
  out->st_atim = (uv_timespec_t){st.stx_atime.tv_sec, st.stx_atime.tv_nsec};
  out->st_mtim = (uv_timespec_t){st.stx_mtime.tv_sec, st.stx_mtime.tv_nsec};
  out->st_ctim = (uv_timespec_t){st.stx_ctime.tv_sec, st.stx_ctime.tv_nsec};
  out->st_birthtim = (uv_timespec_t){st.stx_btime.tv_sec, st.stx_btime.tv_nsec};
  return 0;
}

static int64_t uvt_one_fact(const char *path, int follow, const char *what) {
  uv_stat_t stat;
  int error = uvt_ask(path, follow, &stat);
  if (error != 0)
    return error;
  if (strcmp(what, "permissions") == 0)
    return (int64_t) stat.st_mode & 07777;
  if (strcmp(what, "type") == 0)
    return (int64_t) stat.st_mode & S_IFMT;
  for (size_t i = 0; i < UVT_FACTS; i++) {
    if (strcmp(uvt_facts[i].name, what) == 0)
      return uvt_fact(&stat, i);
  }
  uvt_give_up(UVT_UNRESOLVED, "the scenario asks for something unknown of a file");
}

int64_t uvt_os_stat(const char *path, const char *what) {
  return uvt_one_fact(path, 1, what);
}

int64_t uvt_os_lstat(const char *path, const char *what) {
  return uvt_one_fact(path, 0, what);
}

const char *uvt_stat_differs(const uv_stat_t *seen, const char *path, int follow) {
  static char text[512];
  uv_stat_t stat;
  text[0] = '\0';
  if (uvt_ask(path, follow, &stat) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the system knows no such file");
  for (size_t i = 0; i < UVT_FACTS; i++) {
    if (uvt_fact(seen, i) == uvt_fact(&stat, i))
      continue;
    if (text[0] != '\0')
      strcat(text, ", ");
    strcat(text, uvt_facts[i].name);
  }
  return text;
}

/* Free blocks and inodes change at any time: they have to be near, and kept apart. */
static int uvt_near(uint64_t seen, uint64_t said, uint64_t all) {
  uint64_t apart = seen > said ? seen - said : said - seen;
  return apart <= all / 16;
}

const char *uvt_statfs_differs(const uv_statfs_t *seen, const char *path) {
  struct statfs said;
  if (statfs(path, &said) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the system does not tell of the file system");
  if (seen->f_type != (uint64_t) said.f_type)
    return "type";
  if (seen->f_bsize != (uint64_t) said.f_bsize)
    return "bsize";
  if (seen->f_blocks != said.f_blocks)
    return "blocks";
  if (seen->f_files != said.f_files)
    return "files";
  if (!uvt_near(seen->f_bfree - seen->f_bavail, said.f_bfree - said.f_bavail, said.f_blocks / 32))
    return "bfree and bavail";
  if (!uvt_near(seen->f_bfree, said.f_bfree, said.f_blocks))
    return "bfree";
  return uvt_near(seen->f_ffree, said.f_ffree, said.f_files) ? "" : "ffree";
}

/* A field that older headers do not have: its place is that of what was spare. */
int64_t uvt_statfs_fragment(const uv_statfs_t *seen) {
  int64_t value;
  memcpy(&value, (const char *) &seen->f_ffree + sizeof seen->f_ffree, sizeof value);
  return value;
}

int64_t uvt_os_fragment(const char *path) {
  struct statfs said;
  return statfs(path, &said) == 0 ? (int64_t) said.f_frsize : -1;
}

/* ---- everything in the folder ---- */

static uint64_t uvt_mix(uint64_t sum, const void *bytes, size_t size) {
  for (size_t i = 0; i < size; i++)
    sum = (sum ^ ((const unsigned char *) bytes)[i]) * 1099511628211u; /* FNV-1a */
  return sum;
}

static uint64_t uvt_state_of(const char *path, uint64_t sum) {
  uv_stat_t stat;
  if (uvt_ask(path, 0, &stat) != 0)
    return sum;
  memset(&stat.st_atim, 0, sizeof stat.st_atim); /* looking changes it */
  memset(&stat.st_blocks, 0, sizeof stat.st_blocks);
  return uvt_mix(uvt_mix(sum, path, strlen(path)), &stat, sizeof stat);
}

static uint64_t uvt_state_under(const char *path, int depth) {
  uint64_t sum = 0; /* the order of entries does not matter: sums are added */
  DIR *folder = opendir(path);
  struct dirent *entry;
  if (folder == NULL)
    return 0;
  while ((entry = readdir(folder)) != NULL) {
    char inner[4096 + 260];
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    snprintf(inner, sizeof inner, "%.4090s/%s", path, entry->d_name);
    sum += uvt_state_of(inner, 14695981039346656037u);
    if (depth < 8 && entry->d_type == DT_DIR)
      sum += uvt_state_under(inner, depth + 1);
  }
  closedir(folder);
  return sum;
}

uint64_t uvt_folder_state(void) {
  return uvt_state_under(".", 0);
}
