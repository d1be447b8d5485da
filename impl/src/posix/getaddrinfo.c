/* uv_getaddrinfo(): the C library's, at once or on the thread pool. */
#include <netdb.h>
#include <string.h>

#include "core/request.h"
#include "core/work.h"
#include "posix/eai.h"
#include "util/alloc.h"
#include "util/idna.h"

static uv_getaddrinfo_t *request_of(struct uv__work *work) {
  return UVI_CONTAINER_OF(work, uv_getaddrinfo_t, work_req);
}

static int look_up(uv_getaddrinfo_t *req, const char *hostname, const char *service,
                   const struct addrinfo *hints) {
  struct addrinfo *found = NULL;
  int err = uvi_translate_eai(getaddrinfo(hostname, service, hints, &found));

  req->addrinfo = err == 0 ? found : NULL;
  return err;
}

static void work(struct uv__work *item) {
  uv_getaddrinfo_t *req = request_of(item);

  req->retcode = look_up(req, req->hostname, req->service, req->hints);
}

/* The three copies are one block, which the first that there is begins. */
static void free_copies(uv_getaddrinfo_t *req) {
  if (req->hints != NULL)
    uvi_free(req->hints);
  else
    uvi_free(req->hostname != NULL ? req->hostname : req->service);
  req->hints = NULL;
  req->hostname = NULL;
  req->service = NULL;
}

static void done(struct uv__work *item, int status) {
  uv_getaddrinfo_t *req = request_of(item);

  free_copies(req);
  if (status == UV_ECANCELED)
    req->retcode = UV_EAI_CANCELED; /* UV-DNS-0071 */
  req->cb(req, req->retcode, req->addrinfo);
}

static int copy(uv_getaddrinfo_t *req, const char *hostname, const char *service,
                const struct addrinfo *hints) {
  size_t hints_size = hints != NULL ? sizeof *hints : 0;
  size_t hostname_size = hostname != NULL ? strlen(hostname) + 1 : 0;
  size_t service_size = service != NULL ? strlen(service) + 1 : 0;
  char *block = uvi_malloc(hints_size + hostname_size + service_size);

  if (block == NULL)
    return UV_ENOMEM;
  req->hints = hints != NULL ? memcpy(block, hints, hints_size) : NULL;
  block += hints_size;
  req->hostname = hostname != NULL ? memcpy(block, hostname, hostname_size) : NULL;
  block += hostname_size;
  req->service = service != NULL ? memcpy(block, service, service_size) : NULL;
  return 0;
}

int uv_getaddrinfo(uv_loop_t *loop, uv_getaddrinfo_t *req, uv_getaddrinfo_cb getaddrinfo_cb,
                   const char *node, const char *service, const struct addrinfo *hints) {
  static const struct uv__work_ops ops = {UVI_WORK_SLOW_IO, work, done};
  char ascii[UVI_IDNA_SIZE];
  int err;

  if (req == NULL || (node == NULL && service == NULL))
    return UV_EINVAL;
  if (node != NULL) {
    if (uvi_idna_to_ascii(node, ascii) == -1)
      return UV_EINVAL;
    node = ascii;
  }

  uvi_req_init(UVI_REQ(req), UV_GETADDRINFO);
  req->loop = loop;
  req->cb = getaddrinfo_cb;
  req->hints = NULL;
  req->hostname = NULL;
  req->service = NULL;
  req->addrinfo = NULL;
  req->retcode = 0;

  if (getaddrinfo_cb == NULL) {
    uvi_work_finished(&req->work_req);
    return req->retcode = look_up(req, node, service, hints);
  }
  err = copy(req, node, service, hints);
  if (err != 0)
    return err;
  uvi_work_submit(loop, &req->work_req, &ops);
  return 0;
}

void uv_freeaddrinfo(struct addrinfo *ai) {
  if (ai != NULL)
    freeaddrinfo(ai);
}
