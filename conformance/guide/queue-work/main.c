/* Numbers of Fibonacci, each worked out in a thread of the pool and told of on the loop's thread. */
#include "guide.h"

enum { UNTIL = 25 };

struct task {
  uv_work_t request;
  int number;
  long result;
};

static uv_thread_t loop_thread;

static long fibonacci(int n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static void work(uv_work_t *request) {
  struct task *task = request->data;
  uv_thread_t self = uv_thread_self();
  task->result = uv_thread_equal(&self, &loop_thread) ? -1 : fibonacci(task->number);
}

static void on_done(uv_work_t *request, int status) {
  const struct task *task = request->data;
  MUST(status);
  guide_say("number %d is %ld", task->number, task->result);
}

int main(void) {
  static struct task tasks[UNTIL];
  uv_loop_t *loop = uv_default_loop();
  loop_thread = uv_thread_self();
  for (int i = 0; i < UNTIL; i++) {
    tasks[i].number = i;
    tasks[i].request.data = &tasks[i];
    MUST(uv_queue_work(loop, &tasks[i].request, work, on_done));
  }
  return guide_run(loop);
}
