/* The table of handle kinds, and what can be asked about a kind without having a handle. */
#include "core/handle.h"

static const struct uvi_handle_kind kinds[UV_HANDLE_TYPE_MAX] = {
    [UV_ASYNC] = {"async", sizeof(uv_async_t), uvi_async_close, uvi_async_finish},
    [UV_CHECK] = {"check", sizeof(uv_check_t), uvi_check_close, NULL},
    [UV_FS_EVENT] = {"fs_event", sizeof(uv_fs_event_t), uvi_fs_event_close, NULL},
    [UV_FS_POLL] = {"fs_poll", sizeof(uv_fs_poll_t), uvi_fs_poll_close, NULL},
    [UV_HANDLE] = {"handle", sizeof(uv_handle_t), NULL, NULL},
    [UV_IDLE] = {"idle", sizeof(uv_idle_t), uvi_idle_close, NULL},
    [UV_NAMED_PIPE] = {"pipe", sizeof(uv_pipe_t), uvi_pipe_close, uvi_stream_finish},
    [UV_POLL] = {"poll", sizeof(uv_poll_t), uvi_poll_close, NULL},
    [UV_PREPARE] = {"prepare", sizeof(uv_prepare_t), uvi_prepare_close, NULL},
    [UV_PROCESS] = {"process", sizeof(uv_process_t), uvi_process_close, NULL},
    [UV_STREAM] = {"stream", sizeof(uv_stream_t), NULL, NULL},
    [UV_TCP] = {"tcp", sizeof(uv_tcp_t), uvi_stream_close, uvi_stream_finish},
    [UV_TIMER] = {"timer", sizeof(uv_timer_t), uvi_timer_close, NULL},
    [UV_TTY] = {"tty", sizeof(uv_tty_t), uvi_tty_close, uvi_stream_finish},
    [UV_UDP] = {"udp", sizeof(uv_udp_t), uvi_udp_close, uvi_udp_finish},
    [UV_SIGNAL] = {"signal", sizeof(uv_signal_t), uvi_signal_close, NULL},
    [UV_FILE] = {"file", 0, NULL, NULL},
};

const struct uvi_handle_kind *uvi_handle_kind(uv_handle_type type) {
  /* The enum may come from a program as any number; UV_UNKNOWN_HANDLE has no entry. */
  unsigned index = (unsigned) type;

  return index < UV_HANDLE_TYPE_MAX && kinds[index].name != NULL ? &kinds[index] : NULL;
}

size_t uv_handle_size(uv_handle_type type) {
  const struct uvi_handle_kind *kind = uvi_handle_kind(type);

  return kind != NULL && kind->size != 0 ? kind->size : (size_t) -1;
}

const char *uv_handle_type_name(uv_handle_type type) {
  const struct uvi_handle_kind *kind = uvi_handle_kind(type);

  return kind != NULL ? kind->name : NULL;
}
