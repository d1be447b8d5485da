/* What the programs of the guide share; see guide.h. */
#include "guide.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int guide_must(int result, const char *call) {
  if (result >= 0)
    return result;
  fprintf(stderr, "%s: %s (%s)\n", call, uv_strerror(result), uv_err_name(result));
  exit(1);
}

void guide_say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  flockfile(stdout); /* lines of several threads do not mix */
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
  fflush(stdout);
  funlockfile(stdout);
}

void *guide_alloc(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL)
    guide_must(UV_ENOMEM, "calloc");
  return memory;
}

static void on_close(uv_handle_t *handle) {
  free(handle->data);
}

void guide_close(uv_handle_t *handle) {
  if (!uv_is_closing(handle))
    uv_close(handle, on_close);
}

static void on_walk(uv_handle_t *handle, void *arg) {
  (void) arg;
  guide_close(handle);
}

static void on_interrupt(uv_signal_t *handle, int number) {
  (void) number;
  uv_walk(handle->loop, on_walk, NULL);
}

static void interrupt_with(uv_loop_t *loop, int number) {
  uv_signal_t *handle = guide_alloc(sizeof(*handle));
  handle->data = handle;
  MUST(uv_signal_init(loop, handle));
  MUST(uv_signal_start(handle, on_interrupt, number));
  uv_unref((uv_handle_t *) handle);
}

void guide_until_interrupted(uv_loop_t *loop) {
  interrupt_with(loop, SIGINT);
  interrupt_with(loop, SIGTERM);
}

int guide_run(uv_loop_t *loop) {
  MUST(uv_run(loop, UV_RUN_DEFAULT));
  uv_walk(loop, on_walk, NULL); /* what is unreferenced is still open */
  MUST(uv_run(loop, UV_RUN_DEFAULT));
  MUST(uv_loop_close(loop));
  return 0;
}

uv_tcp_t *guide_new_tcp(uv_loop_t *loop) {
  uv_tcp_t *handle = guide_alloc(sizeof(*handle));
  handle->data = handle;
  MUST(uv_tcp_init(loop, handle));
  return handle;
}

uv_pipe_t *guide_new_pipe(uv_loop_t *loop, int ipc) {
  uv_pipe_t *handle = guide_alloc(sizeof(*handle));
  handle->data = handle;
  MUST(uv_pipe_init(loop, handle, ipc));
  return handle;
}

static void on_written(uv_write_t *request, int status) {
  if (status < 0 && status != UV_ECANCELED) {
    fprintf(stderr, "write: %s\n", uv_strerror(status));
    guide_close((uv_handle_t *) request->handle);
  }
  free(request);
}

void guide_write(uv_stream_t *stream, const char *bytes, size_t length) {
  uv_write_t *request = guide_alloc(sizeof(*request) + length);
  uv_buf_t buffer = uv_buf_init((char *) (request + 1), (unsigned) length);
  memcpy(buffer.base, bytes, length);
  MUST(uv_write(request, stream, &buffer, 1, on_written));
}

void guide_on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  (void) handle;
  *buffer = uv_buf_init(guide_alloc(suggested), (unsigned) suggested);
}

static void on_echo(uv_stream_t *client, ssize_t length, const uv_buf_t *buffer) {
  if (length > 0)
    guide_write(client, buffer->base, (size_t) length);
  else if (length == UV_EOF || length == UV_ECONNRESET)
    guide_close((uv_handle_t *) client);
  else
    MUST((int) length);
  free(buffer->base);
}

void guide_echo(uv_stream_t *client) {
  MUST(uv_read_start(client, guide_on_alloc, on_echo));
}
