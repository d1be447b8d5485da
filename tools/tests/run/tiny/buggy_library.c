/* As much of a libuv as good-fork needs (a loop that is made and closed), with the one bug that the
 * environment variable BUG names. Lacks most functions, on purpose. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "uv.h"

static uv_malloc_func allocate = malloc;
static uv_realloc_func reallocate = realloc;
static uv_calloc_func allocate_zeroed = calloc;
static uv_free_func release = free;

static char *kept;

static int has(const char *bug) {
  const char *chosen = getenv("BUG");
  return chosen != NULL && strcmp(chosen, bug) == 0;
}

__attribute__((constructor)) static void loaded(void) {
  if (has("crash while loading"))
    abort();
}

__attribute__((destructor)) static void unloaded(void) {
  if (has("crash while unloading"))
    abort();
}

static void *end_soon(void *argument) {
  return argument;
}

static void *stay(void *argument) {
  for (;;)
    pause();
  return argument;
}

const char *uv_version_string(void) {
  return "1.52.0-buggy";
}

int uv_replace_allocator(uv_malloc_func m, uv_realloc_func r, uv_calloc_func c, uv_free_func f) {
  if (has("allocator refused"))
    return UV_EINVAL;
  allocate = m;
  reallocate = r;
  allocate_zeroed = c;
  release = f;
  return 0;
}

static void misbehave_at_init(void) {
  pthread_t thread;
  if (has("written behind"))
    kept[8] = 1;
  if (has("written before"))
    kept[-1] = 1;
  if (has("freed foreign"))
    release(malloc(100) + 48);
  if (has("freed twice"))
    release(allocate(0)), release(kept), release(kept);
  if (has("moved"))
    kept = reallocate(kept, 9), kept[0] = 1, kept[8] = 2;
  if (has("detached thread") && pthread_create(&thread, NULL, stay, NULL) == 0)
    pthread_detach(thread);
  for (int i = 0; has("joined threads") && i < 200; i++) {
    if (pthread_create(&thread, NULL, end_soon, NULL) == 0)
      pthread_join(thread, NULL);
  }
}

int uv_loop_init(uv_loop_t *loop) {
  if (has("init fails"))
    return UV_EMFILE;
  (void) loop;
  kept = allocate(8);
  if (kept == NULL || allocate_zeroed == NULL)
    return UV_ENOMEM;
  misbehave_at_init();
  return 0;
}

int uv_loop_close(uv_loop_t *loop) {
  (void) loop;
  if (has("busy"))
    return UV_EBUSY;
  if (has("leak") || has("freed twice"))
    return 0;
  release(kept);
  if (has("written after free"))
    kept[3] = 1;
  if (has("written after free, long ago")) {
    kept[3] = 1;
    for (int i = 0; i < 1000; i++)
      release(allocate(8));
  }
  return 0;
}

int uv_run(uv_loop_t *loop, uv_run_mode mode) {
  (void) loop;
  (void) mode;
  return has("alive for ever");
}

void uv_close(uv_handle_t *handle, uv_close_cb cb) {
  if (cb != NULL)
    cb(handle);
}

int uv_is_closing(const uv_handle_t *handle) {
  (void) handle;
  return 1;
}

#ifndef NO_SHUTDOWN
void uv_library_shutdown(void) {
  if (has("exit in shutdown"))
    exit(0);
}
#endif
