/* File system requests: from a call's arguments to its result, at once or on the thread pool.
 *
 * Each uv_fs_…() fills in what its operation needs and hands the request over:
 *
 *   int uv_fs_mkdir(uv_loop_t *loop, uv_fs_t *req, const char *path, int mode, uv_fs_cb cb) {
 *     int err = uvi_fs_begin(loop, req, UV_FS_MKDIR, cb);
 *
 *     if (err == 0)
 *       err = uvi_fs_set_paths(req, path, NULL);
 *     if (err != 0)
 *       return err;
 *     req->mode = (unsigned) mode;
 *     return uvi_fs_go(req);
 *   }
 *
 * What the operation does is the system's part: uvi_fs_perform(). */
#ifndef UVI_CORE_FS_REQUEST_H_
#define UVI_CORE_FS_REQUEST_H_

#include "core/loop.h"

/* Sets the request up for an operation: nothing of an earlier one is left that could be taken for an
 * answer; `data` and `statbuf` are not touched. UV_EINVAL without a request, or without a loop to
 * deliver the callback. */
int uvi_fs_begin(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, uv_fs_cb cb);

/* Whether the operation runs before the call returns, so that what it works on can be borrowed. */
static inline bool uvi_fs_is_sync(const uv_fs_t *req) {
  return req->cb == NULL;
}

/* Takes over the path, and the second one unless it is NULL: borrowed when synchronous, else copied.
 * UV_ENOMEM. */
int uvi_fs_set_paths(uv_fs_t *req, const char *path, const char *new_path);

/* The same with a path that the operation changes: always copied. */
int uvi_fs_set_template(uv_fs_t *req, const char *path);

/* The same with buffers, of which there is at least one. */
int uvi_fs_set_bufs(uv_fs_t *req, const uv_buf_t *bufs, unsigned count);

/* Runs it, or submits it. Returns what the uv_fs_…() returns. */
int uvi_fs_go(uv_fs_t *req);

/* ---- what the system does ---- */

/* Does it. Returns its result; sets `ptr` and `statbuf` if that is how it answers. Blocks. Any
 * thread. */
ssize_t uvi_fs_perform(uv_fs_t *req);

/* Frees what uvi_fs_perform() gave out in `ptr`. */
void uvi_fs_free_answer(uv_fs_t *req);

#endif
