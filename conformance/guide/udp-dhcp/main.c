/* udp-dhcp ADDRESS PORT: asks for an address as a DHCP client does, and prints what it is offered. A socket
 * for receiving, which says its port, and another one for sending, which has to be allowed to broadcast. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guide.h"

enum { MESSAGE = 240 + 4, TRANSACTION = 4, YOUR_ADDRESS = 16, HARDWARE = 28, COOKIE = 236 };

static const unsigned char cookie[4] = {99, 130, 83, 99};
static const unsigned char hardware[6] = {2, 0, 0, 1, 2, 3}; /* made up, and locally administered */

static uv_udp_t receiver, sender;

static void make_discover(unsigned char *message) {
  memset(message, 0, MESSAGE);
  message[0] = 1; /* a request, over Ethernet, with addresses of six bytes */
  message[1] = 1;
  message[2] = 6;
  MUST(uv_random(NULL, NULL, message + TRANSACTION, 4, 0, NULL));
  message[10] = 0x80; /* answer by broadcast: we have no address yet */
  memcpy(message + HARDWARE, hardware, sizeof(hardware));
  memcpy(message + COOKIE, cookie, sizeof(cookie));
  message[240] = 53; /* option 53: this is a DISCOVER */
  message[241] = 1;
  message[242] = 1;
  message[243] = 255;
}

static void on_receive(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer,
                       const struct sockaddr *from, unsigned flags) {
  char name[INET_ADDRSTRLEN], offer[INET_ADDRSTRLEN];
  MUST((int) length);
  if (length == 0 && from == NULL) { /* nothing more to read for now */
    free(buffer->base);
    return;
  }
  MUST(uv_ip4_name((const struct sockaddr_in *) from, name, sizeof(name)));
  if (flags & UV_UDP_PARTIAL || length < MESSAGE || buffer->base[0] != 2) {
    guide_say("%zd bytes from %s are no answer", length, name);
  } else {
    MUST(uv_inet_ntop(AF_INET, buffer->base + YOUR_ADDRESS, offer, sizeof(offer)));
    guide_say("%s offers %s", name, offer);
    MUST(uv_udp_recv_stop(udp));
    guide_close((uv_handle_t *) &sender);
    guide_close((uv_handle_t *) &receiver);
  }
  free(buffer->base);
}

static void on_send(uv_udp_send_t *request, int status) {
  (void) request;
  MUST(status);
  guide_say("asked");
}

static void bind_any(uv_loop_t *loop, uv_udp_t *udp) {
  struct sockaddr_in any;
  MUST(uv_udp_init(loop, udp));
  MUST(uv_ip4_addr("0.0.0.0", 0, &any));
  MUST(uv_udp_bind(udp, (const struct sockaddr *) &any, 0));
}

int main(int argc, char **argv) {
  static uv_udp_send_t request;
  static unsigned char message[MESSAGE];
  struct sockaddr_in server, own;
  int length = sizeof(own);
  uv_loop_t *loop = uv_default_loop();
  if (argc != 3)
    return 2;
  bind_any(loop, &receiver);
  MUST(uv_udp_recv_start(&receiver, guide_on_alloc, on_receive));
  MUST(uv_udp_getsockname(&receiver, (struct sockaddr *) &own, &length));
  guide_say("listening on port %d", ntohs(own.sin_port));

  bind_any(loop, &sender);
  MUST(uv_ip4_addr(argv[1], atoi(argv[2]), &server));
  make_discover(message);
  uv_buf_t buffer = uv_buf_init((char *) message, MESSAGE);
  int denied = uv_udp_try_send(&sender, &buffer, 1, (const struct sockaddr *) &server);
  guide_say("without leave to broadcast: %s", denied < 0 ? uv_err_name(denied) : "sent");
  MUST(uv_udp_set_broadcast(&sender, 1));
  MUST(uv_udp_send(&request, &sender, &buffer, 1, (const struct sockaddr *) &server, on_send));
  return guide_run(loop);
}
