/* When uv_run() was entered and left, counted in callbacks: for whoever draws the trace. Nothing is
 * matched against it, and the library notices nothing: uv_run() is called with what it was given. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "harness.h"

static int (*run_of_the_library)(uv_loop_t *, uv_run_mode);

static int noted_run(uv_loop_t *loop, uv_run_mode mode) {
  unsigned index = uvt_note_run_begins((int) mode);
  int alive = run_of_the_library(loop, mode);
  uvt_note_run_ends(index);
  return alive;
}

void uvt_watch_runs(void) {
  if (!UVT_HAVE(uv_run) || run_of_the_library != NULL)
    return;
  run_of_the_library = uv_run;
  uv_run = noted_run;
}
