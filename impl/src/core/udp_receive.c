/* Receiving datagrams. */
#include "core/udp.h"

/* How many datagrams a handle that always has more gets before the others get their turn. */
enum { DATAGRAMS_PER_EVENT = 32 };

int uv_udp_recv_start(uv_udp_t *udp, uv_alloc_cb alloc_cb, uv_udp_recv_cb recv_cb) {
  uv_handle_t *handle = UVI_HANDLE(udp);
  int err;

  if (alloc_cb == NULL || recv_cb == NULL || uvi_handle_is_closing(handle))
    return UV_EINVAL;
  if (uvi_udp_has(udp, UVI_UDP_RECEIVING))
    return UV_EALREADY;
  err = uvi_udp_io_prepare(udp, NULL);
  if (err != 0)
    return err;

  udp->flags |= UVI_UDP_RECEIVING;
  err = uvi_udp_update(udp);
  if (err != 0) {
    udp->flags &= ~(unsigned) UVI_UDP_RECEIVING;
    return err;
  }
  udp->alloc_cb = alloc_cb;
  udp->recv_cb = recv_cb;
  uvi_handle_start(handle);
  return 0;
}

int uv_udp_recv_stop(uv_udp_t *udp) {
  if (!uvi_udp_has(udp, UVI_UDP_RECEIVING))
    return 0;
  udp->flags &= ~(unsigned) UVI_UDP_RECEIVING;
  (void) uvi_udp_update(udp);
  uvi_udp_rest(udp);
  return 0;
}

static const struct sockaddr *sender_of(const struct uvi_received *got) {
  return (const struct sockaddr *) &got->from;
}

static unsigned flags_of(const struct uvi_received *got) {
  return got->truncated ? UV_UDP_PARTIAL : 0;
}

/* Hands out the datagrams of a batch, which lie in slices of `buf`, and then `buf` itself. */
static void deliver_slices(uv_udp_t *udp, const uv_buf_t *buf, const struct uvi_received *got,
                           int count) {
  uv_udp_recv_cb recv_cb = udp->recv_cb;

  for (int i = 0; i < count && uvi_udp_has(udp, UVI_UDP_RECEIVING); i++) {
    const uv_buf_t slice = {.base = buf->base + (size_t) i * UVI_UDP_SLICE, .len = UVI_UDP_SLICE};

    recv_cb = udp->recv_cb;
    recv_cb(udp, (ssize_t) got[i].size, &slice, sender_of(&got[i]),
            flags_of(&got[i]) | UV_UDP_MMSG_CHUNK);
  }
  /* UV-UDP-0165, UV-UDP-0166: a handle that was closed gives its memory back, one that was stopped is
   * silent. */
  if (uvi_udp_has(udp, UVI_UDP_RECEIVING) || uvi_handle_is_closing(UVI_HANDLE(udp)))
    recv_cb(udp, 0, buf, NULL, UV_UDP_MMSG_FREE);
}

/* One system call. Returns how many datagrams came, and 0 if there are no more. */
static int receive(uv_udp_t *udp) {
  struct uvi_received got[UVI_UDP_BATCH];
  uv_udp_recv_cb recv_cb = udp->recv_cb;
  uv_buf_t buf = {.base = NULL, .len = 0};
  size_t slices = 0;
  int count;

  udp->alloc_cb(UVI_HANDLE(udp), UVI_UDP_SLICE, &buf);
  if (!uvi_udp_has(udp, UVI_UDP_RECEIVING)) {
    /* UV-UDP-0075: it was stopped or closed just now. The memory goes back, nothing was received. */
    if (buf.base != NULL && buf.len > 0)
      recv_cb(udp, 0, &buf, NULL, 0);
    return 0;
  }
  if (buf.base == NULL || buf.len == 0) {
    udp->recv_cb(udp, UV_ENOBUFS, &buf, NULL, 0);
    return 0;
  }

  if (uvi_udp_has(udp, UVI_UDP_BATCHES))
    slices = buf.len / UVI_UDP_SLICE;
  if (slices > UVI_UDP_BATCH)
    slices = UVI_UDP_BATCH;
  if (slices == 0)
    count = uvi_udp_io_receive(udp, buf.base, buf.len, got, 1);
  else
    count = uvi_udp_io_receive(udp, buf.base, UVI_UDP_SLICE, got, (unsigned) slices);

  if (count < 0)
    udp->recv_cb(udp, count == UV_EAGAIN ? 0 : count, &buf, NULL, 0);
  else if (slices == 0)
    udp->recv_cb(udp, (ssize_t) got[0].size, &buf, sender_of(got), flags_of(got));
  else
    deliver_slices(udp, &buf, got, count);
  /* A batch that was not filled was the rest. */
  return count < 0 || (size_t) count < slices ? 0 : count;
}

unsigned uvi_udp_receive(uv_udp_t *udp) {
  int left = DATAGRAMS_PER_EVENT;

  while (left > 0 && uvi_udp_has(udp, UVI_UDP_RECEIVING)) {
    int count = receive(udp);

    if (count == 0)
      break;
    left -= count;
  }
  return 1;
}

unsigned uvi_udp_receive_errors(uv_udp_t *udp) {
  struct sockaddr_storage about;
  unsigned ran = 0;

  for (int i = 0; i < DATAGRAMS_PER_EVENT && uvi_udp_is_open(udp); i++) {
    uv_buf_t buf = {.base = NULL, .len = 0};
    uv_udp_recv_cb recv_cb = udp->recv_cb;
    int err = uvi_udp_io_error(udp, &about);

    if (err == 0)
      break;
    if (!uvi_udp_has(udp, UVI_UDP_RECEIVING))
      continue; /* nobody asked */
    udp->alloc_cb(UVI_HANDLE(udp), UVI_UDP_SLICE, &buf);
    if (uvi_udp_has(udp, UVI_UDP_RECEIVING))
      udp->recv_cb(udp, err, &buf, (const struct sockaddr *) &about, UV_UDP_LINUX_RECVERR);
    else if (buf.base != NULL && buf.len > 0)
      recv_cb(udp, 0, &buf, NULL, 0);
    ran++;
  }
  return ran;
}
