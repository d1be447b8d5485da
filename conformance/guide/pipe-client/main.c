/* pipe-client PATH: connects to a server by its path, sends a line, and prints the answer. */
#include <stdio.h>
#include <stdlib.h>

#include "guide.h"

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  MUST((int) length);
  if (length > 0) {
    fwrite(buffer->base, 1, (size_t) length, stdout);
    if (buffer->base[length - 1] == '\n')
      guide_close((uv_handle_t *) stream);
  }
  free(buffer->base);
}

static void on_connect(uv_connect_t *request, int status) {
  MUST(status);
  guide_write(request->handle, "hello, pipe\n", 12);
  MUST(uv_read_start(request->handle, guide_on_alloc, on_read));
}

int main(int argc, char **argv) {
  static uv_pipe_t pipe;
  static uv_connect_t request;
  uv_loop_t *loop = uv_default_loop();
  if (argc != 2)
    return 2;
  MUST(uv_pipe_init(loop, &pipe, 0));
  uv_pipe_connect(&request, &pipe, argv[1], on_connect);
  return guide_run(loop);
}
