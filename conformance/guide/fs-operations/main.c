/* fs-operations FOLDER: one operation on files after the other, in the form that waits; and one of them
 * in the form that calls back. */
#include <stdio.h>
#include <string.h>

#include "guide.h"

static uv_loop_t *loop;
static char paths[4][1024];

enum { FOLDER, FILE_, RENAMED, LINK };

static void make_paths(const char *base) {
  static const char *const names[] = {"/folder", "/folder/file", "/folder/renamed", "/folder/link"};
  for (int i = 0; i < 4; i++)
    snprintf(paths[i], sizeof(paths[i]), "%s%s", base, names[i]);
}

/* One operation without a callback: its result is both returned and in the request. */
#define DO(operation, ...)                                                                         \
  finish(operation(loop, &request, __VA_ARGS__, NULL), &request, #operation)

static int finish(int result, uv_fs_t *request, const char *operation) {
  if (result != (int) request->result)
    guide_say("%s returned %d, and the request has %d", operation, result, (int) request->result);
  uv_fs_req_cleanup(request);
  return guide_must(result, operation);
}

static void write_a_file(void) {
  uv_fs_t request;
  char first[] = "two buffers, ", second[] = "one call\n", seen[64] = "";
  uv_buf_t out[] = {uv_buf_init(first, sizeof(first) - 1), uv_buf_init(second, sizeof(second) - 1)};
  uv_buf_t in = uv_buf_init(seen, sizeof(seen) - 1);
  int file = DO(uv_fs_open, paths[FILE_], UV_FS_O_RDWR | UV_FS_O_CREAT | UV_FS_O_EXCL, 0600);
  guide_say("wrote %d bytes", DO(uv_fs_write, file, out, 2, -1));
  DO(uv_fs_fsync, file);
  DO(uv_fs_fdatasync, file);
  int length = DO(uv_fs_read, file, &in, 1, 4);
  guide_say("from the fifth on: %.*s", length - 1, seen);
  DO(uv_fs_ftruncate, file, 11);
  DO(uv_fs_fchmod, file, 0640);
  DO(uv_fs_futime, file, 1000.0, 2000.0);
  DO(uv_fs_close, file);
}

static void on_stat(uv_fs_t *request) {
  MUST((int) request->result);
  guide_say("%d bytes, mode %o, modified at %ld", (int) request->statbuf.st_size,
            (unsigned) (request->statbuf.st_mode & 0777), (long) request->statbuf.st_mtim.tv_sec);
  uv_fs_req_cleanup(request);
}

static void list(void) {
  uv_fs_t request;
  uv_dirent_t entry;
  int count = MUST(uv_fs_scandir(loop, &request, paths[FOLDER], 0, NULL));
  guide_say("%d entries", count);
  while (uv_fs_scandir_next(&request, &entry) != UV_EOF)
    guide_say("%s is a %s", entry.name, entry.type == UV_DIRENT_LINK ? "link" : "file");
  uv_fs_req_cleanup(&request);
}

int main(int argc, char **argv) {
  uv_fs_t request, stat_request;
  if (argc != 2)
    return 2;
  loop = uv_default_loop();
  make_paths(argv[1]);
  DO(uv_fs_mkdir, paths[FOLDER], 0700);
  write_a_file();
  DO(uv_fs_rename, paths[FILE_], paths[RENAMED]);
  DO(uv_fs_symlink, "renamed", paths[LINK], 0);
  MUST(uv_fs_readlink(loop, &request, paths[LINK], NULL));
  guide_say("the link leads to %s", (const char *) request.ptr);
  uv_fs_req_cleanup(&request);
  MUST(uv_fs_stat(loop, &stat_request, paths[LINK], on_stat));
  MUST(uv_run(loop, UV_RUN_DEFAULT));
  list();
  DO(uv_fs_unlink, paths[LINK]);
  DO(uv_fs_unlink, paths[RENAMED]);
  DO(uv_fs_rmdir, paths[FOLDER]);
  int result = uv_fs_stat(loop, &request, paths[FOLDER], NULL);
  uv_fs_req_cleanup(&request);
  guide_say("and then it is %s", uv_err_name(result));
  return guide_run(loop);
}
