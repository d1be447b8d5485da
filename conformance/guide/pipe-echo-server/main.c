/* pipe-echo-server PATH: a server with a name in the file system. Ends on SIGINT; the name goes with it. */
#include "guide.h"

static void on_connection(uv_stream_t *server, int status) {
  MUST(status);
  uv_pipe_t *client = guide_new_pipe(server->loop, 0);
  if (uv_accept(server, (uv_stream_t *) client) == 0)
    guide_echo((uv_stream_t *) client);
  else
    guide_close((uv_handle_t *) client);
}

int main(int argc, char **argv) {
  static uv_pipe_t server;
  uv_loop_t *loop = uv_default_loop();
  if (argc != 2)
    return 2;
  MUST(uv_pipe_init(loop, &server, 0));
  MUST(uv_pipe_bind(&server, argv[1]));
  MUST(uv_listen((uv_stream_t *) &server, 128, on_connection));
  guide_until_interrupted(loop);
  guide_say("listening");
  return guide_run(loop);
}
