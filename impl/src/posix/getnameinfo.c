/* uv_getnameinfo(): the C library's, at once or on the thread pool. */
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

#include "core/request.h"
#include "core/work.h"
#include "posix/eai.h"

static uv_getnameinfo_t *request_of(struct uv__work *work) {
  return UVI_CONTAINER_OF(work, uv_getnameinfo_t, work_req);
}

/* 0 for a family that has no names. */
static socklen_t address_size(const struct sockaddr *addr) {
  switch (addr->sa_family) {
    case AF_INET:
      return sizeof(struct sockaddr_in);
    case AF_INET6:
      return sizeof(struct sockaddr_in6);
    default:
      return 0;
  }
}

static void work(struct uv__work *item) {
  uv_getnameinfo_t *req = request_of(item);
  const struct sockaddr *addr = (const struct sockaddr *) &req->storage;
  int eai = getnameinfo(addr, address_size(addr), req->host, sizeof req->host, req->service,
                        sizeof req->service, req->flags);

  req->retcode = uvi_translate_eai(eai);
}

static void done(struct uv__work *item, int status) {
  uv_getnameinfo_t *req = request_of(item);
  const char *host = NULL;
  const char *service = NULL;

  if (status == UV_ECANCELED) {
    req->retcode = UV_EAI_CANCELED; /* UV-DNS-0071 */
  } else if (req->retcode == 0) {
    host = req->host;
    service = req->service;
  }
  req->cb(req, req->retcode, host, service);
}

int uv_getnameinfo(uv_loop_t *loop, uv_getnameinfo_t *req, uv_getnameinfo_cb getnameinfo_cb,
                   const struct sockaddr *addr, int flags) {
  static const struct uv__work_ops ops = {UVI_WORK_SLOW_IO, work, done};
  socklen_t size;

  if (req == NULL || addr == NULL)
    return UV_EINVAL;
  size = address_size(addr);
  if (size == 0)
    return UV_EINVAL;

  uvi_req_init(UVI_REQ(req), UV_GETNAMEINFO);
  req->loop = loop;
  req->cb = getnameinfo_cb;
  memcpy(&req->storage, addr, size);
  req->flags = flags;
  req->host[0] = '\0';
  req->service[0] = '\0';
  req->retcode = 0;

  if (getnameinfo_cb == NULL) {
    uvi_work_finished(&req->work_req);
    work(&req->work_req);
    return req->retcode;
  }
  uvi_work_submit(loop, &req->work_req, &ops);
  return 0;
}
