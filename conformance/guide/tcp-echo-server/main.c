/* A TCP server that sends back what it gets. Takes a port of the system's choice and says which; ends on
 * SIGINT. */
#include "guide.h"

static void on_connection(uv_stream_t *server, int status) {
  MUST(status);
  uv_tcp_t *client = guide_new_tcp(server->loop);
  if (uv_accept(server, (uv_stream_t *) client) == 0)
    guide_echo((uv_stream_t *) client);
  else
    guide_close((uv_handle_t *) client);
}

int main(void) {
  static uv_tcp_t server;
  struct sockaddr_in address;
  int length = sizeof(address);
  char name[INET_ADDRSTRLEN];
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_tcp_init(loop, &server));
  MUST(uv_ip4_addr("127.0.0.1", 0, &address));
  MUST(uv_tcp_bind(&server, (const struct sockaddr *) &address, 0));
  MUST(uv_listen((uv_stream_t *) &server, 128, on_connection));
  MUST(uv_tcp_getsockname(&server, (struct sockaddr *) &address, &length));
  MUST(uv_ip4_name(&address, name, sizeof(name)));
  guide_until_interrupted(loop);
  guide_say("listening on %s %d", name, ntohs(address.sin_port));
  return guide_run(loop);
}
