/* A text that falls from the top of the terminal to its bottom, a line at each tick of a timer. */
#include <stdio.h>
#include <string.h>

#include "guide.h"

static uv_tty_t tty;
static uv_timer_t tick;
static int width, height, line;

static void fall(uv_timer_t *timer) {
  static const char text[] = " falling ";
  char data[128];
  int length = snprintf(data, sizeof(data), "\033[2J\033[H\033[%dB\033[%dC\033[42;37m%s\033[0m",
                        line, (width - (int) strlen(text)) / 2, text);
  guide_write((uv_stream_t *) &tty, data, (size_t) length);
  if (++line == height) {
    MUST(uv_timer_stop(timer));
    MUST(uv_tty_reset_mode());
  }
}

int main(void) {
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_tty_init(loop, &tty, 1, 0));
  MUST(uv_tty_set_mode(&tty, UV_TTY_MODE_RAW));
  MUST(uv_tty_get_winsize(&tty, &width, &height));
  MUST(uv_timer_init(loop, &tick));
  MUST(uv_timer_start(&tick, fall, 2, 2));
  return guide_run(loop);
}
