/* Moving data from one open file to another. */
#ifndef UVI_POSIX_FS_COPY_H_
#define UVI_POSIX_FS_COPY_H_

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Copies up to `length` bytes: from `*offset` on, which moves along, or with NULL from where the file
 * stands. To where `out` stands. Returns how many, 0 at the end, fewer than `length` when that is what
 * goes at once; or an error, with nothing copied. */
ssize_t uvi_fs_copy(int out, int in, int64_t *offset, size_t length);

/* The same by reading and writing, whatever the kernel could do. */
ssize_t uvi_fs_copy_by_hand(int out, int in, int64_t *offset, size_t length);

/* ---- the system's own ---- */

/* The same within the kernel. UV_ENOSYS, or 0 although there is more: it will not do it, but reading
 * and writing may. */
ssize_t uvi_fs_copy_in_kernel(int out, int in, int64_t *offset, size_t length);

/* Has the empty file `out` share the blocks of `in`: 0, or why not. */
int uvi_fs_clone(int out, int in);

#endif
