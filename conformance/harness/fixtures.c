/* Loops, handles, and the end of a scenario. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "files.h"
#include "scenario.h"
#include "store.h"
#include "threads.h"

#include "uvt_api.h"

#include <stdlib.h>
#include <string.h>

enum { LOOPS_MAX = 16, HANDLES_MAX = 2048, NAME_MAX_ = 32, RUNS_MAX = 100, AT_END_MAX = 8 };

static struct {
  char name[NAME_MAX_];
  uv_loop_t *loop;
} loops[LOOPS_MAX];
static int loop_count;

/* Other threads look names up, so the count is published after the entry. */
static struct {
  char name[NAME_MAX_];
  uv_handle_t *handle;
  int is_request; /* to be named, not closed */
  size_t gone;    /* its size, once the program has its memory back; else 0 */
} handles[HANDLES_MAX];
static atomic_int handle_count;

void uvt_dirty(void *memory, size_t size) {
  memset(memory, 0xA5, size);
}

uv_loop_t *uvt_loop(const char *name) {
  UVT_NEED(uv_loop_init);
  if (loop_count == LOOPS_MAX)
    uvt_give_up(UVT_UNRESOLVED, "too many loops for the harness");
  uv_loop_t *loop = malloc(sizeof *loop);
  if (loop == NULL)
    uvt_give_up(UVT_UNRESOLVED, "no memory for a loop");
  uvt_dirty(loop, sizeof *loop);
  if (uv_loop_init(loop) != 0)
    uvt_give_up(UVT_UNRESOLVED, "uv_loop_init() failed");
  uvt_copy_clean(loops[loop_count].name, NAME_MAX_, name);
  loops[loop_count++].loop = loop;
  return loop;
}

/* ---- handles ---- */

static int find_handle(const void *handle) {
  for (int i = 0, count = atomic_load(&handle_count); i < count; i++) {
    if (handles[i].handle == handle)
      return i;
  }
  return -1;
}

void uvt_handle(const char *name, uv_handle_t *handle) {
  int index = find_handle(handle);
  if (index >= 0) { /* closed and initialised once more */
    uvt_copy_clean(handles[index].name, NAME_MAX_, name);
    handles[index].gone = 0;
    return;
  }
  index = atomic_load(&handle_count);
  if (index == HANDLES_MAX)
    uvt_give_up(UVT_UNRESOLVED, "too many handles for the harness");
  uvt_copy_clean(handles[index].name, NAME_MAX_, name);
  handles[index].handle = handle;
  atomic_store(&handle_count, index + 1);
}

void uvt_handle_at(const char *array, int index, uv_handle_t *handle) {
  char name[NAME_MAX_] = "";
  uvt_add_text(name, sizeof name, array);
  uvt_add_text(name, sizeof name, "[");
  uvt_add_number(name, sizeof name, index);
  uvt_add_text(name, sizeof name, "]");
  uvt_handle(name, handle);
}

void uvt_request(const char *name, void *req) {
  uvt_handle(name, (uv_handle_t *) req);
  handles[find_handle(req)].is_request = 1;
}

void uvt_event(const char *callback, const void *subject) {
  char text[UVT_EVENT_TEXT];
  uvt_copy_clean(text, sizeof text, callback);
  if (subject != NULL) {
    int index = find_handle(subject);
    uvt_add_text(text, sizeof text, "(");
    uvt_add_text(text, sizeof text, index < 0 ? "?" : handles[index].name);
    uvt_add_text(text, sizeof text, ")");
  }
  uvt_append_event(text);
  errno = EINTR; /* see UVT_STALE */
}

void uvt_gone(void *handle, size_t size) {
  int index = find_handle(handle);
  if (index < 0)
    uvt_give_up(UVT_UNRESOLVED, "the scenario gives up a handle that it never had");
  uvt_dirty(handle, size);
  handles[index].gone = size;
}

static void check_gone_handles(void) {
  for (int i = 0; i < atomic_load(&handle_count); i++) {
    const unsigned char *memory = (const unsigned char *) handles[i].handle;
    size_t at = 0;
    while (at < handles[i].gone && memory[at] == 0xA5)
      at++;
    if (at == handles[i].gone)
      continue;
    uvt_fail("memory after the callback that gave it back", "left alone", handles[i].name);
  }
}

static void close_handles(void) {
  for (int i = 0; i < atomic_load(&handle_count); i++) {
    if (handles[i].gone != 0 || handles[i].is_request)
      continue;
    UVT_NEED(uv_is_closing);
    UVT_NEED(uv_close);
    if (!uv_is_closing(handles[i].handle))
      uv_close(handles[i].handle, NULL);
  }
}

/* ---- the end ---- */

static void finish_loop(const char *name, uv_loop_t *loop) {
  UVT_NEED(uv_run);
  UVT_NEED(uv_loop_close);
  char call[UVT_TEXT] = "uv_run(";
  uvt_add_text(call, sizeof call, name);
  uvt_add_text(call, sizeof call, ", UV_RUN_DEFAULT) after everything is closed");
  uvt_remember(call);
  int alive = 1;
  /* Once is enough unless the scenario left a uv_stop() behind. A loop that stays alive may just as
   * well block for ever: the watchdog sees to that. */
  for (int i = 0; alive != 0 && i < RUNS_MAX; i++)
    alive = uv_run(loop, UV_RUN_DEFAULT);
  uvt_check_int(call, "==", "0", alive, 0, alive == 0);
  call[0] = '\0';
  uvt_add_text(call, sizeof call, "uv_loop_close(");
  uvt_add_text(call, sizeof call, name);
  uvt_add_text(call, sizeof call, ") after everything is closed");
  int error = uv_loop_close(loop);
  uvt_check_int(call, "==", "0", error, 0, error == 0);
  if (error != 0)
    return;
  uvt_dirty(loop, sizeof *loop); /* nobody may use it any more */
  free(loop);
}

/* What uvt_finish() has to tidy up after the loops are gone. */
static void (*at_end[AT_END_MAX])(void);
static int at_end_count;

void uvt_at_end(void (*tidy)(void)) {
  if (at_end_count == AT_END_MAX)
    uvt_give_up(UVT_UNRESOLVED, "the harness has too much to tidy up");
  at_end[at_end_count++] = tidy;
}

static void run_at_end(void) {
  while (at_end_count > 0)
    at_end[--at_end_count]();
}

void uvt_finish(void) {
  uvt_set_phase(UVT_FINISHING);
  uvt_threads_join_all();
  close_handles();
  for (int i = 0; i < loop_count; i++) {
    finish_loop(loops[i].name, loops[i].loop);
    loops[i].loop = NULL;
  }
  loop_count = 0;
  uvt_children_end();
  run_at_end();
  uvt_pty_end();
  uvt_spare_end();
  check_gone_handles();
}
