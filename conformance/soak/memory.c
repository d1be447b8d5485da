/* Allocations fail at random. Each call then either does its work or says UV_ENOMEM, callbacks come
 * once whatever happens, and in the end everything can be closed and nothing has leaked. */
#include "soak.h"

#include <stdlib.h>
#include <string.h>

enum { WORKS = 8, BUFS = 20, WRITES = 6, FILES = 3 };

struct round {
  uv_loop_t loop;
  uv_timer_t timer;
  uv_async_t async;
  uv_idle_t idle;
  uv_signal_t signal;
  uv_tcp_t server;
  uv_tcp_t client;
  uv_tcp_t accepted;
  uv_connect_t connect;
  uv_pipe_t ends[2];
  uv_write_t writes[WRITES];
  uv_work_t works[WORKS];
  uv_getaddrinfo_t lookup;
  uv_random_t randomness;
  uv_udp_t udp;
  uv_udp_send_t datagrams[WRITES];
  uv_fs_t files[FILES];
  uv_fs_event_t watch;
  uv_process_t process;
  char noise[32];
  unsigned expected; /* callbacks that have been promised, */
  unsigned came;     /* and those that came */
};

static uint64_t calls;
static uint64_t refused;

/* Notes whether a call has been let down by the allocator; anything else but success is a bug. */
static bool went_well(int result, int line) {
  calls++;
  if (result == UV_ENOMEM) {
    refused++;
    return false;
  }
  returns(result, 0, "a call under memory pressure", __FILE__, line);
  return true;
}
#define WELL(call) went_well((call), __LINE__)

static struct round *round_of(const uv_loop_t *loop) {
  return loop->data;
}

static void on_timer(uv_timer_t *timer) {
  round_of(timer->loop)->came++;
}

static void on_async(uv_async_t *async) {
  round_of(async->loop)->came++;
}

static void on_idle(uv_idle_t *idle) {
  uv_idle_stop(idle);
}

static void on_signal(uv_signal_t *handle, int number) {
  (void) handle, (void) number;
}

static void on_work(uv_work_t *request) {
  (void) request;
}

static void after_work(uv_work_t *request, int status) {
  RETURNS(status, 0);
  round_of(request->loop)->came++;
}

static void on_address(uv_getaddrinfo_t *request, int status, struct addrinfo *result) {
  HOLDS(status == 0 || status == UV_ENOMEM || status == UV_EAI_MEMORY);
  HOLDS((status == 0) == (result != NULL));
  round_of(request->loop)->came++;
  uv_freeaddrinfo(result);
}

static void on_random(uv_random_t *request, int status, void *bytes, size_t length) {
  RETURNS(status, 0);
  HOLDS(bytes == round_of(request->loop)->noise &&
        length == sizeof(round_of(request->loop)->noise));
  round_of(request->loop)->came++;
}

static void on_written(uv_write_t *request, int status) {
  HOLDS(status == 0 || status == UV_ECANCELED || status == UV_EPIPE || status == UV_ECONNRESET);
  round_of(request->handle->loop)->came++;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
  static char memory[4096];

  (void) handle, (void) suggested;
  *buf = uv_buf_init(memory, sizeof(memory));
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  (void) buf;
  if (nread < 0)
    uv_read_stop(stream);
}

static void on_connect(uv_connect_t *request, int status) {
  struct round *round = round_of(request->handle->loop);

  round->came++;
  if (status == 0)
    WELL(uv_read_start(request->handle, on_alloc, on_read));
}

static void on_connection(uv_stream_t *listener, int status) {
  struct round *round = round_of(listener->loop);

  if (status != 0 || uv_handle_get_type((uv_handle_t *) &round->accepted) == UV_TCP)
    return;
  RETURNS(uv_tcp_init(&round->loop, &round->accepted), 0);
  if (WELL(uv_accept(listener, (uv_stream_t *) &round->accepted)))
    WELL(uv_read_start((uv_stream_t *) &round->accepted, on_alloc, on_read));
}

/* --------------------------------------------------------------------------- what is tried */

/* More buffers than a request has room for. */
static void write_much(struct round *round, uv_stream_t *stream) {
  static char text[] = "0123456789";
  uv_buf_t bufs[BUFS];

  for (int i = 0; i < BUFS; i++)
    bufs[i] = uv_buf_init(text, sizeof(text) - 1);
  for (int i = 0; i < WRITES; i++)
    if (WELL(uv_write(&round->writes[i], stream, bufs, BUFS, on_written)))
      round->expected++;
}

static void try_pipes(struct round *round) {
  uv_os_sock_t pair[2];

  RETURNS(uv_socketpair(1 /* SOCK_STREAM */, 0, pair, UV_NONBLOCK_PIPE, UV_NONBLOCK_PIPE), 0);
  for (int i = 0; i < 2; i++) {
    RETURNS(uv_pipe_init(&round->loop, &round->ends[i], 0), 0);
    RETURNS(uv_pipe_open(&round->ends[i], pair[i]), 0);
  }
  WELL(uv_read_start((uv_stream_t *) &round->ends[1], on_alloc, on_read));
  write_much(round, (uv_stream_t *) &round->ends[0]);
}

static void try_tcp(struct round *round) {
  struct sockaddr_in address;
  int length = sizeof(address);

  RETURNS(uv_ip4_addr("127.0.0.1", 0, &address), 0);
  RETURNS(uv_tcp_init(&round->loop, &round->server), 0);
  RETURNS(uv_tcp_init(&round->loop, &round->client), 0);
  if (!WELL(uv_tcp_bind(&round->server, (const struct sockaddr *) &address, 0)) ||
      !WELL(uv_listen((uv_stream_t *) &round->server, 8, on_connection)))
    return;
  RETURNS(uv_tcp_getsockname(&round->server, (struct sockaddr *) &address, &length), 0);
  if (WELL(uv_tcp_connect(&round->connect, &round->client, (const struct sockaddr *) &address,
                          on_connect)))
    round->expected++;
}

static void try_handles(struct round *round) {
  RETURNS(uv_timer_init(&round->loop, &round->timer), 0);
  RETURNS(uv_timer_start(&round->timer, on_timer, 0, 0), 0);
  round->expected++;
  RETURNS(uv_idle_init(&round->loop, &round->idle), 0);
  RETURNS(uv_idle_start(&round->idle, on_idle), 0);
  if (WELL(uv_async_init(&round->loop, &round->async, on_async))) {
    RETURNS(uv_async_send(&round->async), 0);
    round->expected++;
  }
  if (WELL(uv_signal_init(&round->loop, &round->signal)) &&
      WELL(uv_signal_start(&round->signal, on_signal, 10 /* SIGUSR1 */)))
    RETURNS(uv_signal_stop(&round->signal), 0);
}

static void try_requests(struct round *round) {
  for (int i = 0; i < WORKS; i++)
    if (WELL(uv_queue_work(&round->loop, &round->works[i], on_work, after_work)))
      round->expected++;
  if (WELL(uv_getaddrinfo(&round->loop, &round->lookup, on_address, "127.0.0.1", "80", NULL)))
    round->expected++;
  if (WELL(uv_random(&round->loop, &round->randomness, round->noise, sizeof(round->noise), 0,
                     on_random)))
    round->expected++;
}

static void on_sent(uv_udp_send_t *request, int status) {
  HOLDS(status == 0 || status == UV_ECANCELED);
  round_of(request->handle->loop)->came++;
}

static void try_datagrams(struct round *round) {
  static char text[] = "0123456789";
  struct sockaddr_in address;
  int length = sizeof(address);
  uv_buf_t bufs[BUFS];

  for (int i = 0; i < BUFS; i++)
    bufs[i] = uv_buf_init(text, sizeof(text) - 1);
  RETURNS(uv_ip4_addr("127.0.0.1", 0, &address), 0);
  RETURNS(uv_udp_init(&round->loop, &round->udp), 0);
  if (!WELL(uv_udp_bind(&round->udp, (const struct sockaddr *) &address, 0)))
    return;
  RETURNS(uv_udp_getsockname(&round->udp, (struct sockaddr *) &address, &length), 0);
  for (int i = 0; i < WRITES; i++)
    if (WELL(uv_udp_send(&round->datagrams[i], &round->udp, bufs, BUFS,
                         (const struct sockaddr *) &address, on_sent)))
      round->expected++;
}

static void on_file(uv_fs_t *request) {
  HOLDS(request->result >= 0 || request->result == UV_ENOMEM);
  round_of(request->loop)->came++;
  uv_fs_req_cleanup(request);
}

static void on_change(uv_fs_event_t *handle, const char *name, int events, int status) {
  (void) handle, (void) name, (void) events, (void) status;
}

static void try_files(struct round *round) {
  uv_fs_t at_once;

  if (WELL(uv_fs_realpath(&round->loop, &at_once, "/", NULL)))
    HOLDS(strcmp(at_once.ptr, "/") == 0);
  uv_fs_req_cleanup(&at_once);
  if (WELL(uv_fs_stat(&round->loop, &round->files[0], "/", on_file)))
    round->expected++;
  if (WELL(uv_fs_scandir(&round->loop, &round->files[1], "/", 0, on_file)))
    round->expected++;
  if (WELL(uv_fs_opendir(&round->loop, &at_once, "/", NULL))) {
    uv_dir_t *folder = at_once.ptr;

    uv_fs_req_cleanup(&at_once);
    RETURNS(uv_fs_closedir(&round->loop, &at_once, folder, NULL), 0);
  }
  uv_fs_req_cleanup(&at_once);
  RETURNS(uv_fs_event_init(&round->loop, &round->watch), 0);
  WELL(uv_fs_event_start(&round->watch, on_change, "/", 0));
}

static void on_child_exit(uv_process_t *process, int64_t code, int signum) {
  RETURNS(code, 0);
  RETURNS(signum, 0);
  round_of(process->loop)->came++;
}

/* Now and then, as it takes longer than all the rest. */
static void try_child(struct round *round) {
  char *arguments[] = {"true", NULL};
  uv_process_options_t options;

  memset(&options, 0, sizeof(options));
  options.file = "true";
  options.args = arguments;
  options.exit_cb = on_child_exit;
  if (WELL(uv_spawn(&round->loop, &round->process, &options))) {
    round->expected++;
    while (uv_is_active((uv_handle_t *) &round->process))
      uv_run(&round->loop, UV_RUN_ONCE);
  }
}

static void try_lists(void) {
  uv_interface_address_t *addresses;
  uv_env_item_t *items;
  uv_passwd_t user;
  uv_cpu_info_t *cpus;
  int count;

  if (WELL(uv_os_environ(&items, &count)))
    uv_os_free_environ(items, count);
  if (WELL(uv_cpu_info(&cpus, &count)))
    uv_free_cpu_info(cpus, count);
  if (WELL(uv_interface_addresses(&addresses, &count)))
    uv_free_interface_addresses(addresses, count);
  if (WELL(uv_os_get_passwd(&user)))
    uv_os_free_passwd(&user);
}

static void close_one(uv_handle_t *handle, void *context) {
  (void) context;
  if (!uv_is_closing(handle))
    uv_close(handle, NULL);
}

static void one_round(unsigned failing_per_1000) {
  struct round *round = calloc(1, sizeof(*round));
  int64_t live = allocator_live();
  int descriptors = open_descriptors();

  HOLDS(round != NULL);
  allocator_fail(failing_per_1000);
  if (!WELL(uv_loop_init(&round->loop))) {
    RETURNS(allocator_live(), live);
    allocator_fail(0);
    RETURNS(uv_loop_init(&round->loop), 0);
    allocator_fail(failing_per_1000);
  }
  round->loop.data = round;
  try_handles(round);
  try_requests(round);
  try_pipes(round);
  try_tcp(round);
  try_datagrams(round);
  try_files(round);
  try_lists();
  if (draw(20) == 0)
    try_child(round);
  for (int i = 0; i < 4; i++)
    uv_run(&round->loop, UV_RUN_NOWAIT);
  allocator_fail(0);
  uv_walk(&round->loop, close_one, NULL);
  RETURNS(uv_run(&round->loop, UV_RUN_DEFAULT), 0);
  /* A pending async is not called once it is closing; all else is owed its callback. */
  HOLDS(round->came <= round->expected);
  RETURNS(uv_loop_close(&round->loop), 0);
  RETURNS(allocator_live(), live);
  RETURNS(open_descriptors(), descriptors);
  free(round);
}

void trial_memory(void) {
  uint64_t rounds = scaled(2000);

  /* The pool and other things that are made once. */
  one_round(0);
  RETURNS((int64_t) allocator_failed(), 0);
  for (uint64_t i = 0; i < rounds; i++)
    one_round(10 + (unsigned) draw(300));
  figure("rounds", rounds);
  figure("calls", calls);
  figure("calls refused", refused);
  figure("allocations refused", allocator_failed());
}
