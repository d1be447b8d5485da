/* Several threads want something to be made; the first one that comes makes it. */
#include "guide.h"

enum { THREADS = 4 };

static uv_once_t guard = UV_ONCE_INIT;
static int made;

static void make(void) {
  made++;
}

static void want(void *arg) {
  uv_once(&guard, make);
  *(int *) arg = made;
}

int main(void) {
  uv_thread_t threads[THREADS];
  int seen[THREADS];
  for (int i = 0; i < THREADS; i++)
    MUST(uv_thread_create(&threads[i], want, &seen[i]));
  for (int i = 0; i < THREADS; i++)
    MUST(uv_thread_join(&threads[i]));
  for (int i = 0; i < THREADS; i++)
    guide_say("made %d times", seen[i]);
  return 0;
}
