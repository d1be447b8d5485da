/* Reading a folder a few entries at a time. */
#include <string.h>

#include "posix/fs_entries.h"
#include "posix/fs_perform.h"
#include "util/alloc.h"
#include "util/sys.h"

ssize_t uvi_fs_do_opendir(uv_fs_t *req) {
  uv_dir_t *dir = uvi_calloc(1, sizeof *dir);

  if (dir == NULL)
    return UV_ENOMEM;
  dir->dir = UVI_SYS(opendir)(req->path);
  if (dir->dir == NULL) {
    int err = -errno;

    uvi_free(dir);
    return err;
  }
  req->ptr = dir;
  return 0;
}

ssize_t uvi_fs_do_readdir(uv_fs_t *req) {
  uv_dir_t *dir = req->ptr;
  struct uvi_names names = {0};
  size_t count = 0;

  while (count < dir->nentries) {
    uv_dirent_t *entry = &dir->dirents[count];
    int err = uvi_fs_next_entry(dir->dir, &names, &entry->type);

    if (err == UV_EOF)
      break;
    if (err != 0) {
      uvi_free(names.text);
      return err;
    }
    count++;
  }

  req->block = names.text;
  for (size_t i = 0, at = 0; i < count; i++) {
    dir->dirents[i].name = names.text + at;
    at += strlen(names.text + at) + 1;
  }
  return (ssize_t) count;
}

ssize_t uvi_fs_do_closedir(uv_fs_t *req) {
  uv_dir_t *dir = req->ptr;

  req->ptr = NULL;
  if (dir->dir != NULL)
    (void) UVI_SYS(closedir)(dir->dir);
  uvi_free(dir);
  return 0;
}
