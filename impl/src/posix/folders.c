/* Folders of the process and of the user. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "uv.h"

#include "posix/text.h"
#include "util/alloc.h"

/* A folder without its last slash, save for the root. */
static size_t folder_length(const char *path) {
  const size_t length = strlen(path);

  return length > 1 && path[length - 1] == '/' ? length - 1 : length;
}

int uv_chdir(const char *dir) {
  return chdir(dir) == 0 ? 0 : -errno;
}

int uv_cwd(char *buffer, size_t *size) {
  size_t room = PATH_MAX;
  char *path;
  int err;

  if (!uvi_text_has_room(buffer, size))
    return UV_EINVAL;
  for (;; room *= 2) { /* a folder may lie deeper than a path can tell */
    path = uvi_malloc(room);
    if (path == NULL)
      return UV_ENOMEM;
    if (getcwd(path, room) != NULL)
      break;
    err = -errno;
    uvi_free(path);
    if (err != UV_ERANGE)
      return err;
  }
  err = uvi_text_give(path, folder_length(path), buffer, size);
  uvi_free(path);
  return err;
}

int uv_os_homedir(char *buffer, size_t *size) {
  const char *home;
  uv_passwd_t user;
  int err;

  if (!uvi_text_has_room(buffer, size))
    return UV_EINVAL;
  home = getenv("HOME");
  if (home != NULL)
    return uvi_text_give(home, strlen(home), buffer, size);
  err = uv_os_get_passwd(&user);
  if (err != 0)
    return err;
  err = uvi_text_give(user.homedir, strlen(user.homedir), buffer, size);
  uv_os_free_passwd(&user);
  return err;
}

int uv_os_tmpdir(char *buffer, size_t *size) {
  static const char *const names[] = {"TMPDIR", "TMP", "TEMP", "TEMPDIR"};
  const char *path = NULL;

  if (!uvi_text_has_room(buffer, size))
    return UV_EINVAL;
  for (size_t i = 0; i < sizeof names / sizeof names[0] && path == NULL; i++)
    path = getenv(names[i]);
  if (path == NULL)
    path = "/tmp";
  return uvi_text_give(path, folder_length(path), buffer, size);
}
