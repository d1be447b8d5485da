/* Closing: uv_close() stops a handle at once and queues it; the closing phase gives it back. */
#include "core/handle.h"
#include "util/check.h"

static void queue(uv_handle_t *handle) {
  struct uvi_loop *loop = uvi_loop_of(handle->loop);

  handle->next_closing = loop->closing; /* so that the last one closed comes first */
  loop->closing = handle;
}

void uvi_handle_linger(uv_handle_t *handle) {
  handle->flags |= UVI_HANDLE_LINGERS;
}

void uvi_handle_settle(uv_handle_t *handle) {
  if (!(handle->flags & UVI_HANDLE_LINGERS))
    return;
  handle->flags &= ~(unsigned) UVI_HANDLE_LINGERS;
  queue(handle);
}

void uv_close(uv_handle_t *handle, uv_close_cb close_cb) {
  const struct uvi_handle_kind *kind = uvi_handle_kind(handle->type);

  if (kind == NULL || kind->close == NULL)
    uvi_fatal("uv_close: not a handle");
  if (uvi_handle_is_closing(handle))
    uvi_fatal("uv_close: the handle is closing already");

  kind->close(handle);
  UVI_ASSERT(!uvi_handle_is_active(handle));

  handle->flags |= UVI_HANDLE_CLOSING;
  handle->close_cb = close_cb;
  if (!(handle->flags & UVI_HANDLE_LINGERS))
    queue(handle);
}

static void finish(uv_handle_t *handle) {
  const struct uvi_handle_kind *kind = uvi_handle_kind(handle->type);

  UVI_ASSERT(uvi_handle_is_closing(handle));
  UVI_ASSERT(!uvi_handle_is_active(handle));

  if (kind->finish != NULL)
    kind->finish(handle);
  /* Inactive, so the reference can go without counting. */
  handle->flags = (handle->flags | UVI_HANDLE_CLOSED) & ~(unsigned) UVI_HANDLE_REF;
  uvi_list_remove(uvi_list_of(handle->handle_queue));

  /* From here on the memory may be gone. */
  if (handle->close_cb != NULL)
    handle->close_cb(handle);
}

unsigned uvi_phase_closing(struct uvi_loop *loop) {
  uv_handle_t *handle = loop->closing;
  unsigned ran = 0;

  /* What close callbacks close is for the next iteration. */
  loop->closing = NULL;
  while (handle != NULL) {
    uv_handle_t *next = handle->next_closing;

    finish(handle);
    handle = next;
    ran++;
  }
  return ran;
}
