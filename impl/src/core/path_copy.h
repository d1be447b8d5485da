/* What handles that watch a path do with it alike. */
#ifndef UVI_CORE_PATH_COPY_H_
#define UVI_CORE_PATH_COPY_H_

#include <stddef.h>

/* NULL when there is no memory. */
char *uvi_path_copy(const char *path);

/* Gives the path to a program: UV_ENOBUFS and the room that it takes, or 0 and its length. */
int uvi_path_give(const char *path, char *buffer, size_t *size);

#endif
