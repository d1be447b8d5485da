/* Two threads, each with a track to run; main() waits for both. */
#include "guide.h"

struct runner {
  const char *name;
  int track;
};

static void run(void *arg) {
  const struct runner *runner = arg;
  for (int step = 1; step <= runner->track; step++)
    guide_say("%s: step %d", runner->name, step);
  guide_say("%s: arrived", runner->name);
}

int main(void) {
  struct runner hare = {"hare", 10}, tortoise = {"tortoise", 7};
  uv_thread_t threads[2];
  MUST(uv_thread_create(&threads[0], run, &hare));
  MUST(uv_thread_create(&threads[1], run, &tortoise));
  MUST(uv_thread_join(&threads[0]));
  MUST(uv_thread_join(&threads[1]));
  guide_say("both are home");
  return 0;
}
