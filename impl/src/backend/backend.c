/* Which backend a loop gets. */
#include "backend/backend.h"

#include <stdlib.h>
#include <string.h>

#include "core/loop.h"

static int open_one(struct uvi_loop *loop, const struct uvi_backend *backend) {
  loop->backend = backend;
  loop->backend_fd = -1;
  loop->backend_data = NULL;
  return backend->init(loop);
}

int uvi_backend_open(struct uvi_loop *loop) {
  const char *wanted = getenv("UVI_BACKEND");
  int err = UV_ENOSYS;

  if (wanted != NULL)
    for (int i = 0; uvi_backends[i] != NULL; i++)
      if (strcmp(uvi_backends[i]->name, wanted) == 0)
        return open_one(loop, uvi_backends[i]);

  /* An old kernel or a sandbox may refuse a mechanism. Being out of descriptors or memory is
   * something else, and the program's to know. */
  for (int i = 0; uvi_backends[i] != NULL; i++) {
    err = open_one(loop, uvi_backends[i]);
    if (err != UV_ENOSYS && err != UV_EPERM)
      break;
  }
  return err;
}
