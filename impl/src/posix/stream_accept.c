/* Connections and passed descriptors that wait to be accepted.
 *
 * The first of them is accepted_fd. Those behind it, which only pipes that pass handles have, are in
 * queued_fds. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "posix/fd.h"
#include "posix/stream_io.h"
#include "util/alloc.h"
#include "util/sys.h"

struct queue {
  unsigned count;
  unsigned capacity;
  int fds[];
};

int uvi_stream_begin_listen(uv_stream_t *stream, int backlog) {
  int *reserve = &uvi_loop_of(stream->loop)->platform.reserve_fd;

  if (UVI_SYS(listen)(uvi_stream_fd(stream), backlog) != 0)
    return uv_translate_sys_error(errno);
  if (*reserve == -1) {
    int fd = uvi_fd_open("/", O_RDONLY | O_DIRECTORY);

    *reserve = fd >= 0 ? fd : -1;
  }
  return 0;
}

/* Out of descriptors: the connections that wait would be reported again and again, and nobody could take
 * them. The reserve is given up to accept and close them, so that their peers know. */
static int turn_away(uv_stream_t *server, int err) {
  int *reserve = &uvi_loop_of(server->loop)->platform.reserve_fd;
  int fd;

  if (*reserve == -1)
    return err;
  uvi_sys_close(*reserve);
  do {
    fd = uvi_socket_accept(uvi_stream_fd(server));
    if (fd >= 0)
      uvi_sys_close(fd);
  } while (fd >= 0 || fd == UV_ECONNABORTED);
  *reserve = uvi_fd_open("/", O_RDONLY | O_DIRECTORY);
  if (*reserve < 0)
    *reserve = -1;
  return fd;
}

int uvi_stream_io_accept(uv_stream_t *server) {
  int fd = uvi_socket_accept(uvi_stream_fd(server));

  if (fd == UV_EMFILE || fd == UV_ENFILE)
    return turn_away(server, fd);
  if (fd < 0)
    return fd;
  server->accepted_fd = fd;
  return 0;
}

int uvi_stream_io_listen(uv_stream_t *stream, int backlog) {
  switch (stream->type) {
    case UV_TCP:
      return uvi_tcp_listen((uv_tcp_t *) stream, backlog);
    case UV_NAMED_PIPE:
      return uvi_pipe_listen((uv_pipe_t *) stream, backlog);
    default:
      return UV_EINVAL;
  }
}

static struct queue *queue_of(const uv_stream_t *stream) {
  return stream->queued_fds;
}

unsigned uvi_stream_queued_fds(const uv_stream_t *stream) {
  if (stream->accepted_fd == -1)
    return 0;
  return 1 + (queue_of(stream) != NULL ? queue_of(stream)->count : 0);
}

int uvi_stream_queue_fds(uv_stream_t *stream, const int *fds, unsigned count) {
  struct queue *queue = queue_of(stream);
  unsigned have = queue != NULL ? queue->count : 0;
  unsigned first = 0;

  if (stream->accepted_fd == -1)
    stream->accepted_fd = fds[first++];
  if (first == count)
    return 0;
  if (queue == NULL || queue->capacity < have + count - first) {
    unsigned capacity = 2 * have + count;
    struct queue *bigger = uvi_realloc(queue, sizeof *queue + capacity * sizeof *fds);

    if (bigger == NULL) {
      while (first < count)
        uvi_sys_close(fds[first++]);
      return UV_ENOMEM;
    }
    queue = bigger;
    queue->count = have;
    queue->capacity = capacity;
    stream->queued_fds = queue;
  }
  memcpy(queue->fds + have, fds + first, (count - first) * sizeof *fds);
  queue->count += count - first;
  return 0;
}

static void next_fd(uv_stream_t *stream) {
  struct queue *queue = queue_of(stream);

  if (queue == NULL) {
    stream->accepted_fd = -1;
    return;
  }
  stream->accepted_fd = queue->fds[0];
  queue->count--;
  memmove(queue->fds, queue->fds + 1, queue->count * sizeof queue->fds[0]);
  if (queue->count == 0) {
    uvi_free(queue);
    stream->queued_fds = NULL;
  }
}

static int take_stream(uv_stream_t *server, uv_stream_t *client) {
  int fd = server->accepted_fd;
  int err;

  if (uvi_stream_has(server, UVI_STREAM_LISTENING))
    return uvi_stream_open(client, fd, UVI_STREAM_RDWR | UVI_STREAM_SOCKET);
  /* A passed descriptor shares its open file with whoever sent it. */
  err = uvi_fd_nonblock(fd, true);
  return err != 0 ? err : uvi_stream_open(client, fd, UVI_STREAM_RDWR);
}

int uvi_stream_io_take(uv_stream_t *server, uv_stream_t *client) {
  int fd = server->accepted_fd;
  int err;

  switch (client->type) {
    case UV_TCP:
    case UV_NAMED_PIPE:
      err = take_stream(server, client);
      break;
    case UV_UDP:
      err = uv_udp_open((uv_udp_t *) client, fd);
      break;
    default:
      return UV_EINVAL;
  }
  if (err != 0)
    uvi_sys_close(fd);
  next_fd(server);
  return err;
}

void uvi_stream_io_close(uv_stream_t *stream) {
  struct uvi_io *io = uvi_stream_io(stream);
  int fd = io->fd;

  if (fd != -1) {
    uvi_io_close(uvi_loop_of(stream->loop), io);
    /* The standard ones stay: a later open would get the number and be taken for one of them. */
    if (fd > STDERR_FILENO)
      uvi_sys_close(fd);
  }
  while (stream->accepted_fd != -1) {
    uvi_sys_close(stream->accepted_fd);
    next_fd(stream);
  }
}
