/* Works in idle time, while a thread of the pool waits for somebody to type. */
#include <string.h>

#include "guide.h"

static uv_idle_t idle;
static char typed[256];
static long turns;

static void crunch(uv_idle_t *handle) {
  (void) handle;
  if (++turns == 1000)
    guide_say("computing");
}

static void on_typed(uv_fs_t *request) {
  int length = MUST((int) request->result);
  uv_fs_req_cleanup(request);
  MUST(uv_idle_stop(&idle));
  guide_say("typed: %.*s after %s turns", (int) strcspn(typed, "\n"), typed,
            turns >= 1000 && length > 0 ? "many" : "too few");
}

int main(void) {
  static uv_fs_t request;
  uv_loop_t *loop = uv_default_loop();
  uv_buf_t buffer = uv_buf_init(typed, sizeof(typed));
  MUST(uv_idle_init(loop, &idle));
  MUST(uv_fs_read(loop, &request, 0, &buffer, 1, -1, on_typed));
  MUST(uv_idle_start(&idle, crunch));
  return guide_run(loop);
}
