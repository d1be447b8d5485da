/* A loop of one's own that has nothing to wait for: it ends at once. */
#include <stdlib.h>

#include "guide.h"

int main(void) {
  uv_loop_t *loop = guide_alloc(uv_loop_size());
  MUST(uv_loop_init(loop));
  guide_say("nothing to wait for");
  int alive = MUST(uv_run(loop, UV_RUN_DEFAULT));
  guide_say("the loop came back with %d", alive);
  MUST(uv_loop_close(loop));
  free(loop);
  return 0;
}
