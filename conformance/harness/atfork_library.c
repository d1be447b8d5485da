/* See atfork.c. */
#include <pthread.h>

void uvt_atfork_register(void (*prepare)(void), void (*parent)(void), void (*child)(void));

__attribute__((visibility("default"))) void
uvt_atfork_register(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
  pthread_atfork(prepare, parent, child);
}
