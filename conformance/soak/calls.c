/* System calls an operation, each in a phase of its own: the figures that show a needless wake-up, a
 * needless poll or a registration that is made again and again. */
#include "soak.h"

#include <stdlib.h>
#include <string.h>

static uint64_t left;

/* ------------------------------------------------------------------------ an idle iteration */

static void on_idle(uv_idle_t *idle) {
  if (--left == 0)
    RETURNS(uv_idle_stop(idle), 0);
}

static void idle_iterations(uv_loop_t *loop) {
  uv_idle_t idle;

  left = 1000;
  RETURNS(uv_idle_init(loop, &idle), 0);
  RETURNS(uv_idle_start(&idle, on_idle), 0);
  phase_begin("an idle iteration", left);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
  phase_end();
  uv_close((uv_handle_t *) &idle, NULL);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
}

/* ------------------------------------------------------------------------ a timer */

static void never(uv_timer_t *timer) {
  (void) timer;
  HOLDS(false);
}

static void timer_starts_and_stops(uv_loop_t *loop) {
  uv_timer_t timer;

  RETURNS(uv_timer_init(loop, &timer), 0);
  phase_begin("a timer's start and stop", 1000);
  for (int i = 0; i < 1000; i++) {
    RETURNS(uv_timer_start(&timer, never, 1000 + (uint64_t) i, 0), 0);
    RETURNS(uv_timer_stop(&timer), 0);
  }
  phase_end();
  uv_close((uv_handle_t *) &timer, NULL);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
}

/* ------------------------------------------------------------------------ asyncs */

static uint64_t answers;

static void on_async(uv_async_t *async) {
  (void) async;
  answers++;
}

/* The loop is busy: it comes by again before it would sleep. */
static void sends_that_coalesce(uv_loop_t *loop) {
  uv_async_t async;

  answers = 0;
  RETURNS(uv_async_init(loop, &async, on_async), 0);
  phase_begin("a send to a handle that is pending", 1000);
  for (int i = 0; i < 1000; i++)
    RETURNS(uv_async_send(&async), 0);
  uv_run(loop, UV_RUN_NOWAIT);
  phase_end();
  RETURNS((int64_t) answers, 1);
  uv_close((uv_handle_t *) &async, NULL);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
}

static void on_idle_send(uv_idle_t *idle) {
  RETURNS(uv_async_send(idle->data), 0);
  on_idle(idle);
}

static void sends_to_a_busy_loop(uv_loop_t *loop) {
  uv_async_t async;
  uv_idle_t idle;

  left = 1000;
  RETURNS(uv_async_init(loop, &async, on_async), 0);
  uv_unref((uv_handle_t *) &async);
  RETURNS(uv_idle_init(loop, &idle), 0);
  idle.data = &async;
  RETURNS(uv_idle_start(&idle, on_idle_send), 0);
  phase_begin("an async send to a busy loop, and its iteration", left);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
  phase_end();
  uv_close((uv_handle_t *) &idle, NULL);
  uv_close((uv_handle_t *) &async, NULL);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
}

/* ------------------------------------------------------------------------ an echo */

static char memory[4096];
static uv_write_t ask;
static uv_write_t reply;

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
  (void) handle, (void) suggested;
  *buf = uv_buf_init(memory, sizeof(memory));
}

static void on_written(uv_write_t *request, int status) {
  (void) request;
  RETURNS(status, 0);
}

static void say(uv_write_t *request, uv_stream_t *stream) {
  static char text[] = "ping";
  uv_buf_t buf = uv_buf_init(text, 4);

  RETURNS(uv_write(request, stream, &buf, 1, on_written), 0);
}

static void on_ask(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  (void) buf;
  RETURNS(nread, 4);
  say(&reply, stream);
}

static void on_reply(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  (void) buf;
  RETURNS(nread, 4);
  if (--left > 0)
    say(&ask, stream);
  else
    uv_stop(stream->loop);
}

static void on_stream_idle(uv_idle_t *idle) {
  if (--left == 0)
    uv_idle_stop(idle);
}

/* Both ends are on the loop, so that a round trip is two writes, two reads, and the waiting. */
static void echoes(uv_loop_t *loop, const char *name, uv_stream_t *client, uv_stream_t *server) {
  uv_idle_t idle;

  RETURNS(uv_read_start(client, on_alloc, on_reply), 0);
  RETURNS(uv_read_start(server, on_alloc, on_ask), 0);
  left = 1;
  say(&ask, client);
  uv_run(loop, UV_RUN_DEFAULT);
  left = 1000;
  say(&ask, client);
  phase_begin(name, left);
  uv_run(loop, UV_RUN_DEFAULT);
  phase_end();
  /* Reading streams that stay silent cost an iteration nothing. */
  RETURNS(uv_idle_init(loop, &idle), 0);
  RETURNS(uv_idle_start(&idle, on_stream_idle), 0);
  left = 1000;
  uv_unref((uv_handle_t *) client);
  uv_unref((uv_handle_t *) server);
  phase_begin("an iteration beside silent streams", left);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
  phase_end();
  uv_close((uv_handle_t *) &idle, NULL);
  uv_close((uv_handle_t *) client, NULL);
  uv_close((uv_handle_t *) server, NULL);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
}

static void tcp_echoes(uv_loop_t *loop) {
  uv_os_sock_t ends[2];
  uv_tcp_t client;
  uv_tcp_t server;

  RETURNS(uv_socketpair(1 /* SOCK_STREAM */, 0, ends, UV_NONBLOCK_PIPE, UV_NONBLOCK_PIPE), 0);
  RETURNS(uv_tcp_init(loop, &client), 0);
  RETURNS(uv_tcp_init(loop, &server), 0);
  RETURNS(uv_tcp_open(&client, ends[0]), 0);
  RETURNS(uv_tcp_open(&server, ends[1]), 0);
  echoes(loop, "an echo round trip over a socket", (uv_stream_t *) &client,
         (uv_stream_t *) &server);
}

static void pipe_echoes(uv_loop_t *loop) {
  uv_os_sock_t ends[2];
  uv_pipe_t client;
  uv_pipe_t server;

  RETURNS(uv_socketpair(1 /* SOCK_STREAM */, 0, ends, UV_NONBLOCK_PIPE, UV_NONBLOCK_PIPE), 0);
  RETURNS(uv_pipe_init(loop, &client, 0), 0);
  RETURNS(uv_pipe_init(loop, &server, 0), 0);
  RETURNS(uv_pipe_open(&client, ends[0]), 0);
  RETURNS(uv_pipe_open(&server, ends[1]), 0);
  echoes(loop, "an echo round trip over a pipe", (uv_stream_t *) &client, (uv_stream_t *) &server);
}

/* ------------------------------------------------------------------------ work */

static void work(uv_work_t *request) {
  (void) request;
}

static void after_work(uv_work_t *request, int status) {
  RETURNS(status, 0);
  if (--left > 0)
    RETURNS(uv_queue_work(request->loop, request, work, after_work), 0);
}

static void pieces_of_work(uv_loop_t *loop) {
  uv_work_t request;

  left = 1;
  RETURNS(uv_queue_work(loop, &request, work, after_work), 0);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
  left = 1000;
  RETURNS(uv_queue_work(loop, &request, work, after_work), 0);
  phase_begin("a piece of work, one after the other", left);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
  phase_end();
}

/* ------------------------------------------------------------------------ datagrams */

/* A datagram may be received before the callback of its request: the next one takes another. */
static uv_udp_send_t requests[2];

static void on_sent(uv_udp_send_t *request, int status) {
  (void) request;
  RETURNS(status, 0);
}

static void send_datagram(uv_udp_t *udp) {
  static char text[] = "ping";
  uv_buf_t buf = uv_buf_init(text, 4);

  RETURNS(uv_udp_send(&requests[left % 2], udp, &buf, 1, udp->data, on_sent), 0);
}

/* To itself: one is sent, one is received. */
static void on_datagram(uv_udp_t *udp, ssize_t nread, const uv_buf_t *buf,
                        const struct sockaddr *from, unsigned flags) {
  (void) buf, (void) flags;
  if (nread == 0 && from == NULL)
    return;
  RETURNS(nread, 4);
  if (--left > 0)
    send_datagram(udp);
  else
    RETURNS(uv_udp_recv_stop(udp), 0);
}

static void datagrams(uv_loop_t *loop) {
  struct sockaddr_in address;
  int length = sizeof(address);
  uv_udp_t udp;

  RETURNS(uv_udp_init(loop, &udp), 0);
  RETURNS(uv_ip4_addr("127.0.0.1", 0, &address), 0);
  RETURNS(uv_udp_bind(&udp, (const struct sockaddr *) &address, 0), 0);
  RETURNS(uv_udp_getsockname(&udp, (struct sockaddr *) &address, &length), 0);
  udp.data = &address;
  RETURNS(uv_udp_recv_start(&udp, on_alloc, on_datagram), 0);
  left = 1000;
  send_datagram(&udp);
  phase_begin("a datagram sent and received", left);
  uv_run(loop, UV_RUN_DEFAULT);
  phase_end();
  uv_close((uv_handle_t *) &udp, NULL);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
}

/* ------------------------------------------------------------------------ files */

static void on_stat(uv_fs_t *request) {
  RETURNS(request->result, 0);
  uv_fs_req_cleanup(request);
  if (--left > 0)
    RETURNS(uv_fs_stat(request->loop, request, "/", on_stat), 0);
}

static void file_facts(uv_loop_t *loop) {
  uv_fs_t request;

  phase_begin("a stat at once", 1000);
  for (int i = 0; i < 1000; i++) {
    RETURNS(uv_fs_stat(loop, &request, "/", NULL), 0);
    uv_fs_req_cleanup(&request);
  }
  phase_end();
  left = 1000;
  RETURNS(uv_fs_stat(loop, &request, "/", on_stat), 0);
  phase_begin("a stat by the thread pool, one after the other", left);
  RETURNS(uv_run(loop, UV_RUN_DEFAULT), 0);
  phase_end();
}

void trial_calls(void) {
  uv_loop_t loop;

  RETURNS(uv_loop_init(&loop), 0);
  idle_iterations(&loop);
  timer_starts_and_stops(&loop);
  sends_that_coalesce(&loop);
  sends_to_a_busy_loop(&loop);
  tcp_echoes(&loop);
  pipe_echoes(&loop);
  datagrams(&loop);
  pieces_of_work(&loop);
  file_facts(&loop);
  RETURNS(uv_loop_close(&loop), 0);
}
