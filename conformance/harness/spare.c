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
#include <sys/socket.h>
#include <unistd.h>

static int spares[64], spare_count;

/* One of a new pair of sockets, to which nobody writes. Both are closed at the end of the scenario. */
int uvt_spare_socket(void) {
  if (spare_count + 2 > (int) (sizeof spares / sizeof spares[0]))
    uvt_give_up(UVT_UNRESOLVED, "too many spare sockets");
  uvt_socket_pair(spares + spare_count);
  spare_count += 2;
  return spares[spare_count - 2];
}

/* The address of a UDP socket that nobody reads: datagrams to it are no error. */
const struct sockaddr *uvt_spare_address(void) {
  static int fd = -1;
  if (fd == -1) {
    if (spare_count == (int) (sizeof spares / sizeof spares[0]))
      uvt_give_up(UVT_UNRESOLVED, "too many spare sockets");
    fd = spares[spare_count++] = uvt_datagram_peer(0);
  }
  return uvt_loopback(uvt_fd_port(fd));
}

void uvt_spare_end(void) {
  while (spare_count > 0)
    close(spares[--spare_count]);
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
