/* Signals: two loops in two threads that both watch SIGUSR1, and a child that is ended by one. */
#include <signal.h>

#include "guide.h"

static uv_sem_t watching;
static uv_process_t child;

static void on_signal(uv_signal_t *handle, int number) {
  guide_say("%s got SIGUSR%d", (const char *) handle->loop->data, number == SIGUSR1 ? 1 : 2);
  uv_close((uv_handle_t *) handle, NULL);
}

static void watch(uv_loop_t *loop, uv_signal_t *handle) {
  MUST(uv_signal_init(loop, handle));
  MUST(uv_signal_start(handle, on_signal, SIGUSR1));
}

static void in_thread(void *arg) {
  uv_loop_t loop;
  uv_signal_t handle;
  MUST(uv_loop_init(&loop));
  uv_loop_set_data(&loop, arg);
  watch(&loop, &handle);
  uv_sem_post(&watching);
  MUST(uv_run(&loop, UV_RUN_DEFAULT));
  MUST(uv_loop_close(&loop));
}

static void on_exit_(uv_process_t *process, int64_t status, int signal) {
  guide_say("the child ended with status %d, signal %d", (int) status, signal);
  guide_say("killing it again: %s", uv_err_name(uv_process_kill(process, SIGTERM)));
  uv_close((uv_handle_t *) process, NULL);
}

static void end_a_child(uv_loop_t *loop) {
  char name[] = "sleep", time[] = "1000";
  char *arguments[] = {name, time, NULL};
  uv_process_options_t options = {.file = name, .args = arguments, .exit_cb = on_exit_};
  MUST(uv_spawn(loop, &child, &options));
  MUST(uv_kill(child.pid, 0)); /* it is there */
  MUST(uv_process_kill(&child, SIGTERM));
}

int main(void) {
  static uv_signal_t handle;
  static char name[] = "the main thread", other[] = "the other thread";
  uv_thread_t thread;
  uv_loop_t *loop = uv_default_loop();
  MUST(uv_sem_init(&watching, 0));
  uv_loop_set_data(loop, name);
  watch(loop, &handle);
  MUST(uv_thread_create(&thread, in_thread, other));
  uv_sem_wait(&watching);
  MUST(uv_kill(uv_os_getpid(), SIGUSR1));
  end_a_child(loop);
  int code = guide_run(loop);
  MUST(uv_thread_join(&thread));
  uv_sem_destroy(&watching);
  return code;
}
