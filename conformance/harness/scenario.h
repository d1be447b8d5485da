/* What a generated scenario calls.
 *
 * The same text serves twice: in the suite, where isolate.c gives every test a process of its own, and in
 * `uvspec repro ID`, where conformance/repro/ stands in for this file, so that the result needs nothing
 * but uv.h. What is added here must be added there.
 *
 * One test, one process: nothing here is ever reset. Functions are for the loop's thread unless they
 * say otherwise. A failed check is recorded and the scenario goes on: what follows often tells why. */
#ifndef UVSPEC_SCENARIO_H_
#define UVSPEC_SCENARIO_H_

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* so include this first */
#endif

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "uv.h"

/* ---- fixtures ------------------------------------------------------------------------------- */

/* A loop in dirty memory, initialised and checked; uvt_finish() closes it. */
uv_loop_t *uvt_loop(const char *name);

/* Fills `size` bytes with 0xA5: handles and requests start as dirty memory. */
void uvt_dirty(void *memory, size_t size);

/* Tells the trace the handle's name, and uvt_finish() to close it if the scenario did not. Call it
 * after a successful init. */
void uvt_handle(const char *name, uv_handle_t *handle);
void uvt_handle_at(const char *array, int index, uv_handle_t *handle); /* "array[index]" */

/* Tells the trace the request's name. */
void uvt_request(const char *name, void *req);

/* The handle is closed and its memory is the program's again: fills it with dirt, which uvt_finish()
 * wants to find as it is. For close callbacks. */
void uvt_gone(void *handle, size_t size);

/* Ends a scenario: joins threads, closes open handles, runs each loop until it returns 0, and checks
 * that uv_loop_close() returns 0. */
void uvt_finish(void);

/* Has uvt_finish() call it when the loops are closed, the latest first. For the harness's own parts. */
void uvt_at_end(void (*tidy)(void));

/* Spins for at least `ms` milliseconds of the monotonic clock. Stands for a slow callback. */
void uvt_busy(unsigned ms);

/* Lets the process open `count` more descriptors and no more; a negative count lifts that again. */
void uvt_fds_left(int count);
/* Has the soft limit leave room for so many more descriptors; skips where the hard one does not. */
void uvt_fds_room(int count);

/* The processor time that this thread has used, in milliseconds: what sleeps uses none. */
long uvt_cpu_ms(void);
/* The same for all threads of the process, those that have ended included. */
long uvt_process_cpu_ms(void);

/* Whether a poll(2) on the descriptor says readable, now. */
int uvt_fd_readable(int fd);

/* ---- the trace ------------------------------------------------------------------------------ */

/* Notes that a callback fired: "on_t(t)". `subject` may be NULL, else a handle given to uvt_handle()
 * (an unknown one prints as `?`). Any thread. */
void uvt_event(const char *callback, const void *subject);

/* Notes anything else worth seeing: "child", "value 3". It takes part in matching. Any thread. */
void uvt_note(const char *text);

/* Checks what fired since the last call against a pattern, and starts anew:
 *   pattern := item*            in this order, nothing else
 *   item    := name | name '*' N | name '*' N '..' M | name '*' N '..'
 *            | '{' item* '}'    these, in any order
 *            | '(' pattern '|' pattern … ')'
 *   name    := callback | callback(handle)      `on_t` also matches `on_t(t)`
 *            | '"' anything else '"'            a note with blanks or marks in it
 * Events of a `{…}` may be mixed: `{a*2 b*2}` takes "a b a b"; a group inside one stays together.
 * An empty pattern says that nothing fired. */
void uvt_trace(const char *pattern);

/* ---- checks --------------------------------------------------------------------------------- */

/* UV-ERRORS-0043: what errno was before a call, or when a callback returned, is no news. So every call that is
 * checked comes upon the value that is most often mistaken for news, as it makes loops go round once more. */
#define UVT_STALE(call) (errno = EINTR, (call))

/* CHECK_INT(uv_timer_stop(&t), ==, 0) and its sisters. A failed check records the call as written, what
 * was wanted and what was seen (error codes by name), and the scenario goes on. Any thread.
 * The generator gives names that would clash between scenarios a suffix `__12`; reports cut it off. */
#define CHECK_INT(call, op, want)                                                                  \
  do {                                                                                             \
    long long seen_ = (long long) UVT_STALE(call), want_ = (long long) (want);                     \
    uvt_check_int(#call, #op, #want, seen_, want_, seen_ op want_);                                \
  } while (0)
#define CHECK_UINT(call, op, want)                                                                 \
  do {                                                                                             \
    unsigned long long seen_ = (unsigned long long) UVT_STALE(call);                               \
    unsigned long long want_ = (unsigned long long) (want);                                        \
    uvt_check_uint(#call, #op, #want, seen_, want_, seen_ op want_);                               \
  } while (0)
#define CHECK_PTR(call, op, want)                                                                  \
  do {                                                                                             \
    const void *seen_ = (const void *) (call), *want_ = (const void *) (want);                     \
    uvt_check_ptr(#call, #op, #want, seen_, want_, seen_ op want_);                                \
  } while (0)
#define CHECK_STR(call, want) uvt_check_str(#call, call, want)
#define CHECK(condition) uvt_check_true(#condition, (condition) != 0)
/* CHECK_ONE_OF(call, 0, UV_EINVAL) */
#define CHECK_ONE_OF(call, ...)                                                                    \
  do {                                                                                             \
    const long long want_[] = {__VA_ARGS__};                                                       \
    uvt_check_one_of(#call, #__VA_ARGS__, (long long) UVT_STALE(call), want_,                      \
                     (int) (sizeof want_ / sizeof want_[0]));                                      \
  } while (0)

void uvt_check_int(const char *call, const char *op, const char *wanted, long long seen,
                   long long want, int holds);
void uvt_check_uint(const char *call, const char *op, const char *wanted, unsigned long long seen,
                    unsigned long long want, int holds);
void uvt_check_ptr(const char *call, const char *op, const char *wanted, const void *seen,
                   const void *want, int holds);
void uvt_check_str(const char *call, const char *seen, const char *want);
void uvt_check_true(const char *condition, int holds);
void uvt_check_one_of(const char *call, const char *wanted, long long seen, const long long *want,
                      int count);

/* ---- threads, signals, children ------------------------------------------------------------- */

/* Starts `count` native threads (not uv_thread: that may be what is tested) that run `body`; the last
 * one to finish runs `last` (may be NULL). */
void uvt_threads_start(const char *group, int count, void (*body)(void), void (*last)(void));
void uvt_threads_join(const char *group);
/* How many threads of the group have finished. Any thread. */
int uvt_threads_finished(const char *group);

/* Installs a handler for the rest of the test. */
void uvt_on_signal(int signum, void (*handler)(int));

/* Forks: 1 in the child, which shares trace and checks with the parent and must end with
 * uvt_fork_exit(); 0 in the parent, after the child has ended. A child that is killed by a signal is a
 * failed check. */
int uvt_fork(void);
/* The same for a child that must end through abort() before it gets to uvt_fork_exit(). */
int uvt_fork_aborts(void);
void uvt_fork_exit(void);
/* From now on a child calls uv_loop_fork() as soon as there is one: in a handler of pthread_atfork(). */
void uvt_atfork_loop(uv_loop_t *loop);
int uvt_atfork_loop_result(void); /* what it returned to this child */

/* ---- the calling thread, as the system sees it ---------------------------------------------- */

size_t uvt_stack_size(void); /* bytes, without the guard */
int uvt_thread_detached(void);
const char *uvt_thread_name(void);
int uvt_thread_nice(void);
int uvt_cpu_allowed(int cpu); /* whether it may run there */
int uvt_first_cpu(void);      /* the first one where it may */
void uvt_block_signal(int signum);
void uvt_unblock_signal(int signum);
int uvt_signal_blocked(int signum);

/* The soft limit of the process for stacks; UINT64_MAX for none. */
void uvt_stack_limit(unsigned long long bytes);

/* Raises SIGALRM every so often, whose handler no system call outlives. */
void uvt_interrupt_every(unsigned ms);

/* ---- gates, names, values --------------------------------------------------------------------- */

/* Gates 0 to 7, shut at first. A thread waits at one while it is shut. The last two tell how many have
 * come so far, ever, and wait until so many have. Any thread. */
void uvt_gate_wait(int gate);
void uvt_gate_open(int gate);
void uvt_gate_shut(int gate);
int uvt_gate_came(int gate);
void uvt_gate_await(int gate, int count);

/* Whether the caller is the thread that runs the scenario. */
int uvt_main_thread(void);

/* The environment; a value of NULL removes. */
void uvt_set_env(const char *name, const char *value);

/* Threads that ask for no stack of their own size get one of 256 KiB from now on. */
void uvt_small_stacks(void);

/* From now on looking up names and addresses waits at a gate first (negative: none), and answers with
 * that EAI_* code (0: what the C library says; EAI_SYSTEM comes with EMFILE). How often it was asked,
 * and for which name last. */
void uvt_resolver_gate(int gate);
void uvt_resolver_answer(int eai);
int uvt_resolver_calls(void);
const char *uvt_resolver_asked(void);

/* Until the test ends, `path` has this content for whoever opens it, and whatever begins with `prefix` and has
 * no content is not there; both stay the caller's. Every group has so many members with names that long; every
 * user has group 4321, and a name, a home and a shell of so many "n", "h" and "s".
 * How often something pretended was asked for since the last time. (pretend.c) */
void uvt_pretend_file(const char *path, const char *text);
void uvt_pretend_nothing(const char *prefix);
void uvt_pretend_group(int members, int length);
void uvt_pretend_user(int length);
int uvt_pretended_reads(void);
const char *uvt_member(int which);

/* Network interfaces that a scenario makes up, how often they were asked for, and lists that were not given back.
 * (pretend_interfaces.c) */
void uvt_pretend_interfaces(int how);
int uvt_interfaces_reads(void);
int uvt_interfaces_kept(void);

/* ---- system calls that fail (refusals.c) --------------------------------------------------------- */

/* From now on, of these system calls the next `skip` go through and then `times` fail with that error (-1: all);
 * a child's count too, and so do the harness's own. `calls` are words: a kind ("read", "accept", "stat": see the
 * table in refusals.c) or one call ("recvmmsg"), and, after a colon, what its descriptor stands for: "read:socket",
 * "write:pipe", "read:file", "read:anonymous". The error may be the system's or the library's, EMFILE or UV_EMFILE.
 * The first refusal that fits counts. io_uring is not there from the first one on.
 * Call it first in the thread that runs the scenario. Skips the test where the system has no such filter. */
void uvt_refuse(const char *calls, int error, int skip, int times);
void uvt_refuse_nothing(void); /* lifts them all */
int uvt_calls_refused(void);   /* how many calls have been refused */
/* Skips if fewer were, as the library does it in another way; if none was, what failed so far says nothing. */
void uvt_need_refused(int count);
int uvt_asked(
    const char *calls); /* how many were made since the first refusal or question, refused or not */

/* The machine, as the system tells it: "cwd", "host", …; "ppid", "uid", "memory", … (machine.c) */
const char *uvt_null_symbol(void); /* of libm.so.6, with the address NULL */
const char *uvt_os_text(const char *what);
long long uvt_os_number(const char *what);
unsigned uvt_if_index(const char *name);
int uvt_in_group6(const char *interface, const char *group);
const char *uvt_env_item(const uv_env_item_t *items, int count, const char *name);
int uvt_has_interface(const uv_interface_address_t *items, int count, const char *address,
                      const char *netmask, int is_internal);

/* What differs from the system's own figures; "" if nothing does. What changes is noted before the call:
 * the usage of the process or of the thread, the load. (figures.c) */
const char *uvt_interfaces_differ(const uv_interface_address_t *items, int count);
void uvt_usage_note(int thread);
const char *uvt_usage_differs(const uv_rusage_t *seen);
void uvt_load_note(void);
const char *uvt_load_differs(const double *seen);
const char *uvt_variables_differ(const uv_env_item_t *items, int count);

void uvt_ipv4(struct sockaddr_in *address, const char *text, int port);
void uvt_ipv6(struct sockaddr_in6 *address, const char *text, int port);

/* `text` so many times; good for four more calls. */
const char *uvt_repeated(const char *text, int times);

/* How many of the `size` bytes from `first` on are `byte`; whether two stretches are the same. */
int uvt_count_bytes(const void *memory, size_t first, size_t size, int byte);
int uvt_same_bytes(const void *one, size_t first, const void *other, size_t first_other,
                   size_t size);

/* Fills the buffer with UTF-16 written as hex numbers, "0061 d83d", and a 0; the other way round. */
void uvt_utf16(uint16_t *to, size_t size, const char *hex);
const char *uvt_utf16_text(const uint16_t *utf16, size_t units); /* good for three more calls */

void uvt_set_text(char *to, size_t size, const char *text);

/* "127.0.0.1 80", good until the next call; also tells of what is no IP address. */
const char *uvt_address_text(const struct sockaddr *address);

/* ---- the other side of a stream (peers.c) ------------------------------------------------------ */

/* Descriptors are the scenario's to close. Calls that fail leave the test unresolved; those that read or
 * accept wait for as long as it takes. */
void uvt_socket_pair(int fds[2]); /* local sockets, blocking */
void uvt_pipe_pair(int fds[2]);   /* the end to read from, and the one to write to */
void uvt_fd_close(int fd);
int uvt_fd_is_open(int fd);
int uvt_fds_open(void); /* how many descriptors below 1024 are open */
int uvt_fd_nonblocking(int fd);
int uvt_fd_cloexec(int fd);
int uvt_fd_dup(int fd);
int uvt_fd_file(const char *path); /* to read */
int uvt_fd_folder(void);
int uvt_fd_socket(int family, int type); /* -1: the system has none such */
int uvt_has_ipv6(void);  /* whether ::1 can be bound to; asks the system, not the library */
int uvt_fd_port(int fd); /* its own port */
int uvt_fd_set_option(int fd, const char *name,
                      int value); /* 0 or a UV_E… code; "sndbuf" or "rcvbuf" */
int uvt_fd_option(int fd,
                  const char *name); /* "nodelay", "keepalive", …; -1: the system does not say */

int uvt_fd_backlog(int fd); /* how many connections may wait */

int uvt_peer_listen(void); /* on 127.0.0.1, at a port of the system's choice */
int uvt_peer_closed_port(void);
int uvt_peer_connect(int port);
int uvt_peer_accept(int fd);
void uvt_peer_reset(int fd); /* closes */
void uvt_peer_shutdown(int fd);
void uvt_peer_send(int fd, const char *text);
const char *uvt_peer_bytes(int fd, int count); /* waits for that many, or the end */
const char *uvt_peer_text(int fd);             /* waits for a byte; "" at the end of the stream */

/* Bytes that nobody mistakes for others, up to 8 MiB. peer_pattern reads what is there now, of one
 * descriptor per test, and gives the number of bytes; -1 if they do not go on where the last ones ended. */
char *uvt_pattern(size_t size);
int64_t uvt_peer_pattern(int fd);
int64_t uvt_count_read(int fd);                          /* the same, whatever it reads */
void uvt_pieces(uv_buf_t *bufs, int count, size_t size); /* the pattern, cut up */

/* Reads what is there and closes the descriptors that come along: how many; and the bytes read ever, and
 * those before the last descriptor. */
int uvt_fds_passed(int fd);
int64_t uvt_passed_bytes(void);
/* A file in memory. */
int uvt_fd_memory(void);

/* An environment of three: "UVT_A=1", "nothing" and "UVT_B=2". */
void uvt_odd_environment(void);

/* Sends a text and `count` descriptors in one message. */
void uvt_pass_fds(int fd, const char *text, const int *fds, int count);
/* Has `to` name what `from` did, which is closed. */
void uvt_fd_move(int from, int to);
int64_t uvt_passed_at(void);

/* What an allocation callback does, and a read callback with what it got; and what was taken since the last
 * look, as text, or how many bytes of the pattern ever (-1: wrong ones). */
void uvt_give(uv_buf_t *buf, size_t size);
/* Each allocation callback ends with the first, each read callback begins with the second: the buffer that comes
 * back is the one that was given, whole; a datagram of a batch is a part of it. At the end all has come back. */
void uvt_gave(const uv_buf_t *buf);
void uvt_handed(ssize_t nread, const uv_buf_t *buf, unsigned flags);
void uvt_handed_all(void);
void uvt_take(const uv_buf_t *buf, ssize_t nread);
const char *uvt_taken(void);
int64_t uvt_taken_pattern(void);

/* Paths of sockets: one of this process alone, its permission bits (-1: nothing there), removal. */
const char *uvt_socket_path(const char *name);
const char *
uvt_long_path(int length); /* one of that many bytes, the same for all lengths up to the end */
void uvt_abstract_name(char *name); /* 20 bytes, of this process alone */
int uvt_path_mode(const char *path);
void uvt_path_remove(const char *path);

/* ---- files (files.c, file_facts.c) -------------------------------------------------------------- */

/* Makes a new, empty folder and goes there; uvt_finish() removes it with all that is in it. The umask is 022
 * from then on. All paths below are meant from there; a fixture that fails leaves the test unresolved. */
void uvt_folder(void);
const char *
uvt_inside(const char *name); /* with the folder's own path; good for three more calls */
/* If the test runs as root it goes on as a user who may do nothing, until uvt_finish(). */
void uvt_unprivileged(void);
void uvt_act_as_nobody(void); /* the effective user alone */
void uvt_privileged(void);
void uvt_set_umask(int mask);

void uvt_make_file(const char *path, const char *text); /* mode 0644, like a fifo; folders 0755 */
void uvt_make_pattern(const char *path, size_t size);
void uvt_make_folder(const char *path);
void uvt_make_link(const char *target, const char *path);
void uvt_make_fifo(const char *path);
int uvt_make_block(const char *path); /* 0: the system does not let us */
void uvt_make_socket(const char *path);
void uvt_set_mode(const char *path, int mode);
void uvt_set_times(const char *path, long access_s, long change_s); /* of a link itself */
void uvt_set_size(const char *path, int64_t size);

const char *uvt_file_text(const char *path); /* "(no such file)"; good until the next call */
int64_t uvt_file_pattern(const char *path);  /* its size if it is the pattern; -1: it is not */
const char *uvt_link_text(const char *path);
int uvt_shares_blocks(
    void); /* whether the folder's file system can make copies that share blocks */

/* Opens a file; closed at the end, if it is still open then. */
int uvt_fd_open(const char *path, int flags);
int uvt_fifo_writer(const char *path); /* waits until somebody opens it to read */
int64_t uvt_fd_position(int fd);
void uvt_fd_seek(int fd, int64_t position);
int uvt_fd_flags(int fd);
int uvt_fd_is(int fd, const char *path); /* whether it is that file */

/* Copies of texts that are spoilt when given back; room that starts as dirt; memory as text, where ?, 0
 * and ! stand for dirt, a zero and what cannot be printed. */
const char *uvt_lent(const char *text);
void uvt_lent_back(void);
char *uvt_room(size_t size);
const char *uvt_bytes(const char *memory, size_t size);

/* What the system says: a number by its name ("size", "permissions", "mtime ns"), or a negative error code;
 * which of them differ from what the library says, "" for none; a sum over all that is in the folder but the
 * times of access. */
int64_t uvt_os_stat(const char *path, const char *what);
int64_t uvt_os_lstat(const char *path, const char *what);
const char *uvt_stat_differs(const uv_stat_t *seen, const char *path, int follow);
const char *uvt_statfs_differs(const uv_statfs_t *seen, const char *path);
int64_t uvt_statfs_fragment(const uv_statfs_t *seen);
int64_t uvt_os_fragment(const char *path);
uint64_t uvt_folder_state(void);
/* ---- datagrams, passed descriptors (datagrams.c) ---------------------------------------------- */

void uvt_datagram_pair(int fds[2]); /* local: nothing is late or lost; non-blocking */
int uvt_datagram_peer(int port);    /* UDP on 127.0.0.1, connected to that port unless it is 0 */
int uvt_datagram_closed_port(void); /* of 127.0.0.1, to which nobody is bound */
void uvt_peer_datagrams(int fd, int count, const char *text);
int uvt_count_datagrams(int fd);                      /* takes what there is now */
void uvt_await_error(int fd);                         /* waits until the socket has one to tell */
const struct sockaddr *uvt_loopback(int port);        /* 127.0.0.1; good for three more calls */
const struct sockaddr *uvt_spare_address(void);       /* of a UDP socket that uvt_finish() closes */
void uvt_pass_fd(int socket, int fd);                 /* with a byte */
int uvt_address_port(const struct sockaddr *address); /* -1 without one */

/* Arguments of uv_udp_try_send2: up to 128 buffers of one byte, which together are the pattern; number
 * `large` is too much for a datagram. For each that it is one buffer, and where it goes to (or NULL). */
uv_buf_t **uvt_many_bufs(int count, int large);
unsigned int *uvt_many_sizes(void);
struct sockaddr **uvt_many_addresses(const struct sockaddr *address);
struct sockaddr **uvt_alternate_addresses(const struct sockaddr *even, const struct sockaddr *odd);

/* ---- pseudo terminals (terminals.c) ------------------------------------------------------------ */

void uvt_pty(int fds[2]);                         /* the master and the slave */
int uvt_pty_slave(void);                          /* of one that uvt_finish() closes */
void uvt_pty_end(void);                           /* for uvt_finish() */
int uvt_pty_open(int master, const char *access); /* the slave once more, for "r" or "w" */
void uvt_pty_size(int fd, int columns, int lines);
int uvt_pty_mode(int fd, const char *name);         /* "echo", "icanon", …; -1: not a terminal */
void uvt_pty_set(int fd, const char *name, int on); /* "echo", "icrnl", "onlcr" */

void uvt_new_session(void); /* in a forked child: it has no controlling terminal then */
int uvt_has_terminal(void); /* whether there is a controlling terminal */

/* ---- what happens to files (nest.c) -------------------------------------------------------------- */

/* The path of a name in the test's folder, which is made when the first one is asked for; "" is the folder.
 * Good for seven more calls. The others take such names. */
const char *uvt_nest(const char *name);
void uvt_nest_make(const char *name);                    /* a new, empty file */
void uvt_nest_write(const char *name, const char *text); /* at the end of a file */
void uvt_nest_read(const char *name);
void uvt_nest_truncate(const char *name, int size);
void uvt_nest_remove(const char *name); /* a file or an empty folder */
void uvt_nest_rename(const char *from, const char *to);
void uvt_nest_folder(const char *name);
void uvt_nest_mode(const char *name, int mode);
void uvt_nest_times(const char *name, int seconds);
void uvt_nest_link(const char *from, const char *to);
void uvt_nest_symlink(const char *target, const char *name);
void uvt_nest_flood(
    const char *name); /* changes a file more often than the system notes for anybody */

/* How many descriptors tell of watched paths, one of them (-1: none), and how many paths they watch. */
int uvt_watch_fds(void);
int uvt_watch_fd(void);
int uvt_watches(void);

/* ---- descriptors for handles, signals (spare.c, signals.c) ------------------------------------- */

int uvt_spare_socket(void); /* of a pair that uvt_finish() closes; nobody writes to it */
void uvt_spare_end(void);   /* for uvt_finish() */
/* For a handle to own: one end of a connection, whose other end uvt_finish() closes. */
int uvt_spare_tcp(void);
int uvt_spare_local(void);
/* Requests in dirty memory; a new one each time. */
uv_connect_t *uvt_spare_connect(void);
uv_shutdown_t *uvt_spare_shutdown(void);
/* Where somebody listens until uvt_finish(), and accepts nothing. */
struct sockaddr *uvt_listener_address(void);
const char *uvt_spare_path(void);
void uvt_peer_urgent(int fd); /* sends a byte of urgent data */
void uvt_take_urgent(int fd);

int uvt_signal_default(int signum);  /* whether nobody handles it */
int uvt_signal_restarts(int signum); /* whether system calls go on after it */
/* Raises it so many times; whether errno is what it was before. */
int uvt_raise_keeps_errno(int signum, int times);
void uvt_kill_self(int signum); /* any thread of the process may take it */

/* ---- children (children.c, atfork.c) ------------------------------------------------------------ */

/* What to start: clears the options; a program with itself as the only argument so far, or a script for the
 * shell. Further arguments, and variables of an environment of its own ("" makes it an empty one). */
void uvt_program(uv_process_options_t *options, const char *file);
void uvt_script(uv_process_options_t *options, const char *text);
void uvt_argument(uv_process_options_t *options, const char *text);
void uvt_variable(uv_process_options_t *options, const char *text);
/* The child's descriptor `fd`; those below it that are not mentioned are UV_IGNORE. */
void uvt_child_fd(uv_process_options_t *options, int fd, int from);
void uvt_child_stream(uv_process_options_t *options, int fd, int flags, uv_stream_t *stream);

/* A child that ends with uvt_end_children(), which uvt_finish() calls and then reaps what is left. */
const uv_process_options_t *uvt_a_child(void);
void uvt_end_children(void);
void uvt_children_end(void); /* for uvt_finish() */

/* Wait until a child has ended, or has stopped, and leave it to be reaped: whether that came about. */
int uvt_await_end(int pid);
int uvt_await_stop(int pid);
int uvt_is_child(int pid);   /* whether it is a child that is yet to be reaped */
int uvt_reap(int pid);       /* its exit status, or minus the signal */
int uvt_own_child(int code); /* of the program itself: ends at once */
int uvt_no_process(void);    /* the number of a process that was */

void uvt_be_nobody(void); /* root becomes another user, for good */

void uvt_take_groups(void); /* root joins two groups */
void uvt_ignore_signal(int signum);
int uvt_signal_ignored(int signum);
int uvt_fd_at(int fd, int number); /* a duplicate there, close-on-exec */

const char *uvt_long_word(int length); /* good until the next one */
const char *uvt_fd_rest(int fd);       /* all there is up to the end, until the next call */

/* In a folder of the test alone, "" or a name: its path; a file with that text and mode. uvt_finish()
 * removes them. */
const char *uvt_own_stem(void); /* what names in /tmp begin with that are this process's */
const char *uvt_own_folder(const char *folder);
const char *uvt_own_file(const char *folder, const char *name, const char *text, int mode);
const char *uvt_joined(const char *first, const char *second); /* good for three more calls */

/* Registers functions with pthread_atfork(), and tells how often the one for "prepare", "parent" or "child"
 * has run. */
void uvt_atfork(void);
int uvt_atfork_ran(const char *which);

/* ---- the program's arguments (arguments.c) ------------------------------------------------------- */

int uvt_argc(void);
char **uvt_argv(void);
const char *uvt_word(char **words, int index);
int uvt_title_room(void);             /* the longest title that fits in their place */
const char *uvt_shown_title(void);    /* what other programs see */
int uvt_shown_words(void);            /* of how many arguments it consists for them */
int uvt_shown_name(const char *name); /* whether the process's name is it, as far as that goes */

/* ---- memory --------------------------------------------------------------------------------- */

/* The harness's allocator, installed with uv_replace_allocator() before each test: counts, fills with
 * dirt, and fails on request. */
void uvt_alloc_fail(int nth); /* the nth allocation from now fails; 0: none */
int uvt_alloc_calls(void);    /* allocations since the test began */
int uvt_alloc_live(void);     /* blocks allocated and not yet freed */
void uvt_alloc_free(void *block);

#endif
