/* The loop that is there for all who need just one. It is closed like any other. */
#include "guide.h"

static void on_timer(uv_timer_t *timer) {
  guide_say("%s", timer->loop == uv_default_loop() ? "on the default loop" : "on a strange loop");
  guide_close((uv_handle_t *) timer);
}

int main(void) {
  static uv_timer_t timer;
  uv_loop_t *loop = uv_default_loop();
  if (loop == NULL)
    return 1;
  MUST(uv_timer_init(loop, &timer));
  MUST(uv_timer_start(&timer, on_timer, 1, 0));
  guide_run(loop);
  guide_say("%s", uv_default_loop() == NULL ? "no default loop" : "and ready for use again");
  MUST(uv_loop_close(uv_default_loop()));
  return 0;
}
