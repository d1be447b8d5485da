/* Every allocation of the library goes through these, and so through what uv_replace_allocator()
 * was given. Any thread, as far as the allocator in use allows. */
#ifndef UVI_UTIL_ALLOC_H_
#define UVI_UTIL_ALLOC_H_

#include <stddef.h>

/* `count` × `size` is checked for overflow by the allocator in use. */
void *uvi_calloc(size_t count, size_t size);
void *uvi_malloc(size_t size);
/* On failure NULL, and `block` is as it was. A size of 0 frees. */
void *uvi_realloc(void *block, size_t size);
/* Takes NULL. Leaves errno alone: it is called on the way out of failed system calls. */
void uvi_free(void *block);

#endif
