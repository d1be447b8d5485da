#include "core/fs_request.h"

#include <string.h>

#include "core/request.h"
#include "core/work.h"
#include "util/alloc.h"

static uv_fs_t *request_of(struct uv__work *work) {
  return UVI_CONTAINER_OF(work, uv_fs_t, work_req);
}

int uvi_fs_begin(uv_loop_t *loop, uv_fs_t *req, uv_fs_type type, uv_fs_cb cb) {
  if (req == NULL || (cb != NULL && loop == NULL))
    return UV_EINVAL;

  uvi_req_init(UVI_REQ(req), UV_FS);
  req->fs_type = type;
  req->loop = loop;
  req->cb = cb;
  req->result = 0;
  req->ptr = NULL;
  req->path = NULL;
  req->new_path = NULL;
  req->bufs = NULL;
  req->nbufs = 0;
  req->block = NULL;
  uvi_work_finished(&req->work_req); /* until it is submitted: there is nothing to cancel */
  return 0;
}

/* ---- what it works on ---- */

/* One block for both. */
static int copy_paths(uv_fs_t *req, const char *path, const char *new_path) {
  size_t size = strlen(path) + 1;
  size_t new_size = new_path != NULL ? strlen(new_path) + 1 : 0;
  char *block = uvi_malloc(size + new_size);

  if (block == NULL)
    return UV_ENOMEM;
  req->block = block;
  req->path = memcpy(block, path, size);
  req->new_path = new_path != NULL ? memcpy(block + size, new_path, new_size) : NULL;
  return 0;
}

int uvi_fs_set_paths(uv_fs_t *req, const char *path, const char *new_path) {
  if (!uvi_fs_is_sync(req))
    return copy_paths(req, path, new_path);
  req->path = path;
  req->new_path = new_path;
  return 0;
}

int uvi_fs_set_template(uv_fs_t *req, const char *path) {
  return copy_paths(req, path, NULL);
}

int uvi_fs_set_bufs(uv_fs_t *req, const uv_buf_t *bufs, unsigned count) {
  uv_buf_t *copy = req->bufsml;

  req->nbufs = count;
  req->bufs = bufs;
  if (uvi_fs_is_sync(req))
    return 0;

  if (count > sizeof req->bufsml / sizeof req->bufsml[0]) {
    copy = uvi_malloc(count * sizeof *copy);
    if (copy == NULL)
      return UV_ENOMEM;
    req->block = copy;
  }
  req->bufs = memcpy(copy, bufs, count * sizeof *copy);
  return 0;
}

/* ---- doing it ---- */

static void work(struct uv__work *item) {
  uv_fs_t *req = request_of(item);

  req->result = uvi_fs_perform(req);
}

static void done(struct uv__work *item, int status) {
  uv_fs_t *req = request_of(item);

  if (status == UV_ECANCELED)
    req->result = UV_ECANCELED;
  req->cb(req);
}

int uvi_fs_go(uv_fs_t *req) {
  static const struct uv__work_ops ops = {UVI_WORK_FAST_IO, work, done};

  if (uvi_fs_is_sync(req)) {
    work(&req->work_req);
    return (int) req->result;
  }
  uvi_work_submit(req->loop, &req->work_req, &ops);
  return 0;
}

void uv_fs_req_cleanup(uv_fs_t *req) {
  if (req == NULL)
    return;
  uvi_fs_free_answer(req);
  uvi_free(req->block);
  req->block = NULL;
  req->bufs = NULL;
  req->path = NULL;
  req->new_path = NULL;
  req->ptr = NULL;
}

/* ---- asking it ---- */

uv_fs_type uv_fs_get_type(const uv_fs_t *req) {
  return req->fs_type;
}

ssize_t uv_fs_get_result(const uv_fs_t *req) {
  return req->result;
}

int uv_fs_get_system_error(const uv_fs_t *req) {
  return (int) -req->result;
}

void *uv_fs_get_ptr(const uv_fs_t *req) {
  return req->ptr;
}

const char *uv_fs_get_path(const uv_fs_t *req) {
  return req->path;
}

uv_stat_t *uv_fs_get_statbuf(uv_fs_t *req) {
  return &req->statbuf;
}
