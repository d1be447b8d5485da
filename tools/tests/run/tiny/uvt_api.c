#define UVT_API_NO_REDIRECT
#include "uvt_api.h"

struct uvt_api uvt_api;

#define SYMBOL(name)                                                                               \
  { #name, offsetof(struct uvt_api, name) }
const struct uvt_symbol uvt_symbols[] = {
    SYMBOL(uv_loop_init),
    SYMBOL(uv_loop_close),
    SYMBOL(uv_loop_fork),
    SYMBOL(uv_run),
    SYMBOL(uv_stop),
    SYMBOL(uv_close),
    SYMBOL(uv_is_closing),
    SYMBOL(uv_timer_init),
    SYMBOL(uv_timer_start),
    SYMBOL(uv_timer_stop),
    SYMBOL(uv_async_init),
    SYMBOL(uv_async_send),
    SYMBOL(uv_idle_init),
    SYMBOL(uv_idle_start),
    SYMBOL(uv_idle_stop),
    SYMBOL(uv_queue_work),
    SYMBOL(uv_replace_allocator),
    SYMBOL(uv_library_shutdown),
    SYMBOL(uv_version_string),
    SYMBOL(uv_not_there),
};
const int uvt_symbol_count = (int) (sizeof uvt_symbols / sizeof uvt_symbols[0]);
