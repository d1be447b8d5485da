/* Waking a loop that sleeps: a descriptor that the loop watches and anybody may write to. */
#ifndef UVI_POSIX_WAKE_H_
#define UVI_POSIX_WAKE_H_

struct uvi_loop;

int uvi_wake_open(struct uvi_loop *loop);
void uvi_wake_close(struct uvi_loop *loop);

/* uvi_backend.wake of backends that sleep on descriptors. Async-signal-safe; leaves errno alone. */
int uvi_wake_write(struct uvi_loop *loop);

/* Makes the pair: [0] to watch and read, [1] to write, both close-on-exec and non-blocking. If they
 * are one descriptor, it is a counter: writes of 8 bytes never fill it up. Each system has one file
 * that does it. */
int uvi_wake_descriptors(int fds[2]);

/* The same with a pipe, for those files to fall back on. */
int uvi_wake_pipe(int fds[2]);

#endif
