/* cgi PROGRAM: for each connection, runs a program whose output is the connection. Ends on SIGINT. */
#include "guide.h"

static char **command;

struct visit {
  uv_process_t process;
  uv_tcp_t *client;
};

static void on_exit_(uv_process_t *process, int64_t status, int signal) {
  struct visit *visit = process->data;
  guide_say("the program ended with status %d, signal %d", (int) status, signal);
  guide_close((uv_handle_t *) visit->client);
  guide_close((uv_handle_t *) process);
}

static void run_program(uv_loop_t *loop, uv_tcp_t *client) {
  struct visit *visit = guide_alloc(sizeof(*visit));
  uv_stdio_container_t stdio[3] = {
      {.flags = UV_IGNORE},
      {.flags = UV_INHERIT_STREAM, .data.stream = (uv_stream_t *) client},
      {.flags = UV_INHERIT_FD, .data.fd = 2}};
  uv_process_options_t options = {
      .file = command[0], .args = command, .exit_cb = on_exit_, .stdio = stdio, .stdio_count = 3};
  visit->client = client;
  visit->process.data = visit;
  MUST(uv_spawn(loop, &visit->process, &options));
}

static void on_connection(uv_stream_t *server, int status) {
  MUST(status);
  uv_tcp_t *client = guide_new_tcp(server->loop);
  if (uv_accept(server, (uv_stream_t *) client) == 0)
    run_program(server->loop, client);
  else
    guide_close((uv_handle_t *) client);
}

int main(int argc, char **argv) {
  static uv_tcp_t server;
  struct sockaddr_in address;
  int length = sizeof(address);
  uv_loop_t *loop = uv_default_loop();
  if (argc != 2)
    return 2;
  command = argv + 1;
  MUST(uv_tcp_init(loop, &server));
  MUST(uv_ip4_addr("127.0.0.1", 0, &address));
  MUST(uv_tcp_bind(&server, (const struct sockaddr *) &address, 0));
  MUST(uv_listen((uv_stream_t *) &server, 128, on_connection));
  MUST(uv_tcp_getsockname(&server, (struct sockaddr *) &address, &length));
  guide_until_interrupted(loop);
  guide_say("listening on 127.0.0.1 %d", ntohs(address.sin_port));
  return guide_run(loop);
}
