/* The POSIX side of UDP handles: what udp.c and its neighbours, and the system's own files, share. */
#ifndef UVI_POSIX_UDP_IO_H_
#define UVI_POSIX_UDP_IO_H_

#include <sys/uio.h>

#include "core/udp.h"
#include "posix/io.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

static inline struct uvi_io *uvi_udp_io(const uv_udp_t *udp) {
  return (struct uvi_io *) (uintptr_t) &udp->io_watcher;
}

/* -1 without one. */
static inline int uvi_udp_fd(const uv_udp_t *udp) {
  return uvi_udp_io(udp)->fd;
}

/* uv_udp_bind() to any address of a family, if there is no socket. */
int uvi_udp_prepare(uv_udp_t *udp, int family, unsigned flags);

/* The family of the handle's socket, or an error. */
int uvi_udp_family(const uv_udp_t *udp);

/* Points `message` at a datagram, or says why it cannot be sent. */
int uvi_udp_fill_message(struct msghdr *message, const struct uvi_datagram *datagram);

/* errno as an error code, after a call that sends. */
int uvi_udp_send_error(void);

/* The mask of the message's flags, and its size, into `got`. */
void uvi_udp_note_received(struct uvi_received *got, const struct msghdr *message, size_t size);

/* ---- the system's own (linux/) ---- */

/* sendmmsg(2) and recvmmsg(2). How many, or an error. */
int uvi_udp_send_many(int fd, const struct uvi_datagram *datagrams, unsigned count);
int uvi_udp_receive_many(int fd, char *base, size_t size, struct uvi_received *got, unsigned count);

/* Has errors of the network come to the socket's queue of errors. */
int uvi_udp_queue_errors(int fd, int family);

#endif
