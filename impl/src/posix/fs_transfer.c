/* Reading from and writing to open files. */
#include <limits.h>
#include <stddef.h>

#include "posix/fs_perform.h"
#include "util/sys.h"

_Static_assert(sizeof(uv_buf_t) == sizeof(struct iovec) &&
                   offsetof(uv_buf_t, base) == offsetof(struct iovec, iov_base) &&
                   offsetof(uv_buf_t, len) == offsetof(struct iovec, iov_len),
               "a buffer is what the system's vector calls take");

/* So many in one call; Linux has had 1024 for ever. */
static int at_most_iov_max(unsigned count) {
#ifdef IOV_MAX
  return (int) (count < IOV_MAX ? count : IOV_MAX);
#else
  return (int) (count < 1024 ? count : 1024);
#endif
}

/* One call: a short read is an answer, so what does not fit into a call is left out. */
ssize_t uvi_fs_do_read(uv_fs_t *req) {
  const uv_buf_t *buf = req->bufs;
  const struct iovec *iov = (const struct iovec *) (const void *) buf;
  int count = at_most_iov_max(req->nbufs);

  if (req->offset < 0)
    return uvi_fs_result(count == 1 ? UVI_SYS(read)(req->file, buf->base, buf->len)
                                    : UVI_SYS(readv)(req->file, iov, count));
  return uvi_fs_result(count == 1 ? UVI_SYS(pread)(req->file, buf->base, buf->len, req->offset)
                                  : UVI_SYS(preadv)(req->file, iov, count, req->offset));
}

/* A negative offset: where the file stands. */
static ssize_t write_some(uv_file file, const uv_buf_t *bufs, unsigned nbufs, int64_t offset) {
  const struct iovec *iov = (const struct iovec *) (const void *) bufs;
  int count = at_most_iov_max(nbufs);
  ssize_t written;

  do {
    if (offset < 0)
      written = count == 1 ? UVI_SYS(write)(file, bufs->base, bufs->len)
                           : UVI_SYS(writev)(file, iov, count);
    else
      written = count == 1 ? UVI_SYS(pwrite)(file, bufs->base, bufs->len, offset)
                           : UVI_SYS(pwritev)(file, iov, count, offset);
  } while (written == -1 && errno == EINTR);
  return uvi_fs_result(written);
}

/* Until all is written or something goes wrong; what was written by then counts. The buffers are
 * the caller's when synchronous, so a piece of one that remains is written by itself. */
ssize_t uvi_fs_do_write(uv_fs_t *req) {
  const uv_buf_t *bufs = req->bufs;
  unsigned nbufs = req->nbufs;
  size_t skip = 0; /* of the first buffer: written */
  ssize_t total = 0;

  while (nbufs > 0) {
    uv_buf_t rest = {.base = bufs->base + skip, .len = bufs->len - skip};
    int64_t offset = req->offset < 0 ? -1 : req->offset + total;
    ssize_t written = skip == 0 ? write_some(req->file, bufs, nbufs, offset)
                                : write_some(req->file, &rest, 1, offset);

    if (written < 0)
      return total > 0 ? total : written;
    total += written;
    skip += (size_t) written;
    if (written == 0 && skip < bufs->len)
      break; /* the file takes no more, and does not say why */
    while (nbufs > 0 && skip >= bufs->len) {
      skip -= bufs->len;
      bufs++;
      nbufs--;
    }
  }
  return total;
}
