/* uv_loop_fork() where runtimes of other languages call it: in a child, in a handler of pthread_atfork().
 *
 * Its twin for `uvspec repro` is in repro/fork.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"

#include <pthread.h>

#include "allocator.h"
#include "store.h"
#include "uvt_api.h"

static uv_loop_t *forked_loop;
static int forked_result;

static void in_child(void) {
  if (forked_loop == NULL)
    return;
  uvt_alloc_unlock(); /* uvt_fork() holds it */
  forked_result = uv_loop_fork(forked_loop);
}

void uvt_at_fork(uv_loop_t *loop) {
  forked_loop = loop;
  if (pthread_atfork(NULL, NULL, in_child) != 0)
    uvt_give_up(UVT_UNRESOLVED, "pthread_atfork() failed");
}

int uvt_at_fork_result(void) {
  return forked_result;
}
