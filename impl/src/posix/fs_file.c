/* Opening and closing files, and what else one system call does with an open one. */
#include "posix/fs_perform.h"
#include "util/sys.h"

ssize_t uvi_fs_do_open(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(open)(req->path, req->flags | O_CLOEXEC, (mode_t) req->mode));
}

/* Interrupted, it has been closed all the same on every system that matters; what remains to be
 * written then, the system goes on writing. Once more might close a file that another thread has
 * just opened. */
ssize_t uvi_fs_do_close(uv_fs_t *req) {
  if (UVI_SYS(close)(req->file) == 0 || errno == EINTR || errno == EINPROGRESS)
    return 0;
  return -errno;
}

ssize_t uvi_fs_do_fsync(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(fsync)(req->file));
}

ssize_t uvi_fs_do_fdatasync(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(fdatasync)(req->file));
}

ssize_t uvi_fs_do_ftruncate(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(ftruncate)(req->file, req->offset));
}

ssize_t uvi_fs_do_fchmod(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(fchmod)(req->file, (mode_t) req->mode));
}

ssize_t uvi_fs_do_fchown(uv_fs_t *req) {
  return uvi_fs_result(UVI_SYS(fchown)(req->file, req->u.ids[0], req->u.ids[1]));
}
