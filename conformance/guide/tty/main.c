/* Writes in colours, if standard output is a terminal. */
#include <string.h>

#include "guide.h"

int main(void) {
  uv_loop_t *loop = uv_default_loop();
  if (uv_guess_handle(1) != UV_TTY) {
    guide_say("no terminal, no colours");
    return guide_run(loop);
  }
  static uv_tty_t tty;
  const char *text = "\033[41;37mwhite on red\033[0m\n";
  MUST(uv_tty_init(loop, &tty, 1, 0));
  MUST(uv_tty_set_mode(&tty, UV_TTY_MODE_NORMAL));
  guide_write((uv_stream_t *) &tty, text, strlen(text));
  int code = guide_run(loop);
  MUST(uv_tty_reset_mode());
  return code;
}
