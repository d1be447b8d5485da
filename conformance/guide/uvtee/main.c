/* uvtee FILE: copies what comes to standard input to standard output and into a file. Both are streams;
 * each write has a copy of the bytes, since the two need not end at the same time. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "guide.h"

static uv_pipe_t input, output, file;

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  if (length > 0) {
    guide_write((uv_stream_t *) &output, buffer->base, (size_t) length);
    guide_write((uv_stream_t *) &file, buffer->base, (size_t) length);
  } else if (length < 0) {
    if (length != UV_EOF)
      fprintf(stderr, "uvtee: %s\n", uv_strerror((int) length));
    MUST(uv_read_stop(stream));
  }
  free(buffer->base);
}

int main(int argc, char **argv) {
  uv_fs_t request;
  if (argc != 2) {
    fprintf(stderr, "usage: uvtee FILE\n");
    return 2;
  }
  signal(SIGPIPE,
         SIG_IGN); /* a reader that went away is an error of the write, not the end of us */
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_pipe_init(loop, &input, 0));
  MUST(uv_pipe_open(&input, 0));
  MUST(uv_pipe_init(loop, &output, 0));
  MUST(uv_pipe_open(&output, 1));
  int opened = MUST(uv_fs_open(loop, &request, argv[1],
                               UV_FS_O_CREAT | UV_FS_O_RDWR | UV_FS_O_TRUNC, 0644, NULL));
  uv_fs_req_cleanup(&request);
  MUST(uv_pipe_init(loop, &file, 0));
  MUST(uv_pipe_open(&file, opened));
  MUST(uv_read_start((uv_stream_t *) &input, guide_on_alloc, on_read));
  return guide_run(loop);
}
