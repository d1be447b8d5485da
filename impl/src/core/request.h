/* Requests: what all of them have in common. A request that a callback is owed for counts in its loop and
 * keeps uv_run() going; nothing else about it is kept track of. */
#ifndef UVI_CORE_REQUEST_H_
#define UVI_CORE_REQUEST_H_

#include "core/loop.h"
#include "util/check.h"

/* Every request begins with uv_req_t's fields, of which `data` is the user's. */
#define UVI_REQ(req) ((uv_req_t *) (void *) (req))

static inline void uvi_req_init(uv_req_t *req, uv_req_type type) {
  req->type = type;
}

/* The loop owes a callback; once for each request. The loop's thread. */
static inline void uvi_req_add(uv_loop_t *loop) {
  loop->active_reqs.count++;
}

/* The debt is about to be paid: right before the callback, which may submit the request anew. */
static inline void uvi_req_remove(uv_loop_t *loop) {
  UVI_ASSERT(loop->active_reqs.count > 0);
  loop->active_reqs.count--;
}

#endif
