static int uvt_spare_socket(void) {
  int fds[2];
  uvt_socket_pair(fds);
  return fds[0];
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
