/* Options of UDP sockets: how far datagrams go, groups that are joined and left, IPv6 alone. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "guide.h"

#define GROUP "239.255.17.1"
#define LOCAL "127.0.0.1"

static uv_udp_t member, sender;

static int option_of(uv_udp_t *udp, int level, int name) {
  uv_os_fd_t descriptor;
  int value = -1;
  socklen_t size = sizeof(value);
  MUST(uv_fileno((uv_handle_t *) udp, &descriptor));
  MUST(-getsockopt(descriptor, level, name, &value, &size));
  return value;
}

static void on_receive(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer,
                       const struct sockaddr *from, unsigned flags) {
  (void) flags;
  MUST((int) length);
  if (from != NULL) {
    guide_say("the group heard: %.*s", (int) length, buffer->base);
    MUST(uv_udp_set_membership(udp, GROUP, LOCAL, UV_LEAVE_GROUP));
    guide_close((uv_handle_t *) &member);
    guide_close((uv_handle_t *) &sender);
  }
  free(buffer->base);
}

static void on_send(uv_udp_send_t *request, int status) {
  (void) request;
  MUST(status);
}

static void six_only(uv_loop_t *loop) {
  static uv_udp_t six;
  struct sockaddr_in6 any;
  MUST(uv_udp_init(loop, &six));
  MUST(uv_ip6_addr("::", 0, &any));
  int result = uv_udp_bind(&six, (const struct sockaddr *) &any, UV_UDP_IPV6ONLY);
  if (result == 0)
    guide_say("IPv6 only: %d", option_of(&six, IPPROTO_IPV6, IPV6_V6ONLY));
  else
    guide_say("IPv6 only: not on this machine (%s)", uv_err_name(result));
  guide_close((uv_handle_t *) &six);
}

int main(void) {
  static uv_udp_send_t request;
  static char text[] = "good morning";
  struct sockaddr_in any, group;
  int length = sizeof(any);
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_udp_init(loop, &member));
  MUST(uv_ip4_addr("0.0.0.0", 0, &any));
  MUST(uv_udp_bind(&member, (const struct sockaddr *) &any, 0));
  MUST(uv_udp_set_membership(&member, GROUP, LOCAL, UV_JOIN_GROUP));
  MUST(uv_udp_recv_start(&member, guide_on_alloc, on_receive));
  MUST(uv_udp_getsockname(&member, (struct sockaddr *) &any, &length));

  MUST(uv_udp_init(loop, &sender));
  MUST(uv_ip4_addr(GROUP, ntohs(any.sin_port), &group));
  MUST(uv_ip4_addr("0.0.0.0", 0, &any));
  MUST(uv_udp_bind(&sender, (const struct sockaddr *) &any, 0));
  MUST(uv_udp_set_ttl(&sender, 7));
  MUST(uv_udp_set_multicast_ttl(&sender, 3));
  MUST(uv_udp_set_multicast_loop(&sender, 1));
  MUST(uv_udp_set_multicast_interface(&sender, LOCAL));
  guide_say("time to live %d, in groups %d", option_of(&sender, IPPROTO_IP, IP_TTL),
            option_of(&sender, IPPROTO_IP, IP_MULTICAST_TTL));
  uv_buf_t buffer = uv_buf_init(text, (unsigned) strlen(text));
  MUST(uv_udp_send(&request, &sender, &buffer, 1, (const struct sockaddr *) &group, on_send));
  six_only(loop);
  return guide_run(loop);
}
