/* Copying from one open file to another. */
#include "posix/fs_copy.h"
#include "posix/fs_perform.h"

ssize_t uvi_fs_do_sendfile(uv_fs_t *req) {
  int64_t offset = req->offset;

  return uvi_fs_copy(req->file, req->flags, &offset, req->u.length);
}
