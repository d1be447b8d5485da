/* Handles: the common part, its getters, references. */
#include "core/handle.h"

#include "util/check.h"

void uvi_handle_init_inner(uv_loop_t *loop, uv_handle_t *handle, uv_handle_type type) {
  handle->loop = loop;
  handle->type = type;
  handle->close_cb = NULL;
  handle->next_closing = NULL;
  handle->flags = 0;
  uvi_list_init(uvi_list_of(handle->handle_queue));
}

void uvi_handle_init(uv_loop_t *loop, uv_handle_t *handle, uv_handle_type type) {
  uvi_handle_init_inner(loop, handle, type);
  handle->flags |= UVI_HANDLE_REF;
  uvi_list_insert_tail(uvi_list_of(loop->handle_queue), uvi_list_of(handle->handle_queue));
}

/* A handle counts as long as it is active and referenced. */
static void set_flags(uv_handle_t *handle, unsigned set, unsigned clear) {
  const unsigned both = UVI_HANDLE_ACTIVE | UVI_HANDLE_REF;
  unsigned old = handle->flags;
  unsigned now = (old | set) & ~clear;

  if ((old & both) != both && (now & both) == both) {
    handle->loop->active_handles++;
  } else if ((old & both) == both && (now & both) != both) {
    UVI_ASSERT(handle->loop->active_handles > 0);
    handle->loop->active_handles--;
  }
  handle->flags = now;
}

void uvi_handle_start(uv_handle_t *handle) {
  UVI_ASSERT(!uvi_handle_is_closing(handle));
  set_flags(handle, UVI_HANDLE_ACTIVE, 0);
}

void uvi_handle_stop(uv_handle_t *handle) {
  set_flags(handle, 0, UVI_HANDLE_ACTIVE);
}

void uv_ref(uv_handle_t *handle) {
  set_flags(handle, UVI_HANDLE_REF, 0);
}

void uv_unref(uv_handle_t *handle) {
  set_flags(handle, 0, UVI_HANDLE_REF);
}

int uv_has_ref(const uv_handle_t *handle) {
  return (handle->flags & UVI_HANDLE_REF) != 0;
}

int uv_is_active(const uv_handle_t *handle) {
  return uvi_handle_is_active(handle);
}

int uv_is_closing(const uv_handle_t *handle) {
  return uvi_handle_is_closing(handle);
}

void *uv_handle_get_data(const uv_handle_t *handle) {
  return handle->data;
}

void uv_handle_set_data(uv_handle_t *handle, void *data) {
  handle->data = data;
}

uv_loop_t *uv_handle_get_loop(const uv_handle_t *handle) {
  return handle->loop;
}

uv_handle_type uv_handle_get_type(const uv_handle_t *handle) {
  return handle->type;
}
