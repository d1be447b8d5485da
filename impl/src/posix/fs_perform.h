/* What file system operations do. Each takes its arguments from the request and returns the result,
 * 0 or more, or a UV_E* code. It blocks, on any thread. */
#ifndef UVI_POSIX_FS_PERFORM_H_
#define UVI_POSIX_FS_PERFORM_H_

#include <errno.h>

#include "uv.h"

typedef ssize_t uvi_fs_operation(uv_fs_t *req);

/* What a system call returned, as a result. */
static inline ssize_t uvi_fs_result(ssize_t returned) {
  return returned != -1 ? returned : -errno;
}

/* ---- fs_file.c ---- */
uvi_fs_operation uvi_fs_do_open;
uvi_fs_operation uvi_fs_do_close;
uvi_fs_operation uvi_fs_do_fsync;
uvi_fs_operation uvi_fs_do_fdatasync;
uvi_fs_operation uvi_fs_do_ftruncate;
uvi_fs_operation uvi_fs_do_fchmod;
uvi_fs_operation uvi_fs_do_fchown;

/* ---- fs_transfer.c ---- */
uvi_fs_operation uvi_fs_do_read;
uvi_fs_operation uvi_fs_do_write;

/* ---- fs_stat.c ---- */
uvi_fs_operation uvi_fs_do_stat;
uvi_fs_operation uvi_fs_do_lstat;
uvi_fs_operation uvi_fs_do_fstat;

/* ---- the system's own: fs_statfs.c ---- */
uvi_fs_operation uvi_fs_do_statfs;

/* ---- fs_path.c ---- */
uvi_fs_operation uvi_fs_do_access;
uvi_fs_operation uvi_fs_do_chmod;
uvi_fs_operation uvi_fs_do_chown;
uvi_fs_operation uvi_fs_do_lchown;
uvi_fs_operation uvi_fs_do_link;
uvi_fs_operation uvi_fs_do_mkdir;
uvi_fs_operation uvi_fs_do_rename;
uvi_fs_operation uvi_fs_do_rmdir;
uvi_fs_operation uvi_fs_do_symlink;
uvi_fs_operation uvi_fs_do_unlink;
uvi_fs_operation uvi_fs_do_readlink;
uvi_fs_operation uvi_fs_do_realpath;
uvi_fs_operation uvi_fs_do_mkdtemp;
uvi_fs_operation uvi_fs_do_mkstemp;

/* ---- fs_times.c ---- */
uvi_fs_operation uvi_fs_do_utime;
uvi_fs_operation uvi_fs_do_lutime;
uvi_fs_operation uvi_fs_do_futime;

/* ---- fs_dir.c ---- */
uvi_fs_operation uvi_fs_do_opendir;
uvi_fs_operation uvi_fs_do_readdir;
uvi_fs_operation uvi_fs_do_closedir;

/* ---- fs_scandir.c ---- */
uvi_fs_operation uvi_fs_do_scandir;
void uvi_fs_free_scan(void *scan);

/* ---- fs_copyfile.c, fs_sendfile.c ---- */
uvi_fs_operation uvi_fs_do_copyfile;
uvi_fs_operation uvi_fs_do_sendfile;

#endif
