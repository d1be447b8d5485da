/* From the kind of a file system request to what does it. */
#include "posix/fs_perform.h"

#include "core/fs_request.h"
#include "util/alloc.h"

static uvi_fs_operation *const operations[] = {
    [UV_FS_OPEN] = uvi_fs_do_open,           [UV_FS_CLOSE] = uvi_fs_do_close,
    [UV_FS_READ] = uvi_fs_do_read,           [UV_FS_WRITE] = uvi_fs_do_write,
    [UV_FS_SENDFILE] = uvi_fs_do_sendfile,   [UV_FS_STAT] = uvi_fs_do_stat,
    [UV_FS_LSTAT] = uvi_fs_do_lstat,         [UV_FS_FSTAT] = uvi_fs_do_fstat,
    [UV_FS_FTRUNCATE] = uvi_fs_do_ftruncate, [UV_FS_UTIME] = uvi_fs_do_utime,
    [UV_FS_FUTIME] = uvi_fs_do_futime,       [UV_FS_ACCESS] = uvi_fs_do_access,
    [UV_FS_CHMOD] = uvi_fs_do_chmod,         [UV_FS_FCHMOD] = uvi_fs_do_fchmod,
    [UV_FS_FSYNC] = uvi_fs_do_fsync,         [UV_FS_FDATASYNC] = uvi_fs_do_fdatasync,
    [UV_FS_UNLINK] = uvi_fs_do_unlink,       [UV_FS_RMDIR] = uvi_fs_do_rmdir,
    [UV_FS_MKDIR] = uvi_fs_do_mkdir,         [UV_FS_MKDTEMP] = uvi_fs_do_mkdtemp,
    [UV_FS_RENAME] = uvi_fs_do_rename,       [UV_FS_SCANDIR] = uvi_fs_do_scandir,
    [UV_FS_LINK] = uvi_fs_do_link,           [UV_FS_SYMLINK] = uvi_fs_do_symlink,
    [UV_FS_READLINK] = uvi_fs_do_readlink,   [UV_FS_CHOWN] = uvi_fs_do_chown,
    [UV_FS_FCHOWN] = uvi_fs_do_fchown,       [UV_FS_REALPATH] = uvi_fs_do_realpath,
    [UV_FS_COPYFILE] = uvi_fs_do_copyfile,   [UV_FS_LCHOWN] = uvi_fs_do_lchown,
    [UV_FS_OPENDIR] = uvi_fs_do_opendir,     [UV_FS_READDIR] = uvi_fs_do_readdir,
    [UV_FS_CLOSEDIR] = uvi_fs_do_closedir,   [UV_FS_STATFS] = uvi_fs_do_statfs,
    [UV_FS_MKSTEMP] = uvi_fs_do_mkstemp,     [UV_FS_LUTIME] = uvi_fs_do_lutime,
};

/* A read that a signal interrupts has read nothing, and the program may want to know of the signal:
 * it is told. Everything else is as if there had been no signal. (Closing has happened.) */
static bool goes_on(uv_fs_type type) {
  return type != UV_FS_READ;
}

ssize_t uvi_fs_perform(uv_fs_t *req) {
  ssize_t result;

  do
    result = operations[req->fs_type](req);
  while (result == UV_EINTR && goes_on(req->fs_type));
  return result;
}

void uvi_fs_free_answer(uv_fs_t *req) {
  switch (req->fs_type) {
    case UV_FS_READLINK:
    case UV_FS_REALPATH:
    case UV_FS_STATFS:
      uvi_free(req->ptr);
      break;
    case UV_FS_SCANDIR:
      uvi_fs_free_scan(req->ptr);
      break;
    default: /* the request's own, or the program's: an open folder ends with uv_fs_closedir() */
      break;
  }
}
