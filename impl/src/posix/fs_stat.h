/* Asking about a file in the ways that a system has. */
#ifndef UVI_POSIX_FS_STAT_H_
#define UVI_POSIX_FS_STAT_H_

#include <stdbool.h>

#include "uv.h"

/* Of a path, with `follow` of what a link points to; with path NULL of the open file `fd`. 0 or an
 * error; UV_ENOSYS if the system lacks the call, and one of the stat(2) family has to do. */
int uvi_fs_statx(int fd, const char *path, bool follow, uv_stat_t *found);

#endif
