/* Stops the loop from a callback. What the iteration began it ends; the loop can be run again. */
#include "guide.h"

static uv_idle_t idle;
static uv_prepare_t prepare;
static int idles, prepares;

static void on_idle(uv_idle_t *handle) {
  if (++idles == 5)
    uv_stop(handle->loop);
}

static void on_prepare(uv_prepare_t *handle) {
  (void) handle;
  prepares++;
}

int main(void) {
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_idle_init(loop, &idle));
  MUST(uv_prepare_init(loop, &prepare));
  MUST(uv_idle_start(&idle, on_idle));
  MUST(uv_prepare_start(&prepare, on_prepare));
  int alive = uv_run(loop, UV_RUN_DEFAULT);
  guide_say("stopped: %s, idle %d, prepare %d", alive ? "alive" : "done", idles, prepares);
  alive = uv_run(loop, UV_RUN_NOWAIT);
  guide_say("once more: %s, idle %d, prepare %d", alive ? "alive" : "done", idles, prepares);
  guide_close((uv_handle_t *) &idle);
  guide_close((uv_handle_t *) &prepare);
  return guide_run(loop);
}
