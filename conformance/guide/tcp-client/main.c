/* tcp-client ADDRESS PORT: connects, sends a line, and prints the answer up to its end. */
#include <stdio.h>
#include <stdlib.h>

#include "guide.h"

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  if (length > 0)
    fwrite(buffer->base, 1, (size_t) length, stdout);
  else if (length == UV_EOF)
    guide_close((uv_handle_t *) stream);
  else
    MUST((int) length);
  free(buffer->base);
}

static void on_shutdown(uv_shutdown_t *request, int status) {
  (void) request;
  MUST(status);
}

static void on_connect(uv_connect_t *request, int status) {
  static uv_shutdown_t shutdown;
  MUST(status);
  guide_write(request->handle, "hello, server\n", 14);
  MUST(uv_shutdown(&shutdown, request->handle, on_shutdown));
  MUST(uv_read_start(request->handle, guide_on_alloc, on_read));
}

int main(int argc, char **argv) {
  static uv_tcp_t tcp;
  static uv_connect_t request;
  struct sockaddr_in address;
  uv_loop_t *loop = uv_default_loop();
  if (argc != 3)
    return 2;
  MUST(uv_ip4_addr(argv[1], atoi(argv[2]), &address));
  MUST(uv_tcp_init(loop, &tcp));
  MUST(uv_tcp_connect(&request, &tcp, (const struct sockaddr *) &address, on_connect));
  return guide_run(loop);
}
