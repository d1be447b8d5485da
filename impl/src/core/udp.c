/* UDP handles: init, events, closing, and what can be asked. Sending and receiving have their own files. */
#include "core/udp.h"

#include "util/check.h"

void uvi_udp_init(uv_loop_t *loop, uv_udp_t *udp, unsigned flags) {
  uvi_handle_init(loop, UVI_HANDLE(udp), UV_UDP);
  udp->flags |= flags;
  udp->send_queue_size = 0;
  udp->send_queue_count = 0;
  udp->alloc_cb = NULL;
  udp->recv_cb = NULL;
  uvi_list_init(uvi_list_of(udp->write_queue));
  uvi_list_init(uvi_list_of(udp->write_completed_queue));
}

int uvi_udp_update(uv_udp_t *udp) {
  uint32_t want = 0;

  if (uvi_udp_has(udp, UVI_UDP_RECEIVING))
    want |= UVI_IO_READABLE;
  if (uvi_udp_has(udp, UVI_UDP_BLOCKED))
    want |= UVI_IO_WRITABLE;
  return uvi_udp_io_want(udp, want);
}

void uvi_udp_rest(uv_udp_t *udp) {
  if (udp->send_queue_count == 0 && !uvi_udp_has(udp, UVI_UDP_RECEIVING))
    uvi_handle_stop(UVI_HANDLE(udp));
}

unsigned uvi_udp_ready(uv_udp_t *udp, uint32_t mask) {
  const uint32_t trouble = UVI_IO_ERROR | UVI_IO_HANGUP;
  unsigned ran = 0;

  if ((mask & (UVI_IO_READABLE | trouble)) && uvi_udp_has(udp, UVI_UDP_RECEIVING))
    ran += uvi_udp_receive(udp);
  /* UV-UDP-0078: as long as there is one, the descriptor never stops being ready. Each callback may
   * have closed the handle. */
  if ((mask & UVI_IO_ERROR) && uvi_udp_is_open(udp))
    ran += uvi_udp_receive_errors(udp);
  if (!uvi_udp_is_open(udp))
    return ran;
  if ((mask & (UVI_IO_WRITABLE | UVI_UDP_DONE | trouble)) && uvi_udp_has_queue(udp))
    uvi_udp_flush(udp);
  return ran + uvi_udp_report(udp);
}

void uvi_udp_close(uv_handle_t *handle) {
  uv_udp_t *udp = (uv_udp_t *) handle;

  uvi_udp_io_close(udp);
  udp->flags &= ~(unsigned) (UVI_UDP_RECEIVING | UVI_UDP_CONNECTED | UVI_UDP_BLOCKED);
  uvi_handle_stop(handle);
}

void uvi_udp_finish(uv_handle_t *handle) {
  uv_udp_t *udp = (uv_udp_t *) handle;

  uvi_udp_cancel(udp);
  UVI_ASSERT(udp->send_queue_size == 0);
  UVI_ASSERT(udp->send_queue_count == 0);
}

int uv_udp_using_recvmmsg(const uv_udp_t *udp) {
  return uvi_udp_has(udp, UVI_UDP_BATCHES);
}

size_t uv_udp_get_send_queue_size(const uv_udp_t *udp) {
  return udp->send_queue_size;
}

size_t uv_udp_get_send_queue_count(const uv_udp_t *udp) {
  return udp->send_queue_count;
}
