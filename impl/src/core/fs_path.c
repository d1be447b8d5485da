/* The file system calls that work on a path, or on two. */
#include "core/fs_request.h"

/* An operation that needs to know no more than its paths. */
static int on_path(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, const char *path,
                   const char *new_path, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, type, cb);

  if (err == 0)
    err = uvi_fs_set_paths(req, path, new_path);
  return err != 0 ? err : uvi_fs_go(req);
}

int uv_fs_stat(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_STAT, path, NULL, cb);
}

int uv_fs_lstat(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_LSTAT, path, NULL, cb);
}

int uv_fs_statfs(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_STATFS, path, NULL, cb);
}

int uv_fs_unlink(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_UNLINK, path, NULL, cb);
}

int uv_fs_rmdir(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_RMDIR, path, NULL, cb);
}

int uv_fs_readlink(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_READLINK, path, NULL, cb);
}

int uv_fs_realpath(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_REALPATH, path, NULL, cb);
}

int uv_fs_rename(uv_loop_t *loop, uv_fs_t *req, const char *path, const char *new_path,
                 uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_RENAME, path, new_path, cb);
}

int uv_fs_link(uv_loop_t *loop, uv_fs_t *req, const char *path, const char *new_path, uv_fs_cb cb) {
  return on_path(loop, req, UV_FS_LINK, path, new_path, cb);
}

/* What kind of link it is matters to Windows alone. */
int uv_fs_symlink(uv_loop_t *loop, uv_fs_t *req, const char *path, const char *new_path, int flags,
                  uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_SYMLINK, cb);

  if (err == 0)
    err = uvi_fs_set_paths(req, path, new_path);
  if (err != 0)
    return err;
  req->flags = flags;
  return uvi_fs_go(req);
}

int uv_fs_copyfile(uv_loop_t *loop, uv_fs_t *req, const char *path, const char *new_path, int flags,
                   uv_fs_cb cb) {
  const int all = UV_FS_COPYFILE_EXCL | UV_FS_COPYFILE_FICLONE | UV_FS_COPYFILE_FICLONE_FORCE;
  int err = uvi_fs_begin(loop, req, UV_FS_COPYFILE, cb);

  if (err == 0 && (flags & ~all) != 0)
    err = UV_EINVAL;
  if (err == 0)
    err = uvi_fs_set_paths(req, path, new_path);
  if (err != 0)
    return err;
  req->flags = flags;
  return uvi_fs_go(req);
}

/* Permissions to ask for, or to give. */
static int with_mode(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, const char *path, int mode,
                     uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, type, cb);

  if (err == 0)
    err = uvi_fs_set_paths(req, path, NULL);
  if (err != 0)
    return err;
  req->mode = (unsigned) mode;
  return uvi_fs_go(req);
}

int uv_fs_access(uv_loop_t *loop, uv_fs_t *req, const char *path, int mode, uv_fs_cb cb) {
  return with_mode(loop, req, UV_FS_ACCESS, path, mode, cb);
}

int uv_fs_chmod(uv_loop_t *loop, uv_fs_t *req, const char *path, int mode, uv_fs_cb cb) {
  return with_mode(loop, req, UV_FS_CHMOD, path, mode, cb);
}

int uv_fs_mkdir(uv_loop_t *loop, uv_fs_t *req, const char *path, int mode, uv_fs_cb cb) {
  return with_mode(loop, req, UV_FS_MKDIR, path, mode, cb);
}

static int change_owner(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, const char *path,
                        uv_uid_t uid, uv_gid_t gid, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, type, cb);

  if (err == 0)
    err = uvi_fs_set_paths(req, path, NULL);
  if (err != 0)
    return err;
  req->u.ids[0] = uid;
  req->u.ids[1] = gid;
  return uvi_fs_go(req);
}

int uv_fs_chown(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_uid_t uid, uv_gid_t gid,
                uv_fs_cb cb) {
  return change_owner(loop, req, UV_FS_CHOWN, path, uid, gid, cb);
}

int uv_fs_lchown(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_uid_t uid, uv_gid_t gid,
                 uv_fs_cb cb) {
  return change_owner(loop, req, UV_FS_LCHOWN, path, uid, gid, cb);
}

static int change_times(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, const char *path,
                        double atime, double mtime, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, type, cb);

  if (err == 0)
    err = uvi_fs_set_paths(req, path, NULL);
  if (err != 0)
    return err;
  req->u.times[0] = atime;
  req->u.times[1] = mtime;
  return uvi_fs_go(req);
}

int uv_fs_utime(uv_loop_t *loop, uv_fs_t *req, const char *path, double atime, double mtime,
                uv_fs_cb cb) {
  return change_times(loop, req, UV_FS_UTIME, path, atime, mtime, cb);
}

int uv_fs_lutime(uv_loop_t *loop, uv_fs_t *req, const char *path, double atime, double mtime,
                 uv_fs_cb cb) {
  return change_times(loop, req, UV_FS_LUTIME, path, atime, mtime, cb);
}

/* ---- new names ---- */

static int with_template(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, const char *tpl,
                         uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, type, cb);

  if (err == 0)
    err = uvi_fs_set_template(req, tpl);
  return err != 0 ? err : uvi_fs_go(req);
}

int uv_fs_mkdtemp(uv_loop_t *loop, uv_fs_t *req, const char *tpl, uv_fs_cb cb) {
  return with_template(loop, req, UV_FS_MKDTEMP, tpl, cb);
}

int uv_fs_mkstemp(uv_loop_t *loop, uv_fs_t *req, const char *tpl, uv_fs_cb cb) {
  return with_template(loop, req, UV_FS_MKSTEMP, tpl, cb);
}
