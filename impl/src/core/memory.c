/* The allocator in use, and uv_buf_init(). */
#include <errno.h>
#include <stdlib.h>

#include "uv.h"

#include "util/alloc.h"

static struct {
  uv_malloc_func malloc;
  uv_realloc_func realloc;
  uv_calloc_func calloc;
  uv_free_func free;
} allocator = {malloc, realloc, calloc, free};

int uv_replace_allocator(uv_malloc_func malloc_func, uv_realloc_func realloc_func,
                         uv_calloc_func calloc_func, uv_free_func free_func) {
  if (malloc_func == NULL || realloc_func == NULL || calloc_func == NULL || free_func == NULL)
    return UV_EINVAL;

  allocator.malloc = malloc_func;
  allocator.realloc = realloc_func;
  allocator.calloc = calloc_func;
  allocator.free = free_func;
  return 0;
}

void *uvi_malloc(size_t size) {
  return allocator.malloc(size);
}

void *uvi_calloc(size_t count, size_t size) {
  return allocator.calloc(count, size);
}

void *uvi_realloc(void *block, size_t size) {
  /* Allocators disagree on what a size of 0 means, so they are not asked. */
  if (size == 0) {
    uvi_free(block);
    return NULL;
  }
  return allocator.realloc(block, size);
}

void uvi_free(void *block) {
  int saved = errno;

  if (block != NULL)
    allocator.free(block);
  errno = saved;
}

uv_buf_t uv_buf_init(char *base, unsigned int len) {
  uv_buf_t buf;

  buf.base = base;
  buf.len = len;
  return buf;
}
