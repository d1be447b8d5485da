static int uvt_spare_socket(void) {
  int fds[2];
  uvt_socket_pair(fds);
  return fds[0];
}

static const struct sockaddr *uvt_spare_address(void) {
  static int fd = -1;
  if (fd == -1)
    fd = uvt_datagram_peer(0);
  return uvt_loopback(uvt_fd_port(fd));
}

static void uvt_peer_urgent(int fd) {
  if (send(fd, "!", 1, MSG_OOB) != 1)
    abort();
}

static void uvt_take_urgent(int fd) {
  char byte;
  if (recv(fd, &byte, 1, MSG_OOB) != 1)
    abort();
}
