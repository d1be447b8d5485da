/* uvcat FILE: prints a file. Each step is asked for when the one before it has ended. */
#include <stdio.h>
#include <stdlib.h>

#include "guide.h"

struct cat {
  uv_loop_t *loop;
  uv_file file;
  size_t length;  /* how much of the buffer is to be written */
  size_t written; /* and how much of that has been */
  char buffer[4096];
};

static void read_more(struct cat *cat);
static void write_more(struct cat *cat);

static uv_fs_t *request_for(struct cat *cat) {
  uv_fs_t *request = guide_alloc(sizeof(*request));
  request->data = cat;
  return request;
}

/* The result of a request that has ended; the request is gone then. */
static ssize_t finish(uv_fs_t *request) {
  ssize_t result = request->result;
  uv_fs_req_cleanup(request);
  free(request);
  if (result < 0)
    fprintf(stderr, "uvcat: %s\n", uv_strerror((int) result));
  return result;
}

static void on_close(uv_fs_t *request) {
  if (finish(request) < 0)
    exit(1);
}

static void on_write(uv_fs_t *request) {
  struct cat *cat = request->data;
  ssize_t written = finish(request);
  if (written < 0)
    exit(1);
  cat->written += (size_t) written;
  if (cat->written < cat->length)
    write_more(cat);
  else
    read_more(cat);
}

static void on_read(uv_fs_t *request) {
  struct cat *cat = request->data;
  ssize_t length = finish(request);
  if (length < 0)
    exit(1);
  cat->length = (size_t) length;
  cat->written = 0;
  if (length > 0)
    write_more(cat);
  else
    MUST(uv_fs_close(cat->loop, request_for(cat), cat->file, on_close));
}

static void read_more(struct cat *cat) {
  uv_buf_t buffer = uv_buf_init(cat->buffer, sizeof(cat->buffer));
  MUST(uv_fs_read(cat->loop, request_for(cat), cat->file, &buffer, 1, -1, on_read));
}

static void write_more(struct cat *cat) {
  uv_buf_t buffer =
      uv_buf_init(cat->buffer + cat->written, (unsigned) (cat->length - cat->written));
  MUST(uv_fs_write(cat->loop, request_for(cat), 1, &buffer, 1, -1, on_write));
}

static void on_open(uv_fs_t *request) {
  struct cat *cat = request->data;
  ssize_t file = finish(request);
  if (file < 0)
    exit(1);
  cat->file = (uv_file) file;
  read_more(cat);
}

int main(int argc, char **argv) {
  static struct cat cat;
  if (argc != 2) {
    fprintf(stderr, "usage: uvcat FILE\n");
    return 2;
  }
  cat.loop = uv_default_loop();
  MUST(uv_fs_open(cat.loop, request_for(&cat), argv[1], UV_FS_O_RDONLY, 0, on_open));
  return guide_run(cat.loop);
}
