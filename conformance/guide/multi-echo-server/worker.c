/* The worker of multi-echo-server: standard input is the pipe along which connections come. */
#include <stdlib.h>

#include "guide.h"

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  uv_pipe_t *queue = (uv_pipe_t *) stream;
  free(buffer->base);
  if (length == UV_EOF) {
    guide_close((uv_handle_t *) queue);
    return;
  }
  MUST((int) length);
  while (uv_pipe_pending_count(queue) > 0) {
    if (uv_pipe_pending_type(queue) != UV_TCP)
      MUST(UV_EINVAL);
    uv_tcp_t *client = guide_new_tcp(stream->loop);
    MUST(uv_accept(stream, (uv_stream_t *) client));
    guide_say("worker %d has a connection", (int) uv_os_getpid());
    guide_echo((uv_stream_t *) client);
  }
}

int main(void) {
  static uv_pipe_t queue;
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_pipe_init(loop, &queue, 1));
  MUST(uv_pipe_open(&queue, 0));
  MUST(uv_read_start((uv_stream_t *) &queue, guide_on_alloc, on_read));
  return guide_run(loop);
}
