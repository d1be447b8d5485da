/* Copying a file: its content, its permissions and, where that is allowed, its owners. */
#include <stdbool.h>

#include "posix/fs_copy.h"
#include "posix/fs_perform.h"
#include "util/sys.h"

/* No call may give up for a signal: to begin anew is not the same when half of it has happened. */

enum { PERMISSIONS = 07777, AT_ONCE = 1 << 30 };

struct copy {
  const char *path;
  const char *new_path;
  int flags;
  int in;
  int out;
  struct stat from;
  struct stat to;
};

static int open_file(const char *path, int flags, mode_t mode) {
  int fd;

  do
    fd = UVI_SYS(open)(path, flags | O_CLOEXEC, mode);
  while (fd == -1 && errno == EINTR);
  return (int) uvi_fs_result(fd);
}

static int open_source(struct copy *copy) {
  copy->in = open_file(copy->path, O_RDONLY, 0);
  if (copy->in < 0)
    return copy->in;
  if (UVI_SYS(fstat)(copy->in, &copy->from) != 0)
    return -errno;
  return S_ISDIR(copy->from.st_mode) ? UV_EISDIR : 0;
}

/* Not truncated yet: it may be the source under another name. */
static int open_destination(struct copy *copy) {
  int flags = O_WRONLY | O_CREAT | (copy->flags & UV_FS_COPYFILE_EXCL ? O_EXCL : 0);

  copy->out = open_file(copy->new_path, flags, copy->from.st_mode & PERMISSIONS);
  if (copy->out < 0)
    return copy->out;
  return UVI_SYS(fstat)(copy->out, &copy->to) == 0 ? 0 : -errno;
}

static bool is_same_file(const struct copy *copy) {
  return copy->from.st_dev == copy->to.st_dev && copy->from.st_ino == copy->to.st_ino;
}

/* As far as we may. True if the destination has other owners than before. */
static bool copy_owners(const struct copy *copy) {
  if (copy->from.st_uid == copy->to.st_uid && copy->from.st_gid == copy->to.st_gid)
    return false;
  return UVI_SYS(fchown)(copy->out, copy->from.st_uid, copy->from.st_gid) == 0;
}

/* Who may write to a file need not be its owner, and not all file systems know permissions: then it
 * keeps those that it has. See D-0084. */
static int copy_permissions(const struct copy *copy) {
  mode_t mode = copy->from.st_mode & PERMISSIONS;
  bool others = copy_owners(copy); /* which takes setuid and setgid away */

  if (!others && (copy->to.st_mode & PERMISSIONS) == mode)
    return 0;
  if (UVI_SYS(fchmod)(copy->out, mode) == 0 || errno == EPERM)
    return 0;
  return -errno;
}

/* The files of /proc have no size: they are read to the end. What is no regular file has no content
 * that could be copied. */
static int copy_content(const struct copy *copy) {
  off_t left = copy->from.st_size;
  ssize_t count;

  if (!S_ISREG(copy->from.st_mode))
    return 0;
  if (left == 0) {
    do
      count = uvi_fs_copy_by_hand(copy->out, copy->in, NULL, AT_ONCE);
    while (count > 0);
    return (int) count;
  }
  do {
    count = uvi_fs_copy(copy->out, copy->in, NULL, (size_t) (left < AT_ONCE ? left : AT_ONCE));
    left -= count;
  } while (count > 0 && left > 0);
  return count < 0 ? (int) count : 0;
}

static int empty_destination(const struct copy *copy) {
  int err;

  if (copy->to.st_size == 0)
    return 0;
  do
    err = UVI_SYS(ftruncate)(copy->out, 0);
  while (err == -1 && errno == EINTR);
  return (int) uvi_fs_result(err);
}

static int fill_destination(const struct copy *copy) {
  int err = copy_permissions(copy);

  if (err == 0)
    err = empty_destination(copy);
  if (err != 0)
    return err;

  if (copy->flags & (UV_FS_COPYFILE_FICLONE | UV_FS_COPYFILE_FICLONE_FORCE)) {
    err = uvi_fs_clone(copy->out, copy->in);
    if (err == 0 || (copy->flags & UV_FS_COPYFILE_FICLONE_FORCE))
      return err;
  }
  return copy_content(copy);
}

/* A destination that cannot be had is left alone; one that could not be filled is removed. */
static int copy_file(struct copy *copy) {
  int err = open_source(copy);

  if (err == 0)
    err = open_destination(copy);
  if (err != 0 || is_same_file(copy))
    return err;
  if (!S_ISREG(copy->to.st_mode))
    return UV_EINVAL; /* a device is no place for a copy, and nothing to remove: D-0085 */

  err = fill_destination(copy);
  if (UVI_SYS(close)(copy->out) != 0 && err == 0 && errno != EINTR && errno != EINPROGRESS)
    err = -errno; /* some file systems tell only now that there was no room */
  copy->out = -1;
  if (err != 0)
    (void) UVI_SYS(unlink)(copy->new_path);
  return err;
}

ssize_t uvi_fs_do_copyfile(uv_fs_t *req) {
  struct copy copy = {
      .path = req->path, .new_path = req->new_path, .flags = req->flags, .in = -1, .out = -1};
  int err = copy_file(&copy);

  if (copy.in >= 0)
    uvi_sys_close(copy.in);
  if (copy.out >= 0)
    uvi_sys_close(copy.out);
  return err;
}
