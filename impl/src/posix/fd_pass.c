/* The part of posix/fd.h that passes descriptors over local sockets. */
#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include "posix/fd.h"
#include "util/sys.h"
#include "uv.h"

#ifndef MSG_CMSG_CLOEXEC
#define MSG_CMSG_CLOEXEC 0
#endif

ssize_t uvi_fd_send(int socket, void *iov, size_t count, int fd) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = iov, .msg_iovlen = count};
  ssize_t sent;

  if (fd != -1) {
    struct cmsghdr *header;

    memset(&control, 0, sizeof control);
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  do
    sent = UVI_SYS(sendmsg)(socket, &message, MSG_NOSIGNAL);
  while (sent == -1 && errno == EINTR);
  return sent != -1 ? sent : -errno;
}

ssize_t uvi_fd_receive(int socket, void *base, size_t size, int *fds, unsigned *fd_count) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(UVI_FDS_PER_MESSAGE * sizeof(int))];
  } control;
  struct iovec iov = {.iov_base = base, .iov_len = size};
  struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
  ssize_t count;

  *fd_count = 0;
  do {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    count = UVI_SYS(recvmsg)(socket, &message, MSG_CMSG_CLOEXEC);
  } while (count == -1 && errno == EINTR);
  if (count == -1)
    return -errno;

  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
       header = CMSG_NXTHDR(&message, header)) {
    size_t got = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);

    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
      continue;
    /* The kernel drops what has no room in `control`, so that these fit. */
    memcpy(fds + *fd_count, CMSG_DATA(header), got * sizeof(int));
    *fd_count += (unsigned) got;
  }
  return count;
}
