/* What is known about a file, and about a file system. */
#include "posix/fs_stat.h"

#include "posix/fs_perform.h"
#include "util/sys.h"

static uv_timespec_t time_from(struct timespec time) {
  return (uv_timespec_t){.tv_sec = time.tv_sec, .tv_nsec = time.tv_nsec};
}

/* When the file was made this does not tell: the last change of the inode is as near as it gets. */
static void from_stat(uv_stat_t *to, const struct stat *from) {
  *to = (uv_stat_t){
      .st_dev = from->st_dev,
      .st_mode = from->st_mode,
      .st_nlink = from->st_nlink,
      .st_uid = from->st_uid,
      .st_gid = from->st_gid,
      .st_rdev = from->st_rdev,
      .st_ino = from->st_ino,
      .st_size = (uint64_t) from->st_size,
      .st_blksize = (uint64_t) from->st_blksize,
      .st_blocks = (uint64_t) from->st_blocks,
      .st_atim = time_from(from->st_atim),
      .st_mtim = time_from(from->st_mtim),
      .st_ctim = time_from(from->st_ctim),
      .st_birthtim = time_from(from->st_ctim),
  };
}

static ssize_t finish(uv_fs_t *req, int err) {
  if (err == 0)
    req->ptr = &req->statbuf;
  return err;
}

static ssize_t stat_path(uv_fs_t *req, bool follow) {
  int err = uvi_fs_statx(AT_FDCWD, req->path, follow, &req->statbuf);

  if (err == UV_ENOSYS) {
    struct stat st;

    err = (int) uvi_fs_result(follow ? UVI_SYS(stat)(req->path, &st)
                                     : UVI_SYS(lstat)(req->path, &st));
    if (err == 0)
      from_stat(&req->statbuf, &st);
  }
  return finish(req, err);
}

ssize_t uvi_fs_do_stat(uv_fs_t *req) {
  return stat_path(req, true);
}

ssize_t uvi_fs_do_lstat(uv_fs_t *req) {
  return stat_path(req, false);
}

ssize_t uvi_fs_do_fstat(uv_fs_t *req) {
  int err = uvi_fs_statx(req->file, NULL, true, &req->statbuf);

  if (err == UV_ENOSYS) {
    struct stat st;

    err = (int) uvi_fs_result(UVI_SYS(fstat)(req->file, &st));
    if (err == 0)
      from_stat(&req->statbuf, &st);
  }
  return finish(req, err);
}
