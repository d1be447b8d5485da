/* uv_random(): at once, or on the thread pool as the system may have to wait. */
#include <stddef.h>

#include "core/request.h"
#include "core/work.h"

enum { SIZE_MAX_ = 0x7FFFFFFF };

static uv_random_t *request_of(struct uv__work *work) {
  return UVI_CONTAINER_OF(work, uv_random_t, work_req);
}

static void fill(struct uv__work *work) {
  uv_random_t *req = request_of(work);

  req->status = uvi_platform_random(req->buf, req->buflen);
}

static void done(struct uv__work *work, int status) {
  uv_random_t *req = request_of(work);

  req->cb(req, status != 0 ? status : req->status, req->buf, req->buflen);
}

int uv_random(uv_loop_t *loop, uv_random_t *req, void *buf, size_t buflen, unsigned int flags,
              uv_random_cb cb) {
  static const struct uv__work_ops ops = {UVI_WORK_CPU, fill, done};

  if (buflen > SIZE_MAX_)
    return UV_E2BIG;
  if (flags != 0)
    return UV_EINVAL;
  if (cb == NULL)
    return uvi_platform_random(buf, buflen);
  if (loop == NULL || req == NULL)
    return UV_EINVAL;

  uvi_req_init(UVI_REQ(req), UV_RANDOM);
  req->loop = loop;
  req->status = 0;
  req->buf = buf;
  req->buflen = buflen;
  req->cb = cb;
  uvi_work_submit(loop, &req->work_req, &ops);
  return 0;
}
