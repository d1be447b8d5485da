/* Datagrams, and descriptors that are passed: the other side of UDP handles and of pipes.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Local datagram sockets: what is sent is there when the call returns, and nothing is lost. Non-blocking. */
void uvt_datagram_pair(int fds[2]) {
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no pair of datagram sockets");
}

/* A UDP socket on 127.0.0.1, connected to that port unless it is 0. */
int uvt_datagram_peer(int port) {
  struct sockaddr_in name;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd == -1 || bind(fd, (struct sockaddr *) &name, sizeof name) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no loopback to bind to");
  name.sin_port = htons((uint16_t) port);
  if (port != 0 && connect(fd, (struct sockaddr *) &name, sizeof name) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no loopback to connect to");
  return fd;
}

/* A port of 127.0.0.1 to which nobody is bound. */
int uvt_datagram_closed_port(void) {
  int fd = uvt_datagram_peer(0);
  int port = uvt_fd_port(fd);
  close(fd);
  return port;
}

/* Sends a text so many times; "" is an empty datagram. */
void uvt_peer_datagrams(int fd, int count, const char *text) {
  for (int i = 0; i < count; i++) {
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t) strlen(text))
      uvt_give_up(UVT_UNRESOLVED, "the peer cannot send");
  }
}

/* Takes what there is now: how many datagrams. */
int uvt_count_datagrams(int fd) {
  static char piece[65536];
  int count = 0;
  while (recv(fd, piece, sizeof piece, MSG_DONTWAIT) >= 0)
    count++;
  return count;
}

/* Waits until the socket has an error to tell. */
void uvt_await_error(int fd) {
  struct pollfd one = {fd, 0, 0};
  do
    one.revents = 0;
  while (poll(&one, 1, -1) != 1 || !(one.revents & POLLERR));
}

/* 127.0.0.1; good for three more calls. */
const struct sockaddr *uvt_loopback(int port) {
  static struct sockaddr_in names[4];
  static unsigned turn;
  struct sockaddr_in *name = &names[turn++ % 4];
  memset(name, 0, sizeof *name);
  name->sin_family = AF_INET;
  name->sin_port = htons((uint16_t) port);
  name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return (const struct sockaddr *) name;
}

/* Sends a byte and a descriptor along with it. */
void uvt_pass_fd(int socket, int fd) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control;
  char byte = 'x';
  struct iovec iov = {&byte, 1};
  struct msghdr message;
  struct cmsghdr *header;
  memset(&message, 0, sizeof message);
  memset(&control, 0, sizeof control);
  message.msg_iov = &iov;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fd);
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (sendmsg(socket, &message, 0) != 1)
    uvt_give_up(UVT_UNRESOLVED, "the descriptor cannot be passed");
}

/* One-byte buffers that together are the pattern, in an array of pointers to them; number `large`, if there is
 * such, is of 4 MiB, which no datagram is. */
uv_buf_t **uvt_many_bufs(int count, int large) {
  static uv_buf_t bufs[128], *pointers[128];
  if (count > 128)
    uvt_give_up(UVT_UNRESOLVED, "not so many buffers");
  for (int i = 0; i < count; i++) {
    bufs[i].base = uvt_pattern(4 << 20) + i;
    bufs[i].len = i == large ? 4 << 20 : 1;
    pointers[i] = &bufs[i];
  }
  return pointers;
}

/* For each of them that it is one. */
unsigned int *uvt_many_sizes(void) {
  static unsigned int sizes[128];
  for (int i = 0; i < 128; i++)
    sizes[i] = 1;
  return sizes;
}

/* For each of them where to: the same address, or NULL. */
struct sockaddr **uvt_many_addresses(const struct sockaddr *address) {
  static struct sockaddr_in copy;
  static struct sockaddr *pointers[128];
  if (address != NULL)
    memcpy(&copy, address, sizeof copy);
  for (int i = 0; i < 128; i++)
    pointers[i] = address != NULL ? (struct sockaddr *) &copy : NULL;
  return pointers;
}

/* The same with two addresses in turn. */
struct sockaddr **uvt_alternate_addresses(const struct sockaddr *even, const struct sockaddr *odd) {
  static struct sockaddr_in copies[2];
  static struct sockaddr *pointers[128];
  memcpy(&copies[0], even, sizeof copies[0]);
  memcpy(&copies[1], odd, sizeof copies[1]);
  for (int i = 0; i < 128; i++)
    pointers[i] = (struct sockaddr *) &copies[i % 2];
  return pointers;
}

int uvt_address_port(const struct sockaddr *address) {
  struct sockaddr_in6 copy;
  if (address == NULL)
    return -1;
  memcpy(&copy, address, sizeof(struct sockaddr_in));
  return ntohs(copy.sin6_port); /* at the same place in both */
}
