/* multi-echo-server WORKER NUMBER: takes connections and hands them to worker processes in turns, over a
 * pipe to each. Ends on SIGINT; the workers end when their pipes do. */
#include <stdio.h>
#include <stdlib.h>

#include "guide.h"

struct worker {
  uv_process_t process;
  uv_pipe_t pipe;
};

struct hand_over {
  uv_write_t request;
  uv_tcp_t *client;
};

static struct worker *workers;
static int count, next;

static void on_exit_(uv_process_t *process, int64_t status, int signal) {
  guide_say("a worker ended with status %d, signal %d", (int) status, signal);
  guide_close((uv_handle_t *) process);
}

static void start_worker(uv_loop_t *loop, struct worker *worker, char **command) {
  uv_stdio_container_t stdio[3] = {
      {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *) &worker->pipe},
      {.flags = UV_INHERIT_FD, .data.fd = 1},
      {.flags = UV_INHERIT_FD, .data.fd = 2}};
  uv_process_options_t options = {
      .file = command[0], .args = command, .exit_cb = on_exit_, .stdio = stdio, .stdio_count = 3};
  MUST(uv_pipe_init(loop, &worker->pipe, 1)); /* for passing handles */
  MUST(uv_spawn(loop, &worker->process, &options));
}

static void on_handed_over(uv_write_t *request, int status) {
  struct hand_over *hand_over = (struct hand_over *) request;
  MUST(status);
  guide_close((uv_handle_t *) hand_over->client); /* the worker has it now */
  free(hand_over);
}

static void on_connection(uv_stream_t *server, int status) {
  static char byte[] = "."; /* a handle travels with bytes */
  uv_buf_t buffer = uv_buf_init(byte, 1);
  MUST(status);
  uv_tcp_t *client = guide_new_tcp(server->loop);
  MUST(uv_accept(server, (uv_stream_t *) client));
  struct hand_over *hand_over = guide_alloc(sizeof(*hand_over));
  hand_over->client = client;
  MUST(uv_write2(&hand_over->request, (uv_stream_t *) &workers[next].pipe, &buffer, 1,
                 (uv_stream_t *) client, on_handed_over));
  next = (next + 1) % count;
}

static void stop(uv_signal_t *handle, int number) {
  (void) number;
  for (int i = 0; i < count; i++)
    guide_close((uv_handle_t *) &workers[i].pipe);
  guide_close(handle->data);
  uv_close((uv_handle_t *) handle, NULL);
}

int main(int argc, char **argv) {
  static uv_tcp_t server;
  static uv_signal_t interrupt;
  struct sockaddr_in address;
  int length = sizeof(address);
  uv_loop_t *loop = uv_default_loop();
  if (argc != 3)
    return 2;
  count = atoi(argv[2]);
  workers = guide_alloc((size_t) count * sizeof(*workers));
  char *command[] = {argv[1], NULL};
  for (int i = 0; i < count; i++)
    start_worker(loop, &workers[i], command);
  MUST(uv_tcp_init(loop, &server));
  MUST(uv_ip4_addr("127.0.0.1", 0, &address));
  MUST(uv_tcp_bind(&server, (const struct sockaddr *) &address, 0));
  MUST(uv_listen((uv_stream_t *) &server, 128, on_connection));
  MUST(uv_tcp_getsockname(&server, (struct sockaddr *) &address, &length));
  MUST(uv_signal_init(loop, &interrupt));
  MUST(uv_signal_start(&interrupt, stop, SIGINT));
  interrupt.data = &server;
  guide_say("listening on 127.0.0.1 %d", ntohs(address.sin_port));
  MUST(uv_run(loop, UV_RUN_DEFAULT));
  server.data = NULL;
  int code = guide_run(loop);
  free(workers);
  return code;
}
