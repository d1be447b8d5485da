/* Reading a whole folder, in order of names. */
#include <stdlib.h>
#include <string.h>

#include "posix/fs_entries.h"
#include "posix/fs_perform.h"
#include "util/alloc.h"
#include "util/sys.h"

/* What a request's `ptr` is; NULL for a folder without entries. */
struct scan {
  size_t count;
  size_t next;
  char *names;
  uv_dirent_t entries[];
};

/* While names are being added they move: their places come last. */
struct scanning {
  struct uvi_names names;
  struct scan *scan;
  size_t capacity;
};

static int make_room(struct scanning *scanning) {
  size_t count = scanning->scan != NULL ? scanning->scan->count : 0;
  size_t capacity = 2 * scanning->capacity + 16;
  struct scan *larger;

  if (count < scanning->capacity)
    return 0;
  larger = uvi_realloc(scanning->scan, sizeof *larger + capacity * sizeof larger->entries[0]);
  if (larger == NULL)
    return UV_ENOMEM;
  larger->count = count;
  scanning->scan = larger;
  scanning->capacity = capacity;
  return 0;
}

static int scan_all(DIR *dir, struct scanning *scanning) {
  for (;;) {
    uv_dirent_type_t type;
    int err = uvi_fs_next_entry(dir, &scanning->names, &type);

    if (err == UV_EOF)
      return 0;
    if (err == 0)
      err = make_room(scanning);
    if (err != 0)
      return err;
    scanning->scan->entries[scanning->scan->count++].type = type;
  }
}

static int by_name(const void *left, const void *right) {
  return strcmp(((const uv_dirent_t *) left)->name, ((const uv_dirent_t *) right)->name);
}

static struct scan *finish(struct scanning *scanning) {
  struct scan *scan = scanning->scan;
  char *name = scanning->names.text;

  if (scan == NULL)
    return NULL;
  scan->next = 0;
  scan->names = name;
  for (size_t i = 0; i < scan->count; i++) {
    scan->entries[i].name = name;
    name += strlen(name) + 1;
  }
  qsort(scan->entries, scan->count, sizeof scan->entries[0], by_name);
  return scan;
}

ssize_t uvi_fs_do_scandir(uv_fs_t *req) {
  struct scanning scanning = {0};
  DIR *dir = UVI_SYS(opendir)(req->path);
  struct scan *scan;
  int err;

  if (dir == NULL)
    return -errno;
  err = scan_all(dir, &scanning);
  (void) UVI_SYS(closedir)(dir);
  if (err != 0) {
    uvi_free(scanning.names.text);
    uvi_free(scanning.scan);
    return err;
  }
  scan = finish(&scanning);
  req->ptr = scan;
  return scan != NULL ? (ssize_t) scan->count : 0;
}

int uv_fs_scandir_next(uv_fs_t *req, uv_dirent_t *ent) {
  struct scan *scan = req->ptr;

  if (req->result < 0)
    return (int) req->result;
  if (scan == NULL || scan->next == scan->count)
    return UV_EOF;
  *ent = scan->entries[scan->next++];
  return 0;
}

void uvi_fs_free_scan(void *answer) {
  struct scan *scan = answer;

  if (scan == NULL)
    return;
  uvi_free(scan->names);
  uvi_free(scan);
}
