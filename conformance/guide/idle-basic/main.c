/* The life of a handle: initialised, started, called back in every turn of the loop, stopped, closed. */
#include "guide.h"

enum { TURNS = 100000 };

static int turns;

static void on_idle(uv_idle_t *idle) {
  if (++turns == TURNS)
    MUST(uv_idle_stop(idle));
}

int main(void) {
  static uv_idle_t idle;
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_idle_init(loop, &idle));
  MUST(uv_idle_start(&idle, on_idle));
  guide_say("idling");
  MUST(uv_run(loop, UV_RUN_DEFAULT));
  guide_say("%d turns", turns);
  return guide_run(loop);
}
