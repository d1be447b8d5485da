/* dns NAME SERVICE: looks a name up, connects to the first address, and prints what is said there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guide.h"

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  if (length > 0)
    fwrite(buffer->base, 1, (size_t) length, stdout);
  else if (length == UV_EOF)
    guide_close((uv_handle_t *) stream);
  else
    MUST((int) length);
  free(buffer->base);
}

static void on_connect(uv_connect_t *request, int status) {
  MUST(status);
  MUST(uv_read_start(request->handle, guide_on_alloc, on_read));
  free(request);
}

static void on_resolved(uv_getaddrinfo_t *resolver, int status, struct addrinfo *found) {
  char name[INET_ADDRSTRLEN];
  MUST(status);
  MUST(uv_ip4_name((const struct sockaddr_in *) found->ai_addr, name, sizeof(name)));
  guide_say("the address is %s", name);
  uv_connect_t *request = guide_alloc(sizeof(*request));
  uv_tcp_t *tcp = guide_new_tcp(resolver->loop);
  MUST(uv_tcp_connect(request, tcp, found->ai_addr, on_connect));
  uv_freeaddrinfo(found); /* the address was copied */
}

int main(int argc, char **argv) {
  static uv_getaddrinfo_t resolver;
  uv_loop_t *loop = uv_default_loop();
  if (argc != 3)
    return 2;
  struct addrinfo *hints = guide_alloc(sizeof(*hints));
  char *name = strdup(argv[1]);
  hints->ai_family = AF_INET;
  hints->ai_socktype = SOCK_STREAM;
  MUST(uv_getaddrinfo(loop, &resolver, on_resolved, name, argv[2], hints));
  free(hints); /* the arguments were copied, too */
  free(name);
  return guide_run(loop);
}
