/* What one system call does with a path, and what a path stands for. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "posix/fs_perform.h"
#include "util/alloc.h"
#include "util/sys.h"

ssize_t uvi_fs_do_access(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(access)(req->path, (int) req->mode));
}

ssize_t uvi_fs_do_chmod(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(chmod)(req->path, (mode_t) req->mode));
}

ssize_t uvi_fs_do_chown(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(chown)(req->path, req->u.ids[0], req->u.ids[1]));
}

ssize_t uvi_fs_do_lchown(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(lchown)(req->path, req->u.ids[0], req->u.ids[1]));
}

ssize_t uvi_fs_do_link(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(link)(req->path, req->new_path));
}

ssize_t uvi_fs_do_mkdir(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(mkdir)(req->path, (mode_t) req->mode));
}

ssize_t uvi_fs_do_rename(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(rename)(req->path, req->new_path));
}

ssize_t uvi_fs_do_rmdir(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(rmdir)(req->path));
}

ssize_t uvi_fs_do_symlink(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(symlink)(req->path, req->new_path));
}

ssize_t uvi_fs_do_unlink(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(unlink)(req->path));
}

/* ---- what a path stands for ---- */

/* Gives out a copy of `length` bytes. */
static ssize_t answer(uv_fs_t *req, const char *text, size_t length) {
  char *copy = uvi_malloc(length + 1);

  if (copy == NULL)
    return UV_ENOMEM;
  memcpy(copy, text, length);
  copy[length] = '\0';
  req->ptr = copy;
  return 0;
}

/* A link that does not fit tells neither how long it is nor that it was cut: what fills the buffer
 * may have been cut, and is read again into a larger one. The size that lstat(2) tells is no help: it
 * is 0 for the links of /proc. */
static ssize_t readlink_long(uv_fs_t *req, size_t size) {
  for (;; size *= 2) {
    char *buffer = uvi_malloc(size);
    ssize_t result;

    if (buffer == NULL)
      return UV_ENOMEM;
    result = uvi_fs_result(UVI_SYS(readlink)(req->path, buffer, size));
    if (result >= 0 && (size_t) result == size) {
      uvi_free(buffer);
      continue;
    }
    if (result >= 0)
      result = answer(req, buffer, (size_t) result);
    uvi_free(buffer);
    return result;
  }
}

ssize_t uvi_fs_do_readlink(uv_fs_t *req) {
  char buffer[PATH_MAX];
  ssize_t length = UVI_SYS(readlink)(req->path, buffer, sizeof buffer);

  if (length == -1)
    return -errno;
  if ((size_t) length == sizeof buffer)
    return readlink_long(req, 4 * sizeof buffer);
  return answer(req, buffer, (size_t) length);
}

/* The C library's own memory, as a path may be longer than PATH_MAX; what is given out must be of the
 * program's allocator. */
ssize_t uvi_fs_do_realpath(uv_fs_t *req) {
  char *path = UVI_SYS(realpath)(req->path, NULL);
  ssize_t result;

  if (path == NULL)
    return -errno;
  result = answer(req, path, strlen(path));
  free(path);
  return result;
}

/* ---- new names: they are made in the copy of the template ---- */

ssize_t uvi_fs_do_mkdtemp(uv_fs_t *req) {
  return UVI_SYS(mkdtemp)(req->block) != NULL ? 0 : -errno;
}

/* Nothing was made: the path is empty. */
ssize_t uvi_fs_do_mkstemp(uv_fs_t *req) {
  ssize_t result = uvi_fs_result(UVI_SYS(mkostemp)(req->block, O_CLOEXEC));

  if (result < 0)
    *(char *) req->block = '\0';
  return result;
}
