/* What goes on around the poll of each iteration: something before it, and something behind it. */
#include "guide.h"

static uv_prepare_t prepare;
static uv_check_t check;
static uv_async_t async;
static int rounds;

static void before(uv_prepare_t *handle) {
  (void) handle;
  guide_say("before");
  MUST(uv_async_send(&async));
}

static void between(uv_async_t *handle) {
  (void) handle;
  guide_say("an event");
}

static void behind(uv_check_t *handle) {
  guide_say("behind");
  if (++rounds == 2) {
    guide_close((uv_handle_t *) &prepare);
    guide_close((uv_handle_t *) &async);
    guide_close((uv_handle_t *) handle);
  }
}

int main(void) {
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_check_init(loop, &check));
  MUST(uv_prepare_init(loop, &prepare));
  MUST(uv_async_init(loop, &async, between));
  MUST(uv_check_start(&check, behind));
  MUST(uv_prepare_start(&prepare, before));
  return guide_run(loop);
}
