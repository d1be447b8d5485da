/* Several datagrams a system call. */
#include <errno.h>
#include <netinet/in.h>

#include "posix/udp_io.h"
#include "util/sys.h"

bool uvi_udp_io_can_batch(void) {
  return true;
}

int uvi_udp_send_many(int fd, const struct uvi_datagram *datagrams, unsigned count) {
  struct mmsghdr messages[UVI_UDP_BATCH];
  unsigned ready = 0;
  int sent;

  for (; ready < count; ready++) {
    int err = uvi_udp_fill_message(&messages[ready].msg_hdr, &datagrams[ready]);

    if (err != 0 && ready == 0)
      return err;
    if (err != 0)
      break; /* it will be the first of another batch */
  }
  do
    sent = UVI_SYS(sendmmsg)(fd, messages, ready, MSG_NOSIGNAL);
  while (sent == -1 && errno == EINTR);
  return sent != -1 ? sent : uvi_udp_send_error();
}

int uvi_udp_receive_many(int fd, char *base, size_t size, struct uvi_received *got,
                         unsigned count) {
  struct mmsghdr messages[UVI_UDP_BATCH];
  struct iovec slices[UVI_UDP_BATCH];
  int received;

  for (unsigned i = 0; i < count; i++) {
    slices[i] = (struct iovec){.iov_base = base + i * size, .iov_len = size};
    messages[i] = (struct mmsghdr){0};
    messages[i].msg_hdr.msg_name = &got[i].from;
    messages[i].msg_hdr.msg_namelen = sizeof got[i].from;
    messages[i].msg_hdr.msg_iov = &slices[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  do
    received = UVI_SYS(recvmmsg)(fd, messages, count, 0, NULL);
  while (received == -1 && errno == EINTR);
  if (received == -1)
    return uv_translate_sys_error(errno);
  for (int i = 0; i < received; i++)
    uvi_udp_note_received(&got[i], &messages[i].msg_hdr, messages[i].msg_len);
  return received;
}
