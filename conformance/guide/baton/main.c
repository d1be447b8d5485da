/* A baton: the request is the first member of what goes to the worker thread and comes back. */
#include <stdlib.h>
#include <string.h>

#include "guide.h"

struct baton {
  uv_work_t request;
  char *text;
  size_t length;
};

static void count(uv_work_t *request) {
  struct baton *baton = (struct baton *) request;
  baton->length = strlen(baton->text);
}

static void on_counted(uv_work_t *request, int status) {
  struct baton *baton = (struct baton *) request;
  MUST(status);
  guide_say("%s has %zu characters", baton->text, baton->length);
  free(baton->text);
  free(baton);
}

int main(int argc, char **argv) {
  uv_loop_t *loop = uv_default_loop();
  for (int i = 1; i < argc; i++) {
    struct baton *baton = guide_alloc(sizeof(*baton));
    baton->text = strdup(argv[i]);
    MUST(uv_queue_work(loop, &baton->request, count, on_counted));
  }
  return guide_run(loop);
}
