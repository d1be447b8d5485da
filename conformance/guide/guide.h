/* What the programs of the guide share. Each is written as a user of libuv would write it: it checks what
 * every call returns, closes what it opened, and leaves only when its loop can be closed. */
#ifndef GUIDE_H
#define GUIDE_H

#include <stddef.h>

#include <uv.h>

/* The result of a call that must not fail; otherwise the program says which one did, and ends. */
#define MUST(call) guide_must((call), #call)
int guide_must(int result, const char *call);

/* Writes one line to standard output, at once: somebody is waiting for it. */
void guide_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Memory, or the end of the program. */
void *guide_alloc(size_t size);

/* A handle is closed with the memory that its `data` points to, or NULL. Closing twice does nothing. */
void guide_close(uv_handle_t *handle);

/* Closes every handle of the loop when the process gets SIGINT or SIGTERM. */
void guide_until_interrupted(uv_loop_t *loop);

/* Runs the loop to its end and closes it; for the end of main(). */
int guide_run(uv_loop_t *loop);

/* A connection that is not static: its memory goes with guide_close(). */
uv_tcp_t *guide_new_tcp(uv_loop_t *loop);
uv_pipe_t *guide_new_pipe(uv_loop_t *loop, int ipc);

/* Writes a copy of the bytes; the copy is freed when they are written. */
void guide_write(uv_stream_t *stream, const char *bytes, size_t length);

/* Memory for reading; freed by whoever gets it in the read callback. */
void guide_on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);

/* Sends back what comes, and closes at the end of it. */
void guide_echo(uv_stream_t *client);

#endif
