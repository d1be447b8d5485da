/* Looking at all handles of a loop: uv_walk() and the two that print. */
#include <stdio.h>

#include "core/handle.h"

void uv_walk(uv_loop_t *loop, uv_walk_cb walk_cb, void *arg) {
  struct uvi_list *handles = uvi_list_of(loop->handle_queue);
  struct uvi_list *node;
  struct uvi_list rest;

  /* Handles move through `rest` back into the loop's list, so that the callback may create handles,
   * which are not visited, and close any. */
  uvi_list_move(handles, &rest);
  while ((node = uvi_list_take(&rest)) != NULL) {
    uvi_list_insert_tail(handles, node);
    walk_cb(UVI_CONTAINER_OF(node, uv_handle_t, handle_queue), arg);
  }
}

static void print(uv_loop_t *loop, FILE *stream, bool only_active) {
  struct uvi_list *handles;

  if (loop == NULL)
    loop = uv_default_loop();
  if (stream == NULL)
    stream = stderr;

  handles = uvi_list_of(loop->handle_queue);
  for (struct uvi_list *node = handles->next; node != handles; node = node->next) {
    const uv_handle_t *handle = UVI_CONTAINER_OF(node, uv_handle_t, handle_queue);

    if (only_active && !uvi_handle_is_active(handle))
      continue;
    /* Referenced, active, internal: the last is for other implementations, we have none. */
    fprintf(stream, "[%c%c-] %-8s %p\n", uv_has_ref(handle) ? 'R' : '-',
            uvi_handle_is_active(handle) ? 'A' : '-', uv_handle_type_name(handle->type),
            (const void *) handle);
  }
}

void uv_print_all_handles(uv_loop_t *loop, FILE *stream) {
  print(loop, stream, false);
}

void uv_print_active_handles(uv_loop_t *loop, FILE *stream) {
  print(loop, stream, true);
}
