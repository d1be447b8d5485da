/* UDP handles: the state machine. It knows when to send, receive and call back; how that is done is the
 * system's, behind the functions at the end.
 *
 * A datagram is sent at once if no other waits. What the system does not take waits until the
 * descriptor is ready. A send that ended inside a call of the program is fed (UVI_UDP_DONE): its
 * callback runs in the pending phase, never inside the call; what was queued behind it goes out there,
 * many datagrams a system call. */
#ifndef UVI_CORE_UDP_H_
#define UVI_CORE_UDP_H_

#include "backend/backend.h"
#include "core/handle.h"

/* Bits of handle->flags, besides those of all handles. */
enum {
  UVI_UDP_RECEIVING = 1u << 16, /* between uv_udp_recv_start() and its end */
  UVI_UDP_CONNECTED = 1u << 17,
  UVI_UDP_BATCHES = 1u << 18, /* receives several datagrams a system call */
  UVI_UDP_BLOCKED = 1u << 19, /* the first of the send queue waits for the descriptor */
};

/* What uvi_udp_ready() gets when sends have ended or have joined the queue. No backend reports it. */
#define UVI_UDP_DONE UVI_IO_EDGE

/* How many datagrams a system call takes, and the room that each gets when several are received. */
enum { UVI_UDP_BATCH = 20, UVI_UDP_SLICE = 64 * 1024 };

/* A datagram to send; without an address it goes to where the handle is connected to. */
struct uvi_datagram {
  const uv_buf_t *bufs;
  unsigned nbufs;
  const struct sockaddr *addr;
};

/* A datagram that was received. */
struct uvi_received {
  struct sockaddr_storage from;
  size_t size;
  bool truncated;
};

static inline bool uvi_udp_has(const uv_udp_t *udp, unsigned flags) {
  return (udp->flags & flags) != 0;
}

static inline bool uvi_udp_has_queue(const uv_udp_t *udp) {
  return !uvi_list_empty((const struct uvi_list *) (const void *) udp->write_queue);
}

/* ---- udp.c ---- */

/* Initialises all but the watcher. */
void uvi_udp_init(uv_loop_t *loop, uv_udp_t *udp, unsigned flags);

/* The descriptor is ready for `mask`, or UVI_UDP_DONE. Returns how many callbacks it ran. */
unsigned uvi_udp_ready(uv_udp_t *udp, uint32_t mask);

/* Brings what is waited for in line with the handle's state. */
int uvi_udp_update(uv_udp_t *udp);

/* Nothing is received or queued any more: the handle is inactive. */
void uvi_udp_rest(uv_udp_t *udp);

/* ---- udp_send.c ---- */

/* Sends what is queued until the system takes no more; callbacks are left for later. */
void uvi_udp_flush(uv_udp_t *udp);

/* Calls back all that has ended. */
unsigned uvi_udp_report(uv_udp_t *udp);

/* All that is queued fails with UV_ECANCELED, and is reported by this call. */
void uvi_udp_cancel(uv_udp_t *udp);

/* ---- udp_receive.c ---- */

unsigned uvi_udp_receive(uv_udp_t *udp);

/* Tells the receive callback what the system's queue of errors has; empties it in any case. */
unsigned uvi_udp_receive_errors(uv_udp_t *udp);

/* ---- the system's part ---- */

bool uvi_udp_is_open(const uv_udp_t *udp);

/* Makes a socket that is bound to any address if there is none. `addr` says of which family, NULL of
 * IPv4. UV_EINVAL for families that cannot be sent to. */
int uvi_udp_io_prepare(uv_udp_t *udp, const struct sockaddr *addr);

/* The length of an address that can be sent to, 0 for others. */
size_t uvi_udp_io_address_size(const struct sockaddr *addr);

/* Waits for `mask` from now on, in place of what it was; 0 cannot fail. */
int uvi_udp_io_want(uv_udp_t *udp, uint32_t mask);

/* Has the pending phase call uvi_udp_ready() with UVI_UDP_DONE. */
void uvi_udp_io_feed(uv_udp_t *udp);

/* The size of a datagram that was sent, or an error. */
ssize_t uvi_udp_io_send(uv_udp_t *udp, const struct uvi_datagram *datagram);

/* Sends up to `count` datagrams, UVI_UDP_BATCH at most. How many, from the first on; or the first one's
 * error. */
int uvi_udp_io_send_batch(uv_udp_t *udp, const struct uvi_datagram *datagrams, unsigned count);

/* Receives up to `count` datagrams, UVI_UDP_BATCH at most, each into `size` bytes behind those of the one
 * before. How many, or an error. */
int uvi_udp_io_receive(uv_udp_t *udp, char *base, size_t size, struct uvi_received *got,
                       unsigned count);

/* The next of the system's queue of errors, and the address that it is about; 0 if there is none. */
int uvi_udp_io_error(uv_udp_t *udp, struct sockaddr_storage *about);

bool uvi_udp_io_can_batch(void);

/* Closes the socket. */
void uvi_udp_io_close(uv_udp_t *udp);

#endif
