/* Entries of an open folder, as they come. */
#ifndef UVI_POSIX_FS_ENTRIES_H_
#define UVI_POSIX_FS_ENTRIES_H_

#include <dirent.h>
#include <stddef.h>

#include "uv.h"

/* Names, one after the other, each with its NUL. The owner frees `text`. */
struct uvi_names {
  char *text;
  size_t size;
  size_t capacity;
};

/* Reads the next entry that is neither "." nor "..", and adds its name. UV_EOF at the end; on an error
 * the names are as they were. */
int uvi_fs_next_entry(DIR *dir, struct uvi_names *names, uv_dirent_type_t *type);

#endif
