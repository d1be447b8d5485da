/* How UDP handles send, receive and wait on POSIX. */
#include "posix/udp_io.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "posix/fd.h"
#include "util/sys.h"

bool uvi_udp_is_open(const uv_udp_t *udp) {
  return uvi_udp_fd(udp) != -1;
}

int uvi_udp_io_want(uv_udp_t *udp, uint32_t mask) {
  struct uvi_io *io = uvi_udp_io(udp);

  if (io->want == mask || io->fd == -1)
    return 0;
  return uvi_io_want(uvi_loop_of(udp->loop), io, mask);
}

void uvi_udp_io_feed(uv_udp_t *udp) {
  uvi_io_feed(uvi_loop_of(udp->loop), uvi_udp_io(udp), UVI_UDP_DONE);
}

/* ---- sending ---- */

size_t uvi_udp_io_address_size(const struct sockaddr *addr) {
  /* Sockets of the last kind come from uv_udp_open(). */
  return addr->sa_family == AF_UNIX ? sizeof(struct sockaddr_un) : uvi_sockaddr_size(addr);
}

int uvi_udp_fill_message(struct msghdr *message, const struct uvi_datagram *datagram) {
  size_t size = 0;

  if (datagram->addr != NULL) {
    size = uvi_udp_io_address_size(datagram->addr);
    if (size == 0)
      return UV_EINVAL;
  }
  *message = (struct msghdr){0};
  message->msg_name = (void *) (uintptr_t) datagram->addr;
  message->msg_namelen = (socklen_t) size;
  message->msg_iov = (struct iovec *) (uintptr_t) datagram->bufs;
  message->msg_iovlen = datagram->nbufs;
  return 0;
}

int uvi_udp_send_error(void) {
  /* A queue on the way to the network that is full drains just as the socket's own does. */
  return errno == ENOBUFS || errno == EWOULDBLOCK ? UV_EAGAIN : uv_translate_sys_error(errno);
}

ssize_t uvi_udp_io_send(uv_udp_t *udp, const struct uvi_datagram *datagram) {
  struct msghdr message;
  ssize_t size;
  int err = uvi_udp_fill_message(&message, datagram);

  if (err != 0)
    return err;
  do
    size = UVI_SYS(sendmsg)(uvi_udp_fd(udp), &message, MSG_NOSIGNAL);
  while (size == -1 && errno == EINTR);
  return size != -1 ? size : uvi_udp_send_error();
}

int uvi_udp_io_send_batch(uv_udp_t *udp, const struct uvi_datagram *datagrams, unsigned count) {
  ssize_t size;

  if (count > 1)
    return uvi_udp_send_many(uvi_udp_fd(udp), datagrams, count);
  size = uvi_udp_io_send(udp, datagrams);
  return size < 0 ? (int) size : 1;
}

/* ---- receiving ---- */

void uvi_udp_note_received(struct uvi_received *got, const struct msghdr *message, size_t size) {
  got->size = size;
  got->truncated = (message->msg_flags & MSG_TRUNC) != 0;
  if (message->msg_namelen == 0)
    got->from.ss_family = AF_UNSPEC; /* a local socket without a name */
}

static int receive_one(int fd, char *base, size_t room, struct uvi_received *got) {
  struct iovec iov = {.iov_base = base, .iov_len = room};
  struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
  ssize_t size;

  do {
    message.msg_name = &got->from;
    message.msg_namelen = sizeof got->from;
    size = UVI_SYS(recvmsg)(fd, &message, 0);
  } while (size == -1 && errno == EINTR);
  if (size == -1)
    return uv_translate_sys_error(errno);
  uvi_udp_note_received(got, &message, (size_t) size);
  return 1;
}

int uvi_udp_io_receive(uv_udp_t *udp, char *base, size_t size, struct uvi_received *got,
                       unsigned count) {
  if (count > 1)
    return uvi_udp_receive_many(uvi_udp_fd(udp), base, size, got, count);
  return receive_one(uvi_udp_fd(udp), base, size, got);
}
