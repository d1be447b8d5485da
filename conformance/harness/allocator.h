/* The allocator the library under test gets: see allocator.c, and uvt_alloc_…() in scenario.h. */
#ifndef UVSPEC_ALLOCATOR_H_
#define UVSPEC_ALLOCATOR_H_

#include <stddef.h>

/* Hands the allocator to uv_replace_allocator(); does nothing if the library has no such function. */
void uvt_alloc_install(void);
/* Looks for writes outside every live block, and into freed ones. */
void uvt_alloc_check(void);
/* Says in words which blocks are live. */
void uvt_alloc_describe(char *to, size_t size);
/* Held over a fork, so that the child does not inherit a lock that nobody will open. */
void uvt_alloc_lock(void);
void uvt_alloc_unlock(void);

#endif
