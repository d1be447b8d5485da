/* The other side of a stream, with the system's own calls: descriptors that a scenario holds, sends on and
 * reads from, and what a read callback got. Descriptors are the scenario's to close.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- descriptors ---- */

void uvt_socket_pair(int fds[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no socket pair");
}

void uvt_pipe_pair(int fds[2]) {
  if (pipe2(fds, O_CLOEXEC) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no pipe");
}

void uvt_fd_close(int fd) {
  if (close(fd) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the scenario closes what is not open");
}

int uvt_fd_is_open(int fd) {
  return fcntl(fd, F_GETFD) != -1;
}

int uvt_fds_open(void) {
  int count = 0;
  for (int fd = 0; fd < 1024; fd++)
    count += uvt_fd_is_open(fd);
  return count;
}

int uvt_fd_nonblocking(int fd) {
  return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0;
}

int uvt_fd_cloexec(int fd) {
  return (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

int uvt_fd_file(const char *path) {
  return open(path, O_RDONLY | O_CLOEXEC);
}

int uvt_fd_folder(void) {
  return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int uvt_has_ipv6(void) {
  const struct sockaddr_in6 self = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int has = fd != -1 && bind(fd, (const struct sockaddr *) &self, sizeof self) == 0;
  if (fd != -1)
    close(fd);
  return has;
}

int uvt_fd_socket(int family, int type) {
  return socket(family, type | SOCK_CLOEXEC, 0);
}

int uvt_fd_dup(int fd) {
  return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/* Has `to` name what `from` did, which is closed. */
void uvt_fd_move(int from, int to) {
  if (dup2(from, to) != to || close(from) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the descriptor does not move");
}

/* Sets the size of a buffer of the system's, as the library is to do. */
int uvt_fd_set_option(int fd, const char *name, int value) {
  int option = strcmp(name, "sndbuf") == 0 ? SO_SNDBUF : SO_RCVBUF;
  return setsockopt(fd, SOL_SOCKET, option, &value, sizeof value) == 0 ? 0 : -errno;
}

/* A socket option by name, -1 if the system does not say. */
int uvt_fd_option(int fd, const char *name) {
  static const struct {
    const char *name;
    int level, option;
  } options[] = {
      {"nodelay", IPPROTO_TCP, TCP_NODELAY},
      {"keepalive", SOL_SOCKET, SO_KEEPALIVE},
      {"keepidle", IPPROTO_TCP, TCP_KEEPIDLE},
      {"keepintvl", IPPROTO_TCP, TCP_KEEPINTVL},
      {"keepcnt", IPPROTO_TCP, TCP_KEEPCNT},
      {"reuseaddr", SOL_SOCKET, SO_REUSEADDR},
      {"reuseport", SOL_SOCKET, SO_REUSEPORT},
      {"v6only", IPPROTO_IPV6, IPV6_V6ONLY},
      {"sndbuf", SOL_SOCKET, SO_SNDBUF},
      {"rcvbuf", SOL_SOCKET, SO_RCVBUF},
      {"type", SOL_SOCKET, SO_TYPE},
      {"domain", SOL_SOCKET, SO_DOMAIN},
      {"broadcast", SOL_SOCKET, SO_BROADCAST},
      {"recverr", IPPROTO_IP, IP_RECVERR},
      {"recverr6", IPPROTO_IPV6, IPV6_RECVERR},
      {"ttl", IPPROTO_IP, IP_TTL},
      {"hops", IPPROTO_IPV6, IPV6_UNICAST_HOPS},
      {"multicast_ttl", IPPROTO_IP, IP_MULTICAST_TTL},
      {"multicast_hops", IPPROTO_IPV6, IPV6_MULTICAST_HOPS},
      {"multicast_loop", IPPROTO_IP, IP_MULTICAST_LOOP},
      {"multicast_loop6", IPPROTO_IPV6, IPV6_MULTICAST_LOOP},
      {"multicast_if", IPPROTO_IP, IP_MULTICAST_IF},
      {"multicast_if6", IPPROTO_IPV6, IPV6_MULTICAST_IF},
  };
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
    int value = 0;
    socklen_t size = sizeof value;
    if (strcmp(options[i].name, name) != 0)
      continue;
    return getsockopt(fd, options[i].level, options[i].option, &value, &size) == 0 ? value : -1;
  }
  uvt_give_up(UVT_UNRESOLVED, "the harness knows no such option");
  return -1;
}

/* How many connections may wait to be accepted; -1 if the system does not say. */
int uvt_fd_backlog(int fd) {
  struct tcp_info info;
  socklen_t size = sizeof info;
  memset(&info, 0, sizeof info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return -1;
  return (int) info.tcpi_sacked; /* which is this of a socket that listens */
}

/* ---- sockets ---- */

int uvt_fd_port(int fd) {
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  memset(&name, 0, sizeof name);
  if (getsockname(fd, (struct sockaddr *) &name, &size) != 0)
    return -1;
  if (name.ss_family == AF_INET6)
    return ntohs(((struct sockaddr_in6 *) &name)->sin6_port);
  return ntohs(((struct sockaddr_in *) &name)->sin_port);
}

/* Listens on 127.0.0.1, a port of the system's choice. */
int uvt_peer_listen(void) {
  struct sockaddr_in name;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd == -1 || bind(fd, (struct sockaddr *) &name, sizeof name) != 0 || listen(fd, 64) != 0) {
    uvt_give_up(UVT_UNRESOLVED, "no loopback to listen on");
  }
  return fd;
}

/* A port of 127.0.0.1 where nobody listens. */
int uvt_peer_closed_port(void) {
  int fd = uvt_peer_listen();
  int port = uvt_fd_port(fd);
  close(fd);
  return port;
}

/* Connects to a port of 127.0.0.1. */
int uvt_peer_connect(int port) {
  struct sockaddr_in name;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memset(&name, 0, sizeof name);
  name.sin_family = AF_INET;
  name.sin_port = htons((uint16_t) port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd == -1 || connect(fd, (struct sockaddr *) &name, sizeof name) != 0) {
    uvt_give_up(UVT_UNRESOLVED, "the scenario's own connection fails");
  }
  return fd;
}

/* Waits for a connection. */
int uvt_peer_accept(int fd) {
  int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
  if (peer == -1)
    uvt_give_up(UVT_UNRESOLVED, "nothing to accept");
  return peer;
}

/* Closes a TCP connection with a reset. */
void uvt_peer_reset(int fd) {
  struct linger now = {1, 0};
  if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no SO_LINGER");
  close(fd);
}

void uvt_peer_shutdown(int fd) {
  if (shutdown(fd, SHUT_WR) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no shutdown");
}

/* ---- sending and reading ---- */

/* Writes all of a text. */
void uvt_peer_send(int fd, const char *text) {
  if (write(fd, text, strlen(text)) != (ssize_t) strlen(text))
    uvt_give_up(UVT_UNRESOLVED, "the peer cannot send");
}

/* What there is to read, at least a byte: waits for it. "" at the end of the stream, else the error. */
const char *uvt_peer_text(int fd) {
  static char text[4096];
  ssize_t size = read(fd, text, sizeof text - 1);
  if (size < 0)
    return errno == ECONNRESET ? "ECONNRESET" : "an error";
  text[size] = '\0';
  return text;
}

const char *uvt_peer_bytes(int fd, int count) {
  static char text[4096];
  int size = 0;
  while (size < count && size < (int) sizeof text - 1) {
    ssize_t more = read(fd, text + size, (size_t) (count - size));
    if (more < 0)
      return errno == ECONNRESET ? "ECONNRESET" : "an error";
    if (more == 0)
      break;
    size += (int) more;
  }
  text[size] = '\0';
  return text;
}

/* Bytes that nobody mistakes for others: number i is i % 251. Good for 8 MiB. */
char *uvt_pattern(size_t size) {
  static char *bytes;
  const size_t most = 8 << 20;
  if (size > most)
    uvt_give_up(UVT_UNRESOLVED, "the pattern is not that long");
  if (bytes != NULL)
    return bytes;
  bytes = malloc(most);
  if (bytes == NULL)
    uvt_give_up(UVT_UNRESOLVED, "no memory for the pattern");
  for (size_t i = 0; i < most; i++)
    bytes[i] = (char) (i % 251);
  return bytes;
}

/* Reads what there is now, without waiting, and checks that it goes on where the last call stopped: returns
 * how many bytes there were, -1 if one was wrong. */
int64_t uvt_peer_pattern(int fd) {
  static size_t place;
  static char piece[65536];
  int64_t total = 0;
  for (;;) {
    struct pollfd one = {fd, POLLIN, 0};
    if (poll(&one, 1, 0) != 1)
      return total;
    ssize_t size = read(fd, piece, sizeof piece);
    if (size <= 0)
      return total;
    for (ssize_t i = 0; i < size; i++) {
      if (piece[i] != (char) (place++ % 251))
        return -1;
    }
    total += size;
  }
}

/* Reads what there is now, whatever it is, and returns how much. */
int64_t uvt_count_read(int fd) {
  static char piece[65536];
  int64_t total = 0;
  for (;;) {
    struct pollfd one = {fd, POLLIN, 0};
    if (poll(&one, 1, 0) != 1)
      return total;
    ssize_t size = read(fd, piece, sizeof piece);
    if (size <= 0)
      return total;
    total += size;
  }
}

/* Makes buffers of `size` bytes each, which together are the pattern. */
void uvt_pieces(uv_buf_t *bufs, int count, size_t size) {
  char *base = uvt_pattern((size_t) count * size);
  for (int i = 0; i < count; i++) {
    bufs[i].base = base + (size_t) i * size;
    bufs[i].len = size;
  }
}

struct uvt_passed {
  int64_t bytes, at;
};

static struct uvt_passed *uvt_passed_so_far(void) {
  static struct uvt_passed passed = {0, -1};
  return &passed;
}

/* Reads what there is now and closes the descriptors that came along; returns how many those were. */
int uvt_fds_passed(int fd) {
  static char piece[4096];
  struct uvt_passed *passed = uvt_passed_so_far();
  int count = 0;
  for (;;) {
    union {
      struct cmsghdr align;
      char bytes[CMSG_SPACE(16 * sizeof(int))];
    } control;
    struct iovec iov = {piece, sizeof piece};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = &iov;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    ssize_t size = recvmsg(fd, &message, MSG_DONTWAIT);
    if (size <= 0)
      return count;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
      int one;
      if (c->cmsg_type != SCM_RIGHTS)
        continue;
      memcpy(&one, CMSG_DATA(c), sizeof one);
      close(one);
      passed->at = passed->bytes;
      count++;
    }
    passed->bytes += size;
  }
}

/* Sends a text with descriptors along, all in one message. */
void uvt_pass_fds(int fd, const char *text, const int *fds, int count) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(16 * sizeof(int))];
  } control;
  struct iovec iov = {(void *) (uintptr_t) text, strlen(text)};
  struct msghdr message;
  struct cmsghdr *header;
  memset(&message, 0, sizeof message);
  memset(&control, 0, sizeof control);
  message.msg_iov = &iov;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = CMSG_SPACE((size_t) count * sizeof(int));
  header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN((size_t) count * sizeof(int));
  memcpy(CMSG_DATA(header), fds, (size_t) count * sizeof(int));
  if (count > 16 || sendmsg(fd, &message, 0) != (ssize_t) strlen(text))
    uvt_give_up(UVT_UNRESOLVED, "the descriptors cannot be passed");
}

/* How many bytes that read ever, and how many stood before the last descriptor. */
int64_t uvt_passed_bytes(void) {
  return uvt_passed_so_far()->bytes;
}

int64_t uvt_passed_at(void) {
  return uvt_passed_so_far()->at;
}

/* ---- what callbacks do ---- */

/* An allocation callback's answer: `size` bytes. */
void uvt_give(uv_buf_t *buf, size_t size) {
  static char memory[65536];
  if (size > sizeof memory)
    uvt_give_up(UVT_UNRESOLVED, "the harness has not so much to give");
  memset(memory, 0xA5, sizeof memory);
  buf->base = memory;
  buf->len = size;
}

/* What an allocation callback gave and has not come back; each thread has its loop. */
static _Thread_local struct {
  uv_buf_t buf;
  enum { UVT_NOTHING, UVT_GIVEN, UVT_IN_BATCH } state;
} uvt_outstanding;

void uvt_gave(const uv_buf_t *buf) {
  CHECK(uvt_outstanding.state != UVT_GIVEN); /* what was given before never came back */
  uvt_outstanding.buf = *buf;
  uvt_outstanding.state = UVT_GIVEN;
}

void uvt_handed(ssize_t nread, const uv_buf_t *buf, unsigned flags) {
  const int part = (flags & UV_UDP_MMSG_CHUNK) != 0;
  if (uvt_outstanding.state == UVT_NOTHING)
    return;
  uvt_outstanding.state = part ? UVT_IN_BATCH : UVT_NOTHING;
  if (part) /* a handle that is stopped amid a batch may keep the rest: UV-UDP-0166 */
    return;
  CHECK(buf->base == uvt_outstanding.buf.base);
  CHECK(buf->len == uvt_outstanding.buf.len);
  if (!(flags & UV_UDP_LINUX_RECVERR)) /* then it may be an error, even a positive one: D-0122 */
    CHECK(nread <= 0 || (size_t) nread <= uvt_outstanding.buf.len);
}

void uvt_handed_all(void) {
  CHECK(uvt_outstanding.state != UVT_GIVEN); /* what was given never came back */
}

struct uvt_taken {
  char text[1 << 16];
  size_t size, total, wrong;
};

static struct uvt_taken *uvt_taken_so_far(void) {
  static struct uvt_taken taken;
  return &taken;
}

/* A read callback's part: keeps what it got; `nread` may be an error. */
void uvt_take(const uv_buf_t *buf, ssize_t nread) {
  struct uvt_taken *taken = uvt_taken_so_far();
  for (ssize_t i = 0; i < nread; i++) {
    taken->wrong += buf->base[i] != (char) (taken->total++ % 251);
    if (taken->size < sizeof taken->text - 1)
      taken->text[taken->size++] = buf->base[i];
  }
}

/* All that was taken since the last call. */
const char *uvt_taken(void) {
  struct uvt_taken *taken = uvt_taken_so_far();
  taken->text[taken->size] = '\0';
  taken->size = 0;
  return taken->text;
}

/* How many bytes were taken ever; -1 if they are not the pattern. */
int64_t uvt_taken_pattern(void) {
  struct uvt_taken *taken = uvt_taken_so_far();
  return taken->wrong > 0 ? -1 : (int64_t) taken->total;
}

/* ---- paths of sockets ---- */

static struct {
  char used[16][256];
  int count;
} uvt_paths;

static void uvt_socket_paths_end(void) {
  while (uvt_paths.count > 0)
    unlink(uvt_paths.used[--uvt_paths.count]);
}

/* To be removed at the end. One of that name may be left from a process of the same number that crashed,
 * see uvt_own_stem(). */
static void uvt_note_path(const char *path) {
  int i = 0;
  if (uvt_paths.count == 0)
    uvt_at_end(uvt_socket_paths_end);
  while (i < uvt_paths.count && strcmp(uvt_paths.used[i], path) != 0)
    i++;
  if (i < uvt_paths.count ||
      uvt_paths.count == (int) (sizeof uvt_paths.used / sizeof uvt_paths.used[0]))
    return;
  strcpy(uvt_paths.used[uvt_paths.count++], path);
  unlink(path);
}

/* A path that only this process uses; two at a time. */
const char *uvt_socket_path(const char *name) {
  static char paths[2][64];
  static unsigned turn;
  char *path = paths[turn++ % 2];
  snprintf(path, sizeof paths[0], "%s-%s", uvt_own_stem(), name);
  uvt_note_path(path);
  return path;
}

/* A path of so many bytes; a shorter one is the same, cut. One at a time. */
const char *uvt_long_path(int length) {
  static char path[256];
  size_t start;
  if (path[0] == '\0')
    strcpy(path, uvt_socket_path("long"));
  start = strlen(path);
  if (length < 0 || (size_t) length >= sizeof path)
    uvt_give_up(UVT_UNRESOLVED, "too long a path");
  if (start < (size_t) length)
    memset(path + start, 'x', (size_t) length - start);
  path[length] = '\0';
  uvt_note_path(path);
  return path;
}

/* A NUL, and what only this process uses: 20 bytes. */
void uvt_abstract_name(char *name) {
  name[0] = '\0';
  snprintf(name + 1, 20, "uvt-%014d", (int) getpid());
}

/* Permission bits of a path, -1 if there is nothing. */
int uvt_path_mode(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 ? (int) (st.st_mode & 0777) : -1;
}

void uvt_path_remove(const char *path) {
  unlink(path);
}
