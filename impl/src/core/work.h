/* Work for the thread pool: what requests that block use (file system, DNS, random, uv_queue_work).
 *
 * A request embeds a `struct uv__work` (its field work_req) and submits it with a table of operations
 * that is constant per kind of request:
 *
 *   static const struct uv__work_ops stat_ops = {UVI_WORK_FAST_IO, stat_work, stat_done};
 *
 *   uvi_req_init(UVI_REQ(req), UV_FS);
 *   uvi_work_submit(loop, &req->work_req, &stat_ops);
 *
 *   static void stat_work(struct uv__work *work) {
 *     uv_fs_t *req = UVI_CONTAINER_OF(work, uv_fs_t, work_req);
 *     … blocks; a thread of the pool
 *   }
 *
 *   static void stat_done(struct uv__work *work, int status) {
 *     … the loop's thread; status is 0 or UV_ECANCELED; calls the user's callback
 *   }
 *
 * Submitting counts as a request of the loop (core/request.h); the count is taken back right before
 * `done`. `done` is called once, in the poll phase, never from inside uvi_work_submit() or
 * uvi_work_cancel(). Between submit and `done` the memory stays in place and belongs to the pool. In
 * `done` it is the owner's again, who may free it or submit it anew.
 *
 * A request that runs without the pool (no callback given: synchronous) calls uvi_work_finished(), so
 * that uv_cancel() finds it done. */
#ifndef UVI_CORE_WORK_H_
#define UVI_CORE_WORK_H_

#include "core/loop.h"

enum uvi_work_kind {
  UVI_WORK_CPU,     /* the program's own; may take any number of threads */
  UVI_WORK_FAST_IO, /* disks: the same, told apart for the reader */
  UVI_WORK_SLOW_IO, /* networks: at most half of the threads, rounded up, so that the rest goes on */
};

struct uv__work_ops {
  enum uvi_work_kind kind;
  void (*work)(struct uv__work *work);             /* on a thread of the pool */
  void (*done)(struct uv__work *work, int status); /* on the loop's thread: 0 or UV_ECANCELED */
};

/* Queues the work; starts the pool if this is the first. Cannot fail: a pool that gets no thread at all
 * ends the program. The loop's thread. */
void uvi_work_submit(uv_loop_t *loop, struct uv__work *work, const struct uv__work_ops *ops);

/* Marks work that was never submitted as over and done. */
void uvi_work_finished(struct uv__work *work);

/* Takes work that waits for a thread out of the queue: 0, and `done` follows with UV_ECANCELED. UV_EBUSY
 * if it runs or has run. The loop's thread. */
int uvi_work_cancel(struct uv__work *work);

/* ---- for the loop ---- */

/* The loop was woken: calls `done` of all work that was finished or cancelled until now, in the order in
 * which that happened. Returns how many that were. */
unsigned uvi_works_deliver(struct uvi_loop *loop);

/* The loop is about to close: waits until no thread of the pool touches it any more. */
void uvi_works_close(struct uvi_loop *loop);

/* After a fork, in the child: true if something waits to be delivered. */
bool uvi_works_fork(struct uvi_loop *loop);

/* ---- for the library ---- */

/* Ends the threads, once they have nothing left to do, and joins them. The next submit starts anew. */
void uvi_pool_shutdown(void);

#endif
