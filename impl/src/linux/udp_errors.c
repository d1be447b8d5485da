/* The queue of errors that Linux keeps for a socket that asks for it: what routers and other machines say
 * about datagrams that were sent. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

#include <linux/errqueue.h>

#include "posix/fd.h"
#include "posix/udp_io.h"
#include "util/sys.h"

int uvi_udp_queue_errors(int fd, int family) {
  return family == AF_INET6 ? uvi_socket_set(fd, IPPROTO_IPV6, IPV6_RECVERR, 1)
                            : uvi_socket_set(fd, IPPROTO_IP, IP_RECVERR, 1);
}

static int error_in(struct msghdr *message) {
  for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL;
       header = CMSG_NXTHDR(message, header)) {
    struct sock_extended_err error;

    if (!(header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR) &&
        !(header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR))
      continue;
    memcpy(&error, CMSG_DATA(header), sizeof error);
    if (error.ee_errno != 0)
      return uv_translate_sys_error((int) error.ee_errno);
  }
  return UV_EIO; /* it tells of something, but not of what */
}

int uvi_udp_io_error(uv_udp_t *udp, struct sockaddr_storage *about) {
  union {
    struct cmsghdr align;
    char bytes[256];
  } control;
  struct msghdr message = {.msg_iov = NULL, .msg_iovlen = 0};
  ssize_t size;

  about->ss_family = AF_UNSPEC;
  do {
    message.msg_name = about;
    message.msg_namelen = sizeof *about;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    size = UVI_SYS(recvmsg)(uvi_udp_fd(udp), &message, MSG_ERRQUEUE);
  } while (size == -1 && errno == EINTR);
  return size != -1 ? error_in(&message) : 0;
}
