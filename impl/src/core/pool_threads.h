/* What the thread pool needs of the system. There is one pool in a process, so there is one lock, one
 * thing to wait for and one set of threads, and none of it is ever allocated. */
#ifndef UVI_CORE_POOL_THREADS_H_
#define UVI_CORE_POOL_THREADS_H_

#include <stdbool.h>

enum { UVI_POOL_THREADS_MAX = 1024 };

void uvi_pool_lock(void);
void uvi_pool_unlock(void);

/* Sleeps until somebody wakes it, or for no reason at all. The lock is held before and after. */
void uvi_pool_sleep(void);

/* Wakes one that sleeps, or all. With or without the lock. */
void uvi_pool_wake_one(void);
void uvi_pool_wake_all(void);

/* Starts threads that run `body`, `count` of them at most; returns how many there are. */
unsigned uvi_pool_start_threads(unsigned count, void (*body)(void));

/* Waits until their bodies have returned. The calling thread may be one of them: it is left out. */
void uvi_pool_join_threads(void);

/* From now on a forked child calls `forget` first thing: the threads are not there, and the lock is
 * made anew whoever held it. Once in a process. */
void uvi_pool_at_fork(void (*forget)(void));

#endif
