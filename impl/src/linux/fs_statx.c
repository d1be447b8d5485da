/* statx(2): the one call that tells when a file was made. */
#include <errno.h>
#include <stdatomic.h>
#include <sys/sysmacros.h>

#include "posix/fs_stat.h"
#include "util/sys.h"

static uv_timespec_t time_from(struct statx_timestamp time) {
  return (uv_timespec_t){.tv_sec = time.tv_sec, .tv_nsec = time.tv_nsec};
}

/* Not every file system keeps a file's birth; it is 0 then. */
static void from_statx(uv_stat_t *to, const struct statx *from) {
  *to = (uv_stat_t){
      .st_dev = makedev(from->stx_dev_major, from->stx_dev_minor),
      .st_mode = from->stx_mode,
      .st_nlink = from->stx_nlink,
      .st_uid = from->stx_uid,
      .st_gid = from->stx_gid,
      .st_rdev = makedev(from->stx_rdev_major, from->stx_rdev_minor),
      .st_ino = from->stx_ino,
      .st_size = from->stx_size,
      .st_blksize = from->stx_blksize,
      .st_blocks = from->stx_blocks,
      .st_atim = time_from(from->stx_atime),
      .st_mtim = time_from(from->stx_mtime),
      .st_ctim = time_from(from->stx_ctime),
      .st_birthtim = time_from(from->stx_btime),
  };
}

int uvi_fs_statx(int fd, const char *path, bool follow, uv_stat_t *found) {
  static atomic_bool missing;
  int flags = (path == NULL ? AT_EMPTY_PATH : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
  struct statx st;

  if (atomic_load_explicit(&missing, memory_order_relaxed))
    return UV_ENOSYS;
  if (path == NULL && fd < 0)
    return UV_EBADF; /* AT_FDCWD among them: no open file */
  if (UVI_SYS(statx)(fd, path != NULL ? path : "", flags, STATX_BASIC_STATS | STATX_BTIME, &st) ==
      0) {
    from_statx(found, &st);
    return 0;
  }

  /* Sandboxes forbid calls they have not heard of, with either error. statx(2) itself has no EPERM. */
  if (errno != ENOSYS && errno != EPERM)
    return -errno;
  atomic_store_explicit(&missing, true, memory_order_relaxed);
  return UV_ENOSYS;
}
