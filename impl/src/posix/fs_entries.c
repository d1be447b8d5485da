#include "posix/fs_entries.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "util/alloc.h"
#include "util/sys.h"

static uv_dirent_type_t type_of(const struct dirent *entry) {
  switch (entry->d_type) {
    case DT_REG:
      return UV_DIRENT_FILE;
    case DT_DIR:
      return UV_DIRENT_DIR;
    case DT_LNK:
      return UV_DIRENT_LINK;
    case DT_FIFO:
      return UV_DIRENT_FIFO;
    case DT_SOCK:
      return UV_DIRENT_SOCKET;
    case DT_CHR:
      return UV_DIRENT_CHAR;
    case DT_BLK:
      return UV_DIRENT_BLOCK;
    default:
      return UV_DIRENT_UNKNOWN;
  }
}

static int add_name(struct uvi_names *names, const char *name) {
  size_t size = strlen(name) + 1;

  if (names->capacity - names->size < size) {
    size_t capacity = 2 * names->capacity + size + 480;
    char *text = uvi_realloc(names->text, capacity);

    if (text == NULL)
      return UV_ENOMEM;
    names->text = text;
    names->capacity = capacity;
  }
  memcpy(names->text + names->size, name, size);
  names->size += size;
  return 0;
}

static bool is_dots(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

int uvi_fs_next_entry(DIR *dir, struct uvi_names *names, uv_dirent_type_t *type) {
  struct dirent *entry;

  do {
    errno = 0; /* NULL is the end, or an error */
    entry = UVI_SYS(readdir)(dir);
    if (entry == NULL)
      return errno != 0 ? -errno : UV_EOF;
  } while (is_dots(entry->d_name));

  *type = type_of(entry);
  return add_name(names, entry->d_name);
}
