/* Requests: what can be asked of any of them. */
#include "uv.h"

#include "core/work.h"

size_t uv_req_size(uv_req_type type) {
  switch (type) {
#define XX(constant, name)                                                                         \
  case UV_##constant:                                                                              \
    return sizeof(uv_##name##_t);
    UV_REQ_TYPE_MAP(XX)
#undef XX
    default:
      return (size_t) -1;
  }
}

const char *uv_req_type_name(uv_req_type type) {
  switch (type) {
#define XX(constant, name)                                                                         \
  case UV_##constant:                                                                              \
    return #name;
    UV_REQ_TYPE_MAP(XX)
#undef XX
    default:
      return NULL;
  }
}

void *uv_req_get_data(const uv_req_t *req) {
  return req->data;
}

void uv_req_set_data(uv_req_t *req, void *data) {
  req->data = data;
}

uv_req_type uv_req_get_type(const uv_req_t *req) {
  return req->type;
}

/* What it hands to the thread pool; NULL for a kind that has nothing to do with it. */
static struct uv__work *work_of(uv_req_t *req) {
  switch (req->type) {
    case UV_FS:
      return &((uv_fs_t *) req)->work_req;
    case UV_WORK:
      return &((uv_work_t *) req)->work_req;
    case UV_GETADDRINFO:
      return &((uv_getaddrinfo_t *) req)->work_req;
    case UV_GETNAMEINFO:
      return &((uv_getnameinfo_t *) req)->work_req;
    case UV_RANDOM:
      return &((uv_random_t *) req)->work_req;
    default:
      return NULL;
  }
}

int uv_cancel(uv_req_t *req) {
  struct uv__work *work = work_of(req);

  return work == NULL ? UV_EINVAL : uvi_work_cancel(work);
}
