/* Watching descriptors. A watcher (struct uvi_io, in posix/platform_loop.h) says what it wants; the
 * backend is told just before the loop polls, so that changes which cancel out cost nothing. */
#ifndef UVI_POSIX_IO_H_
#define UVI_POSIX_IO_H_

#include <stdint.h>

#include "posix/platform_loop.h"

struct uvi_loop;

void uvi_io_init(struct uvi_io *io, uvi_io_cb *cb, int fd);

/* Replaces what it wants to hear of; 0 is nothing. UV_EEXIST if another watcher has the descriptor,
 * UV_ENOMEM; with 0 it cannot fail. The backend's refusal arrives as UVI_IO_ERROR. */
int uvi_io_want(struct uvi_loop *loop, struct uvi_io *io, uint32_t want);

/* Makes room for a descriptor, so that wanting something of it cannot fail for lack of memory. UV_EEXIST
 * if a watcher of the loop has it. */
int uvi_io_reserve(struct uvi_loop *loop, int fd);

/* Tells the backend now; returns its error. */
int uvi_io_submit(struct uvi_loop *loop, struct uvi_io *io);

/* Has the pending phase call it with `mask`, together with what was fed before. */
void uvi_io_feed(struct uvi_loop *loop, struct uvi_io *io, uint32_t mask);

/* Whether the backend can watch an open descriptor at all: its refusal, UV_ENOMEM, or UV_EEXIST if a
 * watcher of the loop has it. */
int uvi_io_check(struct uvi_loop *loop, int fd);

/* Wants nothing any more, and tells the backend at once, as the program may close its descriptor
 * next. Events that are on their way are dropped. */
void uvi_io_forget(struct uvi_loop *loop, struct uvi_io *io);

/* Ends everything about the watcher and its descriptor, which the caller closes next. Events that
 * are on their way are dropped, even if the number is used again at once. */
void uvi_io_close(struct uvi_loop *loop, struct uvi_io *io);

/* uvi_platform_fork()'s part: nothing is registered any more, all of it is to be once more. */
void uvi_io_fork(struct uvi_loop *loop);

/* Frees the table. */
void uvi_io_free(struct uvi_loop *loop);

#endif
