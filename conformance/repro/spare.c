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

static int uvt_spare_local(void) {
  int fds[2];
  uvt_socket_pair(fds);
  return fds[0];
}

static int uvt_spare_tcp(void) {
  int server = uvt_peer_listen();
  int one = uvt_peer_connect(uvt_fd_port(server));
  uvt_peer_accept(server);
  return one;
}

static uv_connect_t *uvt_spare_connect(void) {
  return calloc(1, sizeof(uv_connect_t));
}

static uv_shutdown_t *uvt_spare_shutdown(void) {
  return calloc(1, sizeof(uv_shutdown_t));
}

static struct sockaddr *uvt_listener_address(void) {
  static struct sockaddr_in name;
  memcpy(&name, uvt_loopback(uvt_fd_port(uvt_peer_listen())), sizeof name);
  return (struct sockaddr *) &name;
}

static const char *uvt_spare_path(void) {
  static struct sockaddr_un name;
  int server = socket(AF_UNIX, SOCK_STREAM, 0);
  name.sun_family = AF_UNIX;
  strcpy(name.sun_path, uvt_socket_path("spare"));
  unlink(name.sun_path);
  if (bind(server, (struct sockaddr *) &name, sizeof name) != 0 || listen(server, 8) != 0)
    abort();
  return name.sun_path;
}
