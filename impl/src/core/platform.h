/* What core needs of the operating system besides the backend. Each system implements it once; core
 * calls it and knows no more. */
#ifndef UVI_CORE_PLATFORM_H_
#define UVI_CORE_PLATFORM_H_

#include <stdbool.h>
#include <stddef.h>

#include "posix/platform_loop.h"

struct uvi_event;
struct uvi_loop;

/* Opens the backend and what wakes it. On failure nothing is left open. */
int uvi_platform_open(struct uvi_loop *loop);
void uvi_platform_close(struct uvi_loop *loop);

/* In a forked child: kernel objects are made anew, and everything that was watched is watched
 * again. */
int uvi_platform_fork(struct uvi_loop *loop);

/* Whether the kernel has yet to be told of something that the loop waits for. */
bool uvi_platform_unsubmitted(const struct uvi_loop *loop);

/* Tells it. */
void uvi_platform_submit(struct uvi_loop *loop);

/* Gives an event about a descriptor to its watcher. Returns how many callbacks that ran. */
unsigned uvi_platform_dispatch(struct uvi_loop *loop, const struct uvi_event *event);

/* The phase of deferred callbacks: those that wait now, not those that they defer in turn. */
unsigned uvi_platform_pending(struct uvi_loop *loop);

/* Signals come last in a poll (UV-SIGNAL-0066): the wake-up finds that some were caught, and when all that
 * the poll found has been handed out, their callbacks run. Returns how many. */
void uvi_platform_find_signals(struct uvi_loop *loop);
unsigned uvi_platform_signals(struct uvi_loop *loop);

/* Lets another thread run, which the caller is waiting for. */
void uvi_platform_yield(void);

/* Fills the buffer with random bytes fit for keys; may wait for the system to have gathered enough of
 * them. Any thread. */
int uvi_platform_random(void *buffer, size_t size);

/* Keeps SIGPROF from interrupting the poll. UV_EINVAL for another signal. */
int uvi_platform_block_signal(struct uvi_loop *loop, int signum);

/* Gives back what the system's side holds beyond all loops. */
void uvi_platform_shutdown(void);

#endif
