/* Names of local sockets: paths, and on Linux abstract names, which begin with a NUL. */
#ifndef UVI_POSIX_PIPE_NAME_H_
#define UVI_POSIX_PIPE_NAME_H_

#include <stddef.h>
#include <sys/socket.h>

struct sockaddr_un;

/* Makes the address of a name of `length` bytes; `flags` are those of uv_pipe_bind2(). */
int uvi_pipe_address(const char *name, size_t length, unsigned flags, struct sockaddr_un *addr,
                     socklen_t *size);

#endif
