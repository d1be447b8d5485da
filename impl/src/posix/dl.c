/* Shared libraries. The error text is a copy: that of dlerror(3) is gone after the next call. */
#include <dlfcn.h>
#include <string.h>

#include "uv.h"

#include "util/alloc.h"

static void forget_error(uv_lib_t *lib) {
  uvi_free(lib->errmsg);
  lib->errmsg = NULL;
}

static int keep_error(uv_lib_t *lib) {
  const char *text = dlerror();
  size_t size;

  forget_error(lib);
  if (text == NULL)
    return 0;
  size = strlen(text) + 1;
  lib->errmsg = uvi_malloc(size);
  if (lib->errmsg != NULL)
    memcpy(lib->errmsg, text, size);
  return -1;
}

int uv_dlopen(const char *filename, uv_lib_t *lib) {
  (void) dlerror(); /* of an earlier call */
  lib->errmsg = NULL;
  lib->handle = dlopen(filename, RTLD_LAZY);
  return lib->handle != NULL ? 0 : keep_error(lib);
}

void uv_dlclose(uv_lib_t *lib) {
  forget_error(lib);
  if (lib->handle != NULL)
    (void) dlclose(lib->handle);
  lib->handle = NULL;
}

int uv_dlsym(uv_lib_t *lib, const char *name, void **ptr) {
  (void) dlerror();
  *ptr = dlsym(lib->handle, name);
  return *ptr != NULL ? 0 : keep_error(lib); /* NULL may be a symbol's value */
}

const char *uv_dlerror(const uv_lib_t *lib) {
  return lib->errmsg != NULL ? lib->errmsg : "no error";
}
