/* Ten thousand connections that echo, closed at random by either side. Every callback comes exactly
 * once, what comes back is what was sent, and who is polite gets all of it. */
#include "soak.h"

#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 400, LONGEST = 8192, MESSAGES = 6 };

/* How a connection ends. */
enum manner { POLITE, CLOSES_EARLY, RESETS, SERVER_CLOSES, MANNERS };

struct client {
  uv_tcp_t tcp;
  uv_connect_t connect;
  uv_shutdown_t shutdown;
  uv_write_t writes[MESSAGES];
  unsigned char sent[MESSAGES * LONGEST];
  size_t length; /* of what is sent in all */
  size_t got;
  enum manner manner;
  unsigned writes_left;
  bool closing;
};

/* The server's end of a connection. */
struct peer {
  uv_tcp_t tcp;
  unsigned writes_left;
  bool reading_over;
};

struct echo {
  uv_write_t request;
  struct peer *peer;
  char bytes[];
};

static uv_tcp_t server;
static struct sockaddr_in address;
static uint64_t to_start;
static uint64_t polite;
static uint64_t ended[MANNERS];
static uint64_t peers_made;
static uint64_t peers_closed;
static uint64_t echoed_bytes;
static uint64_t clients_left;
static unsigned char incoming[65536];

static void start_client(uv_loop_t *loop);

/* ------------------------------------------------------------------------------- the server */

static void on_peer_closed(uv_handle_t *handle) {
  HOLDS(((struct peer *) handle)->writes_left == 0);
  peers_closed++;
  free(handle);
}

static void close_peer(struct peer *peer) {
  if (!uv_is_closing((uv_handle_t *) &peer->tcp))
    uv_close((uv_handle_t *) &peer->tcp, on_peer_closed);
}

static void on_echoed(uv_write_t *request, int status) {
  struct echo *echo = (struct echo *) request;
  struct peer *peer = echo->peer;

  HOLDS(peer->writes_left > 0);
  peer->writes_left--;
  free(echo);
  if (status != 0 || (peer->reading_over && peer->writes_left == 0))
    close_peer(peer);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
  (void) handle, (void) suggested;
  *buf = uv_buf_init((char *) incoming, sizeof(incoming));
}

static void on_request(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  struct peer *peer = (struct peer *) stream;
  struct echo *echo;
  uv_buf_t out;

  HOLDS(!peer->reading_over);
  if (nread == 0)
    return;
  if (nread < 0) {
    HOLDS(nread == UV_EOF || nread == UV_ECONNRESET);
    peer->reading_over = true;
    if (peer->writes_left == 0 || nread != UV_EOF)
      close_peer(peer);
    return;
  }
  if (buf->base[0] == 'x' && draw(2) == 0) { /* SERVER_CLOSES begins so */
    if (draw(2) == 0)
      close_peer(peer);
    else
      RETURNS(uv_tcp_close_reset(&peer->tcp, on_peer_closed), 0);
    return;
  }
  echo = malloc(sizeof(*echo) + (size_t) nread);
  HOLDS(echo != NULL);
  echo->peer = peer;
  memcpy(echo->bytes, buf->base, (size_t) nread);
  out = uv_buf_init(echo->bytes, (unsigned) nread);
  peer->writes_left++;
  RETURNS(uv_write(&echo->request, stream, &out, 1, on_echoed), 0);
}

static void on_connection(uv_stream_t *listener, int status) {
  struct peer *peer = calloc(1, sizeof(*peer));

  RETURNS(status, 0);
  HOLDS(peer != NULL);
  RETURNS(uv_tcp_init(listener->loop, &peer->tcp), 0);
  RETURNS(uv_accept(listener, (uv_stream_t *) &peer->tcp), 0);
  RETURNS(uv_read_start((uv_stream_t *) &peer->tcp, on_alloc, on_request), 0);
  peers_made++;
}

/* ------------------------------------------------------------------------------- the clients */

static void on_client_closed(uv_handle_t *handle) {
  struct client *client = (struct client *) handle;
  uv_loop_t *loop = handle->loop;

  HOLDS(client->writes_left == 0);
  if (client->manner == POLITE)
    RETURNS((int64_t) client->got, (int64_t) client->length);
  ended[client->manner]++;
  free(client);
  if (--clients_left == 0)
    uv_close((uv_handle_t *) &server, NULL);
  else if (to_start > 0)
    start_client(loop);
}

static void close_client(struct client *client) {
  HOLDS(!client->closing);
  client->closing = true;
  uv_close((uv_handle_t *) &client->tcp, on_client_closed);
}

static void on_written(uv_write_t *request, int status) {
  struct client *client = request->data;

  HOLDS(client->writes_left > 0);
  client->writes_left--;
  HOLDS(status == 0 || client->manner != POLITE);
}

static void on_reply(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  struct client *client = (struct client *) stream;

  HOLDS(!client->closing);
  if (nread < 0) {
    HOLDS(client->manner == SERVER_CLOSES || nread == UV_EOF);
    close_client(client);
    return;
  }
  HOLDS(client->got + (size_t) nread <= client->length);
  HOLDS(memcmp(client->sent + client->got, buf->base, (size_t) nread) == 0);
  client->got += (size_t) nread;
  echoed_bytes += (uint64_t) nread;
  if (client->manner == RESETS && (client->got == client->length || draw(3) == 0)) {
    client->closing = true;
    RETURNS(uv_tcp_close_reset(&client->tcp, on_client_closed), 0);
  } else if (client->manner == CLOSES_EARLY && draw(3) == 0) {
    close_client(client);
  }
}

static void on_shut_down(uv_shutdown_t *request, int status) {
  struct client *client = request->data;

  HOLDS(status == 0 || client->manner != POLITE);
  HOLDS(client->writes_left == 0);
}

static void on_connect(uv_connect_t *request, int status) {
  struct client *client = request->data;
  uv_stream_t *stream = (uv_stream_t *) &client->tcp;
  unsigned messages = 1 + (unsigned) draw(MESSAGES);

  RETURNS(status, 0);
  RETURNS(uv_read_start(stream, on_alloc, on_reply), 0);
  for (unsigned i = 0; i < messages; i++) {
    size_t length = 1 + draw(LONGEST);
    uv_buf_t bufs[2];
    size_t first = length / 3;

    for (size_t at = 0; at < length; at++)
      client->sent[client->length + at] = (unsigned char) ('A' + draw(26));
    if (client->manner == SERVER_CLOSES)
      client->sent[client->length] = 'x';
    bufs[0] = uv_buf_init((char *) client->sent + client->length, (unsigned) first);
    bufs[1] =
        uv_buf_init((char *) client->sent + client->length + first, (unsigned) (length - first));
    client->length += length;
    client->writes_left++;
    client->writes[i].data = client;
    RETURNS(uv_write(&client->writes[i], stream, bufs, 2, on_written), 0);
  }
  /* A reset is refused while a shutdown is under way. */
  if (client->manner != RESETS) {
    client->shutdown.data = client;
    RETURNS(uv_shutdown(&client->shutdown, stream, on_shut_down), 0);
  }
  if (client->manner == CLOSES_EARLY && draw(4) == 0)
    close_client(client);
}

static void start_client(uv_loop_t *loop) {
  struct client *client = calloc(1, sizeof(*client));

  HOLDS(client != NULL);
  to_start--;
  client->manner = draw(2) == 0 ? POLITE : (enum manner) draw(MANNERS);
  polite += client->manner == POLITE;
  client->connect.data = client;
  RETURNS(uv_tcp_init(loop, &client->tcp), 0);
  RETURNS(uv_tcp_connect(&client->connect, &client->tcp, (const struct sockaddr *) &address,
                         on_connect),
          0);
}

void trial_connections(void) {
  uint64_t count = scaled(10000);
  int length = sizeof(address);
  uv_loop_t loop;

  loop_begin(&loop);
  RETURNS(uv_ip4_addr("127.0.0.1", 0, &address), 0);
  RETURNS(uv_tcp_init(&loop, &server), 0);
  RETURNS(uv_tcp_bind(&server, (const struct sockaddr *) &address, 0), 0);
  RETURNS(uv_listen((uv_stream_t *) &server, 1024, on_connection), 0);
  RETURNS(uv_tcp_getsockname(&server, (struct sockaddr *) &address, &length), 0);
  to_start = clients_left = count;
  phase_begin("connections that echo", count);
  for (unsigned i = 0; i < AT_ONCE && to_start > 0; i++)
    start_client(&loop);
  RETURNS(uv_run(&loop, UV_RUN_DEFAULT), 0);
  phase_end();
  RETURNS((int64_t) peers_closed, (int64_t) peers_made);
  RETURNS((int64_t) ended[POLITE], (int64_t) polite);
  loop_end(&loop);
  figure("connections", count);
  figure("ended politely", ended[POLITE]);
  figure("closed early", ended[CLOSES_EARLY]);
  figure("reset", ended[RESETS]);
  figure("closed by the server", ended[SERVER_CLOSES]);
  figure("bytes echoed", echoed_bytes);
}
