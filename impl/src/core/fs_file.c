/* The file system calls that work on an open file, and the one that opens it. */
#include "core/fs_request.h"

int uv_fs_open(uv_loop_t *loop, uv_fs_t *req, const char *path, int flags, int mode, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_OPEN, cb);

  if (err == 0)
    err = uvi_fs_set_paths(req, path, NULL);
  if (err != 0)
    return err;
  req->flags = flags;
  req->mode = (unsigned) mode;
  return uvi_fs_go(req);
}

/* An operation that needs to know no more than the file. */
static int on_file(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, uv_file file, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, type, cb);

  if (err != 0)
    return err;
  req->file = file;
  return uvi_fs_go(req);
}

int uv_fs_close(uv_loop_t *loop, uv_fs_t *req, uv_file file, uv_fs_cb cb) {
  return on_file(loop, req, UV_FS_CLOSE, file, cb);
}

int uv_fs_fstat(uv_loop_t *loop, uv_fs_t *req, uv_file file, uv_fs_cb cb) {
  return on_file(loop, req, UV_FS_FSTAT, file, cb);
}

int uv_fs_fsync(uv_loop_t *loop, uv_fs_t *req, uv_file file, uv_fs_cb cb) {
  return on_file(loop, req, UV_FS_FSYNC, file, cb);
}

int uv_fs_fdatasync(uv_loop_t *loop, uv_fs_t *req, uv_file file, uv_fs_cb cb) {
  return on_file(loop, req, UV_FS_FDATASYNC, file, cb);
}

static int transfer(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, uv_file file,
                    const uv_buf_t bufs[], unsigned int nbufs, int64_t offset, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, type, cb);

  if (err == 0 && (bufs == NULL || nbufs == 0))
    err = UV_EINVAL;
  if (err == 0)
    err = uvi_fs_set_bufs(req, bufs, nbufs);
  if (err != 0)
    return err;
  req->file = file;
  req->offset = offset;
  return uvi_fs_go(req);
}

int uv_fs_read(uv_loop_t *loop, uv_fs_t *req, uv_file file, const uv_buf_t *bufs,
               unsigned int nbufs, int64_t offset, uv_fs_cb cb) {
  return transfer(loop, req, UV_FS_READ, file, bufs, nbufs, offset, cb);
}

int uv_fs_write(uv_loop_t *loop, uv_fs_t *req, uv_file file, const uv_buf_t *bufs,
                unsigned int nbufs, int64_t offset, uv_fs_cb cb) {
  return transfer(loop, req, UV_FS_WRITE, file, bufs, nbufs, offset, cb);
}

int uv_fs_sendfile(uv_loop_t *loop, uv_fs_t *req, uv_file out_fd, uv_file in_fd, int64_t in_offset,
                   size_t length, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_SENDFILE, cb);

  if (err != 0)
    return err;
  req->file = out_fd;
  req->flags = in_fd;
  req->offset = in_offset;
  req->u.length = length;
  return uvi_fs_go(req);
}

int uv_fs_ftruncate(uv_loop_t *loop, uv_fs_t *req, uv_file file, int64_t offset, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_FTRUNCATE, cb);

  if (err != 0)
    return err;
  req->file = file;
  req->offset = offset;
  return uvi_fs_go(req);
}

int uv_fs_fchmod(uv_loop_t *loop, uv_fs_t *req, uv_file file, int mode, uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_FCHMOD, cb);

  if (err != 0)
    return err;
  req->file = file;
  req->mode = (unsigned) mode;
  return uvi_fs_go(req);
}

int uv_fs_fchown(uv_loop_t *loop, uv_fs_t *req, uv_file file, uv_uid_t uid, uv_gid_t gid,
                 uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_FCHOWN, cb);

  if (err != 0)
    return err;
  req->file = file;
  req->u.ids[0] = uid;
  req->u.ids[1] = gid;
  return uvi_fs_go(req);
}

int uv_fs_futime(uv_loop_t *loop, uv_fs_t *req, uv_file file, double atime, double mtime,
                 uv_fs_cb cb) {
  int err = uvi_fs_begin(loop, req, UV_FS_FUTIME, cb);

  if (err != 0)
    return err;
  req->file = file;
  req->u.times[0] = atime;
  req->u.times[1] = mtime;
  return uvi_fs_go(req);
}
