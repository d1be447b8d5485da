/* Random bytes from the kernel without a descriptor. Each system has one file that does it. */
#ifndef UVI_POSIX_RANDOM_H_
#define UVI_POSIX_RANDOM_H_

#include <stddef.h>

/* Fills the whole buffer. UV_ENOSYS if the kernel has no such call, or a sandbox refuses it. */
int uvi_random_from_kernel(void *buffer, size_t size);

#endif
