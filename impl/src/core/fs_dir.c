/* The file system calls that read folders. */
#include "core/fs_request.h"

int uv_fs_scandir(uv_loop_t *loop, uv_fs_t *req, const char *path, int flags, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_SCANDIR, cb);

  if (err == 0)
    err = uvi_fs_set_paths(req, path, NULL);
  if (err != 0)
    return err;
  req->flags = flags;
  return uvi_fs_go(req);
}

int uv_fs_opendir(uv_loop_t *loop, uv_fs_t *req, const char *path, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_OPENDIR, cb);

  if (err == 0)
    err = uvi_fs_set_paths(req, path, NULL);
  return err != 0 ? err : uvi_fs_go(req);
}

int uv_fs_readdir(uv_loop_t *loop, uv_fs_t *req, uv_dir_t *dir, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_READDIR, cb);

  if (err == 0 && (dir == NULL || dir->dir == NULL || dir->dirents == NULL))
    err = UV_EINVAL;
  if (err != 0)
    return err;
  req->ptr = dir;
  return uvi_fs_go(req);
}

int uv_fs_closedir(uv_loop_t *loop, uv_fs_t *req, uv_dir_t *dir, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_CLOSEDIR, cb);

  if (err == 0 && dir == NULL)
    err = UV_EINVAL;
  if (err != 0)
    return err;
  req->ptr = dir;
  return uvi_fs_go(req);
}
