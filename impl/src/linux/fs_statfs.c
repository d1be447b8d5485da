/* What is known about a file system. */
#include <sys/vfs.h>

#include "posix/fs_perform.h"
#include "util/alloc.h"
#include "util/sys.h"

ssize_t uvi_fs_do_statfs(uv_fs_t *req) {
  struct statfs found;
  uv_statfs_t *answer;

  if (UVI_SYS(statfs)(req->path, &found) != 0)
    return -errno;
  answer = uvi_malloc(sizeof *answer);
  if (answer == NULL)
    return UV_ENOMEM;
  *answer = (uv_statfs_t){
      .f_type = (uint64_t) found.f_type,
      .f_bsize = (uint64_t) found.f_bsize,
      .f_blocks = found.f_blocks,
      .f_bfree = found.f_bfree,
      .f_bavail = found.f_bavail,
      .f_files = found.f_files,
      .f_ffree = found.f_ffree,
      .f_frsize = (uint64_t) found.f_frsize,
  };
  req->ptr = answer;
  return 0;
}
