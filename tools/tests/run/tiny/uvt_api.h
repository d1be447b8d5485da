/* What the generator writes, by hand and for a handful of functions. */
#ifndef UVT_API_H_
#define UVT_API_H_

#include <stddef.h>

#include "uv.h"

struct uvt_api {
  int (*uv_loop_init)(uv_loop_t *);
  int (*uv_loop_close)(uv_loop_t *);
  int (*uv_loop_fork)(uv_loop_t *);
  int (*uv_run)(uv_loop_t *, uv_run_mode);
  void (*uv_stop)(uv_loop_t *);
  void (*uv_close)(uv_handle_t *, uv_close_cb);
  int (*uv_is_closing)(const uv_handle_t *);
  int (*uv_timer_init)(uv_loop_t *, uv_timer_t *);
  int (*uv_timer_start)(uv_timer_t *, uv_timer_cb, uint64_t, uint64_t);
  int (*uv_timer_stop)(uv_timer_t *);
  int (*uv_async_init)(uv_loop_t *, uv_async_t *, uv_async_cb);
  int (*uv_async_send)(uv_async_t *);
  int (*uv_idle_init)(uv_loop_t *, uv_idle_t *);
  int (*uv_idle_start)(uv_idle_t *, uv_idle_cb);
  int (*uv_idle_stop)(uv_idle_t *);
  int (*uv_queue_work)(uv_loop_t *, uv_work_t *, uv_work_cb, uv_after_work_cb);
  int (*uv_replace_allocator)(uv_malloc_func, uv_realloc_func, uv_calloc_func, uv_free_func);
  void (*uv_library_shutdown)(void);
  const char *(*uv_version_string)(void);
  int (*uv_not_there)(void);
};

struct uvt_symbol {
  const char *name;
  size_t offset; /* in struct uvt_api */
};

extern struct uvt_api uvt_api;
extern const struct uvt_symbol uvt_symbols[];
extern const int uvt_symbol_count;

#ifndef UVT_API_NO_REDIRECT
#define uv_loop_init uvt_api.uv_loop_init
#define uv_loop_close uvt_api.uv_loop_close
#define uv_loop_fork uvt_api.uv_loop_fork
#define uv_run uvt_api.uv_run
#define uv_stop uvt_api.uv_stop
#define uv_close uvt_api.uv_close
#define uv_is_closing uvt_api.uv_is_closing
#define uv_timer_init uvt_api.uv_timer_init
#define uv_timer_start uvt_api.uv_timer_start
#define uv_timer_stop uvt_api.uv_timer_stop
#define uv_async_init uvt_api.uv_async_init
#define uv_async_send uvt_api.uv_async_send
#define uv_idle_init uvt_api.uv_idle_init
#define uv_idle_start uvt_api.uv_idle_start
#define uv_idle_stop uvt_api.uv_idle_stop
#define uv_queue_work uvt_api.uv_queue_work
#define uv_replace_allocator uvt_api.uv_replace_allocator
#define uv_library_shutdown uvt_api.uv_library_shutdown
#define uv_version_string uvt_api.uv_version_string
#define uv_not_there uvt_api.uv_not_there
#endif

#endif
