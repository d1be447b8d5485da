/* Sending datagrams: the queue and the try-sends.
 *
 * A request is in write_queue until the system took it or refused it, then in write_completed_queue until
 * its callback. send_queue_size and send_queue_count count it until right before its callback. */
#include <string.h>

#include "core/request.h"
#include "core/udp.h"
#include "util/alloc.h"

static struct uvi_list *queue_of(uv_udp_t *udp) {
  return uvi_list_of(udp->write_queue);
}

static struct uvi_list *completed_of(uv_udp_t *udp) {
  return uvi_list_of(udp->write_completed_queue);
}

static size_t bytes_in(const uv_buf_t *bufs, unsigned nbufs) {
  size_t bytes = 0;

  for (unsigned i = 0; i < nbufs; i++)
    bytes += bufs[i].len;
  return bytes;
}

static void complete_first(uv_udp_t *udp, int status) {
  uv_udp_send_t *req = UVI_CONTAINER_OF(uvi_list_take(queue_of(udp)), uv_udp_send_t, queue);

  req->status = status;
  uvi_list_insert_tail(completed_of(udp), uvi_list_of(req->queue));
}

static unsigned first_of_queue(uv_udp_t *udp, struct uvi_datagram *batch) {
  unsigned count = 0;

  for (struct uvi_list *node = queue_of(udp)->next; node != queue_of(udp) && count < UVI_UDP_BATCH;
       node = node->next) {
    const uv_udp_send_t *req = UVI_CONTAINER_OF(node, uv_udp_send_t, queue);
    const struct sockaddr *addr = (const struct sockaddr *) &req->addr;

    batch[count].bufs = req->bufs;
    batch[count].nbufs = req->nbufs;
    batch[count].addr = addr->sa_family != 0 ? addr : NULL;
    count++;
  }
  return count;
}

void uvi_udp_flush(uv_udp_t *udp) {
  struct uvi_datagram batch[UVI_UDP_BATCH];
  int err;

  /* Nothing joins the queue meanwhile. */
  while (uvi_udp_has_queue(udp)) {
    int done = uvi_udp_io_send_batch(udp, batch, first_of_queue(udp, batch));

    if (done == UV_EAGAIN)
      break;
    if (done < 0)
      complete_first(udp, done); /* the others may have better luck */
    for (int i = 0; i < done; i++)
      complete_first(udp, 0);
  }
  if (uvi_udp_has_queue(udp))
    udp->flags |= UVI_UDP_BLOCKED;
  else
    udp->flags &= ~(unsigned) UVI_UDP_BLOCKED;
  err = uvi_udp_update(udp);
  if (err == 0)
    return;
  udp->flags &= ~(unsigned) UVI_UDP_BLOCKED; /* it cannot be waited for */
  while (uvi_udp_has_queue(udp))
    complete_first(udp, err);
}

static int check_address(const uv_udp_t *udp, const struct sockaddr *addr) {
  if (uvi_handle_is_closing((const uv_handle_t *) udp))
    return UV_EBADF;
  if (addr == NULL)
    return uvi_udp_has(udp, UVI_UDP_CONNECTED) ? 0 : UV_EDESTADDRREQ;
  return uvi_udp_has(udp, UVI_UDP_CONNECTED) ? UV_EISCONN : 0;
}

/* The buffers and the address are copied, the bytes are not. */
static int fill_in(uv_udp_send_t *req, const uv_buf_t *bufs, unsigned nbufs,
                   const struct sockaddr *addr) {
  req->bufs = req->bufsml;
  if (nbufs > sizeof req->bufsml / sizeof req->bufsml[0]) {
    req->bufs = uvi_calloc(nbufs, sizeof *bufs);
    if (req->bufs == NULL)
      return UV_ENOMEM;
  }
  memcpy(req->bufs, bufs, nbufs * sizeof *bufs);
  req->nbufs = nbufs;
  req->addr.ss_family = 0;
  if (addr != NULL)
    memcpy(&req->addr, addr, uvi_udp_io_address_size(addr));
  return 0;
}

int uv_udp_send(uv_udp_send_t *req, uv_udp_t *udp, const uv_buf_t *bufs, unsigned nbufs,
                const struct sockaddr *addr, uv_udp_send_cb cb) {
  bool first = udp->send_queue_count == 0;
  int err = nbufs > 0 ? check_address(udp, addr) : UV_EINVAL;

  if (err == 0)
    err = uvi_udp_io_prepare(udp, addr);
  if (err == 0)
    err = fill_in(req, bufs, nbufs, addr);
  if (err != 0)
    return err;

  req->handle = udp;
  req->cb = cb;
  req->status = 0;
  uvi_req_init(UVI_REQ(req), UV_UDP_SEND);
  uvi_req_add(udp->loop);
  udp->send_queue_size += bytes_in(bufs, nbufs);
  udp->send_queue_count++;
  uvi_list_insert_tail(queue_of(udp), uvi_list_of(req->queue));
  uvi_handle_start(UVI_HANDLE(udp));

  if (first)
    uvi_udp_flush(udp);
  /* Its callback is due, or it goes out with whatever else comes until then. */
  if (!uvi_udp_has(udp, UVI_UDP_BLOCKED))
    uvi_udp_io_feed(udp);
  return 0;
}

int uv_udp_try_send(uv_udp_t *udp, const uv_buf_t *bufs, unsigned nbufs,
                    const struct sockaddr *addr) {
  const struct uvi_datagram datagram = {.bufs = bufs, .nbufs = nbufs, .addr = addr};
  int err = check_address(udp, addr);

  if (err != 0)
    return err;
  if (nbufs == 0)
    return UV_EINVAL;
  if (udp->send_queue_count > 0)
    return UV_EAGAIN; /* nothing may overtake what waits */
  err = uvi_udp_io_prepare(udp, addr);
  return err != 0 ? err : (int) uvi_udp_io_send(udp, &datagram);
}

int uv_udp_try_send2(uv_udp_t *udp, unsigned count, uv_buf_t *bufs[], unsigned nbufs[],
                     struct sockaddr *addrs[], unsigned flags) {
  struct uvi_datagram batch[UVI_UDP_BATCH];
  unsigned sent = 0;

  if (count == 0 || flags != 0 || !uvi_udp_is_open(udp))
    return UV_EINVAL;
  if (udp->send_queue_count > 0)
    return UV_EAGAIN;

  while (sent < count) {
    unsigned size = count - sent < UVI_UDP_BATCH ? count - sent : UVI_UDP_BATCH;
    int done;

    for (unsigned i = 0; i < size; i++) {
      batch[i].bufs = bufs[sent + i];
      batch[i].nbufs = nbufs[sent + i];
      batch[i].addr = addrs != NULL ? addrs[sent + i] : NULL;
    }
    done = uvi_udp_io_send_batch(udp, batch, size);
    if (done < 0)
      return sent > 0 ? (int) sent : done;
    sent += (unsigned) done;
    if ((unsigned) done < size)
      break; /* UV-UDP-0067: nothing is sent behind one that is not */
  }
  return (int) sent;
}

unsigned uvi_udp_report(uv_udp_t *udp) {
  struct uvi_list round;
  struct uvi_list *node;
  unsigned ran = 0;

  /* What callbacks send is reported in the next round. */
  uvi_list_move(completed_of(udp), &round);
  while ((node = uvi_list_take(&round)) != NULL) {
    uv_udp_send_t *req = UVI_CONTAINER_OF(node, uv_udp_send_t, queue);

    udp->send_queue_size -= bytes_in(req->bufs, req->nbufs);
    udp->send_queue_count--;
    if (req->bufs != req->bufsml)
      uvi_free(req->bufs);
    req->bufs = NULL;
    uvi_req_remove(udp->loop);
    if (req->cb != NULL)
      req->cb(req, (int) req->status);
    ran++;
  }
  if (ran > 0)
    uvi_udp_rest(udp);
  return ran;
}

void uvi_udp_cancel(uv_udp_t *udp) {
  while (uvi_udp_has_queue(udp))
    complete_first(udp, UV_ECANCELED);
  (void) uvi_udp_report(udp);
}
