/* uv_queue_work(): the program's own work on the thread pool. */
#include "core/request.h"
#include "core/work.h"

static uv_work_t *request_of(struct uv__work *work) {
  return UVI_CONTAINER_OF(work, uv_work_t, work_req);
}

static void run(struct uv__work *work) {
  uv_work_t *req = request_of(work);

  req->work_cb(req);
}

static void done(struct uv__work *work, int status) {
  uv_work_t *req = request_of(work);

  if (req->after_work_cb != NULL)
    req->after_work_cb(req, status);
}

int uv_queue_work(uv_loop_t *loop, uv_work_t *req, uv_work_cb work_cb,
                  uv_after_work_cb after_work_cb) {
  static const struct uv__work_ops ops = {UVI_WORK_CPU, run, done};

  if (work_cb == NULL)
    return UV_EINVAL;

  uvi_req_init(UVI_REQ(req), UV_WORK);
  req->loop = loop;
  req->work_cb = work_cb;
  req->after_work_cb = after_work_cb;
  uvi_work_submit(loop, &req->work_req, &ops);
  return 0;
}
