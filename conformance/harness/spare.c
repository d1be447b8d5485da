/* Descriptors that last as long as the test: for handles that need one and whose scenario does not care which.
 * And urgent data.
 *
 * Its twin for `uvspec repro` is repro/spare.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int spares[64], spare_count;

/* Closes it at the end of the scenario. */
static void keep(int fd) {
  if (spare_count == (int) (sizeof spares / sizeof spares[0]))
    uvt_give_up(UVT_UNRESOLVED, "too many spare sockets");
  spares[spare_count++] = fd;
}

/* One of a new pair of sockets, to which nobody writes. Both are closed at the end of the scenario. */
int uvt_spare_socket(void) {
  int fds[2];
  uvt_socket_pair(fds);
  keep(fds[0]);
  keep(fds[1]);
  return fds[0];
}

/* The address of a UDP socket that nobody reads: datagrams to it are no error. */
const struct sockaddr *uvt_spare_address(void) {
  static int fd = -1;
  if (fd == -1) {
    fd = uvt_datagram_peer(0);
    keep(fd);
  }
  return uvt_loopback(uvt_fd_port(fd));
}

void uvt_spare_end(void) {
  while (spare_count > 0)
    close(spares[--spare_count]);
}

/* For a handle that owns it: one end of a connection, whose other end is closed at the end of the scenario. */
int uvt_spare_local(void) {
  int fds[2];
  uvt_socket_pair(fds);
  keep(fds[1]);
  return fds[0];
}

int uvt_spare_tcp(void) {
  int server = uvt_peer_listen();
  int one = uvt_peer_connect(uvt_fd_port(server));
  keep(uvt_peer_accept(server));
  close(server);
  return one;
}

/* Requests: a scenario that needs one in passing has no name for it. */
uv_connect_t *uvt_spare_connect(void) {
  static uv_connect_t requests[8];
  static size_t count;
  if (count == sizeof requests / sizeof requests[0])
    uvt_give_up(UVT_UNRESOLVED, "too many spare requests");
  uvt_dirty(&requests[count], sizeof requests[0]);
  return &requests[count++];
}

uv_shutdown_t *uvt_spare_shutdown(void) {
  static uv_shutdown_t requests[8];
  static size_t count;
  if (count == sizeof requests / sizeof requests[0])
    uvt_give_up(UVT_UNRESOLVED, "too many spare requests");
  uvt_dirty(&requests[count], sizeof requests[0]);
  return &requests[count++];
}

/* Where somebody listens, and accepts nothing, until the end of the scenario. */
struct sockaddr *uvt_listener_address(void) {
  static struct sockaddr_in name;
  if (name.sin_port == 0) {
    int server = uvt_peer_listen();
    keep(server);
    memcpy(&name, uvt_loopback(uvt_fd_port(server)), sizeof name);
  }
  return (struct sockaddr *) &name;
}

const char *uvt_spare_path(void) {
  static char path[64];
  struct sockaddr_un name;
  int server;
  if (path[0] != '\0')
    return path;
  strcpy(path, uvt_socket_path("spare"));
  memset(&name, 0, sizeof name);
  name.sun_family = AF_UNIX;
  strcpy(name.sun_path, path);
  server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (server == -1 || bind(server, (struct sockaddr *) &name, sizeof name) != 0 ||
      listen(server, 8) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no local socket to listen on");
  keep(server);
  return path;
}

/* Sends a byte of urgent data, which a TCP connection has. */
void uvt_peer_urgent(int fd) {
  if (send(fd, "!", 1, MSG_OOB) != 1)
    uvt_give_up(UVT_UNRESOLVED, "the peer cannot send urgent data");
}

/* Takes it, so that it waits no more. */
void uvt_take_urgent(int fd) {
  char byte;
  if (recv(fd, &byte, 1, MSG_OOB) != 1)
    uvt_give_up(UVT_UNRESOLVED, "there is no urgent data");
}
