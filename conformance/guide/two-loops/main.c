/* A thread of the pool has a function run on the main thread, and waits for it in a loop of its own. */
#include "guide.h"

struct call {
  uv_loop_t loop;     /* the waiting thread's */
  uv_async_t done;    /* on that loop */
  uv_async_t request; /* on the main thread's */
  uv_thread_t ran_on;
  int number, answer;
};

static uv_thread_t main_thread;

/* On the main thread: the function that is wanted there. */
static void on_request(uv_async_t *handle) {
  struct call *call = handle->data;
  call->ran_on = uv_thread_self();
  call->answer = call->number * 2;
  guide_say("the main thread works it out");
  MUST(uv_async_send(&call->done));
}

/* On the waiting thread: its loop has nothing left to wait for. */
static void on_answer(uv_async_t *handle) {
  uv_close((uv_handle_t *) handle, NULL);
}

static void work(uv_work_t *request) {
  struct call *call = request->data;
  MUST(uv_loop_init(&call->loop));
  MUST(uv_async_init(&call->loop, &call->done, on_answer));
  MUST(uv_async_send(&call->request));
  MUST(uv_run(&call->loop, UV_RUN_DEFAULT));
  MUST(uv_loop_close(&call->loop));
  guide_say("the answer is %d, from %s", call->answer,
            uv_thread_equal(&call->ran_on, &main_thread) ? "the main thread" : "elsewhere");
}

static void on_done(uv_work_t *request, int status) {
  struct call *call = request->data;
  MUST(status);
  uv_close((uv_handle_t *) &call->request, NULL);
}

int main(void) {
  static struct call call = {.number = 21};
  static uv_work_t request = {.data = &call};
  uv_loop_t *loop = uv_default_loop();
  main_thread = uv_thread_self();
  MUST(uv_async_init(loop, &call.request, on_request));
  call.request.data = &call;
  MUST(uv_queue_work(loop, &request, work, on_done));
  return guide_run(loop);
}
