/* Environment variables. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "uv.h"

#include "posix/text.h"
#include "util/alloc.h"

extern char **environ;

int uv_os_getenv(const char *name, char *buffer, size_t *size) {
  const char *value;

  if (name == NULL || !uvi_text_has_room(buffer, size))
    return UV_EINVAL;
  value = getenv(name);
  return value != NULL ? uvi_text_give(value, strlen(value), buffer, size) : UV_ENOENT;
}

int uv_os_setenv(const char *name, const char *value) {
  if (name == NULL || value == NULL)
    return UV_EINVAL;
  return setenv(name, value, 1) == 0 ? 0 : -errno;
}

int uv_os_unsetenv(const char *name) {
  if (name == NULL)
    return UV_EINVAL;
  return unsetenv(name) == 0 ? 0 : -errno;
}

/* One block holds name and value, each with its NUL. False: no memory. */
static bool copy_item(const char *text, const char *mark, uv_env_item_t *item) {
  const size_t size = strlen(text) + 1;

  item->name = uvi_malloc(size);
  if (item->name == NULL)
    return false;
  memcpy(item->name, text, size);
  item->name[mark - text] = '\0';
  item->value = item->name + (mark - text) + 1;
  return true;
}

int uv_os_environ(uv_env_item_t **envitems, int *count) {
  size_t room = 0;
  uv_env_item_t *items;
  int used = 0;

  *envitems = NULL;
  *count = 0;
  while (environ != NULL && environ[room] != NULL)
    room++;
  items = uvi_calloc(room + 1, sizeof *items);
  if (items == NULL)
    return UV_ENOMEM;
  for (size_t i = 0; i < room; i++) {
    const char *mark = strchr(environ[i], '=');

    if (mark == NULL)
      continue; /* no variable */
    if (!copy_item(environ[i], mark, &items[used])) {
      uv_os_free_environ(items, used);
      return UV_ENOMEM;
    }
    used++;
  }
  *envitems = items;
  *count = used;
  return 0;
}

void uv_os_free_environ(uv_env_item_t *envitems, int count) {
  for (int i = 0; i < count; i++)
    uvi_free(envitems[i].name);
  uvi_free(envitems);
}
