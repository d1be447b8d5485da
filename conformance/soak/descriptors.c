/* Descriptors run out and come back: what needs one says UV_EMFILE and leaves nothing behind, a
 * listening socket neither spins nor loses its callback, and afterwards all is as before. */
#include "soak.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILLERS = 64, KNOCKS = 20, SPARE = 4 };

static int fillers[FILLERS];
static int knocks[KNOCKS];
static uv_tcp_t server;
static uv_tcp_t accepted[KNOCKS + 1];
static unsigned connections;
static unsigned refusals;
static unsigned wanted;
static struct sockaddr_in address;

static void on_connection(uv_stream_t *listener, int status) {
  uv_tcp_t *tcp = &accepted[connections];

  if (status != 0) {
    RETURNS(status, UV_EMFILE);
    refusals++;
    return;
  }
  RETURNS(uv_tcp_init(listener->loop, tcp), 0);
  RETURNS(uv_accept(listener, (uv_stream_t *) tcp), 0);
  connections++;
  if (connections == wanted)
    uv_stop(listener->loop);
}

static void on_time(uv_timer_t *timer) {
  uv_stop(timer->loop);
}

/* Every function that needs a descriptor, while there is none. */
static void try_everything(uv_loop_t *loop) {
  uv_os_sock_t pair[2];
  uv_file ends[2];
  uv_loop_t second;
  static uv_tcp_t tcp; /* closed here, gone later */
  static uv_pipe_t pipe_handle;
  uv_connect_t connect_request;

  RETURNS(uv_loop_init(&second), UV_EMFILE);
  RETURNS(uv_pipe(ends, 0, 0), UV_EMFILE);
  RETURNS(uv_socketpair(SOCK_STREAM, 0, pair, 0, 0), UV_EMFILE);
  RETURNS(uv_tcp_init_ex(loop, &tcp, AF_INET), UV_EMFILE);
  RETURNS(uv_tcp_init(loop, &tcp), 0);
  RETURNS(uv_tcp_bind(&tcp, (const struct sockaddr *) &address, 0), UV_EMFILE);
  RETURNS(uv_tcp_connect(&connect_request, &tcp, (const struct sockaddr *) &address, NULL),
          UV_EMFILE);
  uv_close((uv_handle_t *) &tcp, NULL);
  RETURNS(uv_pipe_init(loop, &pipe_handle, 0), 0);
  RETURNS(uv_pipe_bind(&pipe_handle, "never-made"), UV_EMFILE);
  RETURNS(access("never-made", F_OK), -1);
  uv_close((uv_handle_t *) &pipe_handle, NULL);
}

static void fill(void) {
  struct rlimit limit;

  RETURNS(getrlimit(RLIMIT_NOFILE, &limit), 0);
  for (int i = 0; i < FILLERS; i++)
    fillers[i] = -1;
  /* So low that the fillers reach it, whatever this process has inherited. */
  fillers[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
  HOLDS(fillers[0] >= 0);
  limit.rlim_cur = (rlim_t) fillers[0] + SPARE;
  RETURNS(setrlimit(RLIMIT_NOFILE, &limit), 0);
  for (int i = 1; i < FILLERS; i++) {
    fillers[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fillers[i] < 0)
      return;
  }
  HOLDS(false);
}

static void give_back(void) {
  struct rlimit limit;

  RETURNS(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  RETURNS(setrlimit(RLIMIT_NOFILE, &limit), 0);
  for (int i = 0; i < FILLERS && fillers[i] >= 0; i++)
    close(fillers[i]);
}

static void listen_for_knocks(uv_loop_t *loop) {
  int length = sizeof(address);

  RETURNS(uv_ip4_addr("127.0.0.1", 0, &address), 0);
  RETURNS(uv_tcp_init(loop, &server), 0);
  RETURNS(uv_tcp_bind(&server, (const struct sockaddr *) &address, 0), 0);
  RETURNS(uv_listen((uv_stream_t *) &server, 128, on_connection), 0);
  RETURNS(uv_tcp_getsockname(&server, (struct sockaddr *) &address, &length), 0);
}

void trial_descriptors(void) {
  uv_timer_t timer;
  uv_loop_t loop;
  int again;

  loop_begin(&loop);
  listen_for_knocks(&loop);
  RETURNS(uv_timer_init(&loop, &timer), 0);
  for (int i = 0; i < KNOCKS; i++) {
    knocks[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    HOLDS(knocks[i] >= 0);
  }
  again = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  HOLDS(again >= 0);
  fill();
  try_everything(&loop);
  for (int i = 0; i < KNOCKS; i++)
    RETURNS(connect(knocks[i], (struct sockaddr *) &address, sizeof(address)), 0);
  /* How often it tries within this time is what the system calls tell. */
  RETURNS(uv_timer_start(&timer, on_time, 300, 0), 0);
  wanted = KNOCKS + 2;
  phase_begin("a connection that cannot be accepted", KNOCKS);
  uv_run(&loop, UV_RUN_DEFAULT);
  phase_end();
  RETURNS(connections, 0);

  give_back();
  wanted = connections + 1;
  RETURNS(connect(again, (struct sockaddr *) &address, sizeof(address)), 0);
  RETURNS(uv_timer_stop(&timer), 0);
  uv_run(&loop, UV_RUN_DEFAULT);
  HOLDS(connections >= 1);
  figure("refusals reported", refusals);
  figure("accepted afterwards", connections);

  for (unsigned i = 0; i < connections; i++)
    uv_close((uv_handle_t *) &accepted[i], NULL);
  uv_close((uv_handle_t *) &server, NULL);
  uv_close((uv_handle_t *) &timer, NULL);
  for (int i = 0; i < KNOCKS; i++)
    close(knocks[i]);
  close(again);
  loop_end(&loop);
}
