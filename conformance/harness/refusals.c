/* System calls that fail, whatever library makes them, in whatever thread and however it gets there: a filter of
 * the kernel (seccomp(2)) asks a process of ours about each call of the kinds below, and that one refuses some.
 *
 * The supervisor is forked before the filter stands, so nothing that it does itself is asked about, and keeps no
 * descriptor of the test. Children of the test are under the filter too. isolate.c knows it by its name.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

struct uvt_system_call {
  const char *kind, *name;
  int number;
};

/* What a scenario may name: a kind, or one system call. Those of a kind do the same for a library. */
static const struct uvt_system_call uvt_system_calls[] = {
#define UVT_CALL(kind, name)                                                                       \
  { kind, #name, SYS_##name }
    UVT_CALL("accept", accept4),
    UVT_CALL("accept", accept),
    UVT_CALL("access", faccessat),
    UVT_CALL("bind", bind),
    UVT_CALL("chdir", chdir),
    UVT_CALL("chmod", fchmod),
    UVT_CALL("chmod", fchmodat),
    UVT_CALL("chown", fchown),
    UVT_CALL("chown", fchownat),
    UVT_CALL("clone", clone),
    UVT_CALL("clone", clone3),
    UVT_CALL("close", close),
    UVT_CALL("connect", connect),
    UVT_CALL("copy", copy_file_range),
    UVT_CALL("dup", dup),
    UVT_CALL("dup", dup3),
    UVT_CALL("exec", execve),
    UVT_CALL("fcntl", fcntl),
    UVT_CALL("folder", getdents64),
    UVT_CALL("getcwd", getcwd),
    UVT_CALL("getpeername", getpeername),
    UVT_CALL("getpriority", getpriority),
    UVT_CALL("getrandom", getrandom),
    UVT_CALL("getrusage", getrusage),
    UVT_CALL("getsockname", getsockname),
    UVT_CALL("getsockopt", getsockopt),
    UVT_CALL("ioctl", ioctl),
    UVT_CALL("kill", kill),
    UVT_CALL("link", linkat),
    UVT_CALL("listen", listen),
    UVT_CALL("lseek", lseek),
    UVT_CALL("mkdir", mkdirat),
    UVT_CALL("notify", inotify_add_watch),
    UVT_CALL("notify", inotify_rm_watch),
    UVT_CALL("notify", inotify_init1),
    UVT_CALL("open", openat),
    UVT_CALL("open", openat2),
    UVT_CALL("pidfd", pidfd_open),
    UVT_CALL("pipe", pipe2),
    UVT_CALL("poller", epoll_create1),
    UVT_CALL("poller_add", epoll_ctl),
    UVT_CALL("poller_wait", epoll_pwait),
    UVT_CALL("poller_wait", epoll_pwait2),
    UVT_CALL("poller_wait", ppoll),
    UVT_CALL("poller_wait", pselect6),
    UVT_CALL("prctl", prctl),
    UVT_CALL("read", pread64),
    UVT_CALL("read", preadv),
    UVT_CALL("read", preadv2),
    UVT_CALL("read", read),
    UVT_CALL("read", readv),
    UVT_CALL("readlink", readlinkat),
    UVT_CALL("receive", recvfrom),
    UVT_CALL("receive", recvmmsg),
    UVT_CALL("receive", recvmsg),
    UVT_CALL("rename", renameat),
    UVT_CALL("rename", renameat2),
    UVT_CALL("ring", io_uring_setup),
    UVT_CALL("send", sendmmsg),
    UVT_CALL("send", sendmsg),
    UVT_CALL("send", sendto),
    UVT_CALL("sendfile", sendfile),
    UVT_CALL("setgroups", setgroups),
    UVT_CALL("setgid", setgid),
    UVT_CALL("setpriority", setpriority),
    UVT_CALL("setsid", setsid),
    UVT_CALL("setsockopt", setsockopt),
    UVT_CALL("setuid", setuid),
    UVT_CALL("shutdown", shutdown),
    UVT_CALL("sched_getaffinity", sched_getaffinity),
    UVT_CALL("sched_setaffinity", sched_setaffinity),
    UVT_CALL("socket", socket),
    UVT_CALL("socketpair", socketpair),
    UVT_CALL("stat", fstat),
    UVT_CALL("stat", newfstatat),
    UVT_CALL("stat", statx),
    UVT_CALL("statfs", fstatfs),
    UVT_CALL("statfs", statfs),
    UVT_CALL("symlink", symlinkat),
    UVT_CALL("sync", fdatasync),
    UVT_CALL("sync", fsync),
    UVT_CALL("sysinfo", sysinfo),
    UVT_CALL("timer", timerfd_create),
    UVT_CALL("timer", timerfd_settime),
    UVT_CALL("times", utimensat),
    UVT_CALL("truncate", ftruncate),
    UVT_CALL("umask", umask),
    UVT_CALL("uname", uname),
    UVT_CALL("unlink", unlinkat),
    UVT_CALL("wait", wait4),
    UVT_CALL("wait", waitid),
    UVT_CALL("wakeup", eventfd2),
    UVT_CALL("write", pwrite64),
    UVT_CALL("write", pwritev),
    UVT_CALL("write", pwritev2),
    UVT_CALL("write", write),
    UVT_CALL("write", writev),
#ifdef SYS_faccessat2
    UVT_CALL("access", faccessat2),
#endif
#ifdef SYS_open /* an architecture that has kept the older forms */
    UVT_CALL("access", access),
    UVT_CALL("chmod", chmod),
    UVT_CALL("chown", chown),
    UVT_CALL("chown", lchown),
    UVT_CALL("clone", fork),
    UVT_CALL("clone", vfork),
    UVT_CALL("dup", dup2),
    UVT_CALL("link", link),
    UVT_CALL("mkdir", mkdir),
    UVT_CALL("notify", inotify_init),
    UVT_CALL("open", creat),
    UVT_CALL("open", open),
    UVT_CALL("pipe", pipe),
    UVT_CALL("poller", epoll_create),
    UVT_CALL("poller_wait", epoll_wait),
    UVT_CALL("poller_wait", poll),
    UVT_CALL("poller_wait", select),
    UVT_CALL("readlink", readlink),
    UVT_CALL("rename", rename),
    UVT_CALL("stat", lstat),
    UVT_CALL("stat", stat),
    UVT_CALL("symlink", symlink),
    UVT_CALL("unlink", rmdir),
    UVT_CALL("unlink", unlink),
    UVT_CALL("wakeup", eventfd),
#endif
#undef UVT_CALL
};

enum uvt_refusal_sizes {
  UVT_SYSTEM_CALLS = sizeof uvt_system_calls / sizeof uvt_system_calls[0],
  UVT_RULES = 32
};

enum uvt_fd_kind {
  UVT_FILE = 1,
  UVT_SOCKET = 2,
  UVT_PIPE = 4,
  UVT_ANONYMOUS = 8,
  UVT_ANYTHING = 16
};

/* Shared with the supervisor. */
static struct {
  atomic_int listener, ready; /* for the start */
  atomic_int rules, refused;
  atomic_int asked[UVT_SYSTEM_CALLS];
  struct {
    /* What the descriptor of a call must stand for: 0, it is not meant; UVT_ANYTHING; or some of the others. */
    char meant[UVT_SYSTEM_CALLS];
    int error;
    atomic_int skip, times; /* how many go through yet, and how many are refused then; -1: all */
  } rule[UVT_RULES];
} * uvt_refusals;

/* ---- the supervisor ---- */

/* It runs in a copy of a process with threads: it must not meet a lock that one of these held, so it calls
 * nothing, and a sanitizer has no say in it. */
#define UVT_ALONE __attribute__((no_sanitize("address", "thread", "undefined")))

static UVT_ALONE size_t uvt_put(char *to, size_t at, const char *text, unsigned number) {
  char digits[12];
  size_t count = 0;
  while (*text != '\0')
    to[at++] = *text++;
  do
    digits[count++] = (char) ('0' + number % 10);
  while ((number /= 10) != 0);
  while (count > 0)
    to[at++] = digits[--count];
  to[at] = '\0';
  return at;
}

/* The caller's descriptor is a link to "socket:[…]", "pipe:[…]", "anon_inode:…" or a path. */
static UVT_ALONE int uvt_kind_of_fd(unsigned thread, unsigned fd) {
  char path[48], link[8] = "";
  uvt_put(path, uvt_put(path, 0, "/proc/", thread), "/fd/", fd);
  syscall(SYS_readlinkat, AT_FDCWD, path, link, sizeof link);
  return link[0] == '/'   ? UVT_FILE
         : link[0] == 's' ? UVT_SOCKET
         : link[0] == 'p' ? UVT_PIPE
         : link[0] == 'a' ? UVT_ANONYMOUS
                          : 0;
}

static UVT_ALONE int uvt_rule_holds(int rule, const struct seccomp_notif *asked, int call) {
  int of = uvt_refusals->rule[rule].meant[call];
  if (of == 0 || atomic_load(&uvt_refusals->rule[rule].times) == 0)
    return 0;
  if ((of & UVT_ANYTHING) == 0 &&
      (of & uvt_kind_of_fd(asked->pid, (unsigned) asked->data.args[0])) == 0)
    return 0;
  if (atomic_load(&uvt_refusals->rule[rule].skip) == 0)
    return 1;
  atomic_fetch_sub(&uvt_refusals->rule[rule].skip, 1);
  return 0;
}

/* The error that a call is refused with; 0: it goes through. */
static UVT_ALONE int uvt_error_for(const struct seccomp_notif *asked) {
  int call = 0;
  while (uvt_system_calls[call].number != asked->data.nr)
    call++;
  atomic_fetch_add(&uvt_refusals->asked[call], 1);
  for (int i = 0; i < atomic_load(&uvt_refusals->rules); i++) {
    if (!uvt_rule_holds(i, asked, call))
      continue;
    if (atomic_load(&uvt_refusals->rule[i].times) > 0)
      atomic_fetch_sub(&uvt_refusals->rule[i].times, 1);
    atomic_fetch_add(&uvt_refusals->refused, 1);
    return uvt_refusals->rule[i].error;
  }
  /* What goes through a ring cannot be refused: let there be none. */
  return asked->data.nr == SYS_io_uring_setup ? ENOSYS : 0;
}

/* Waits for a call, and answers it. False when nobody is left who could make one. */
static UVT_ALONE int uvt_answer_one(int listener) {
  union {
    struct seccomp_notif notif;
    char room[256]; /* a newer kernel may have more to say */
  } asked = {{0}};
  struct seccomp_notif_resp answer = {0};
  struct pollfd descriptor = {.fd = listener, .events = POLLIN};
  if (syscall(SYS_ppoll, &descriptor, 1, NULL, NULL, 0) != 1 || (descriptor.revents & POLLIN) == 0)
    return 0;
  if (syscall(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_RECV, &asked.notif) != 0)
    return 1; /* a signal was faster: the caller asks once more */
  answer.id = asked.notif.id;
  answer.error = -uvt_error_for(&asked.notif);
  answer.flags = answer.error == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
  syscall(SYS_ioctl, listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  return 1;
}

static UVT_ALONE _Noreturn void uvt_supervise(void) {
  const uint64_t all = ~(uint64_t) 0;
  int listener;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
  syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  syscall(SYS_prctl, PR_SET_NAME, "uvt-refusals", 0, 0, 0);
  while ((listener = atomic_load(&uvt_refusals->listener)) == 0)
    sched_yield();
  /* Descriptors were shared up to here. Had it a copy of any, a peer would wait for the end of a stream. */
  if (listener > 0) {
    int closed = syscall(SYS_close_range, listener + 1, ~0u, CLOSE_RANGE_UNSHARE) == 0 &&
                 syscall(SYS_close_range, 0, listener - 1, 0) == 0;
    atomic_store(&uvt_refusals->ready, closed ? 1 : -1);
    while (uvt_answer_one(listener))
      continue;
  }
  for (;;)
    syscall(SYS_exit_group, 0);
}

/* ---- the test ---- */

/* Loads a filter that asks about the calls above into all threads; its listener, or -1. */
static int uvt_filter(void) {
  struct sock_filter program[UVT_SYSTEM_CALLS + 3];
  int at = 0;
  program[at++] =
      (struct sock_filter) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (int i = 0; i < UVT_SYSTEM_CALLS; i++) {
    unsigned char to_ask = (unsigned char) (UVT_SYSTEM_CALLS - i);
    program[at++] = (struct sock_filter) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                  (unsigned) uvt_system_calls[i].number, to_ask, 0);
  }
  program[at++] = (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  program[at++] = (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
  struct sock_fprog filter = {(unsigned short) at, program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return -1;
  return (int) syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                       SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC |
                           SECCOMP_FILTER_FLAG_TSYNC_ESRCH,
                       &filter);
}

static void uvt_refusals_begin(void) {
  void *memory =
      mmap(NULL, sizeof *uvt_refusals, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    uvt_give_up(UVT_UNRESOLVED, "no memory to share");
  uvt_refusals = memory;
  /* Nobody's SIGCHLD, nobody's waitpid(2), and no function of pthread_atfork(3). */
  long pid = syscall(SYS_clone, CLONE_FILES, NULL, NULL, NULL, NULL);
  if (pid == 0)
    uvt_supervise();
  int listener = pid > 0 ? uvt_filter() : -1;
  atomic_store(&uvt_refusals->listener, listener);
  while (listener >= 0 && atomic_load(&uvt_refusals->ready) == 0)
    sched_yield();
  if (listener < 0 || atomic_load(&uvt_refusals->ready) < 0)
    uvt_give_up(UVT_SKIPPED, "the system lets no program refuse system calls here");
  close(listener);
}

static int uvt_is_word(const char *name, const char *word, size_t length) {
  return strlen(name) == length && memcmp(name, word, length) == 0;
}

/* What a word says of descriptors behind its colon. */
static int uvt_fd_kind_in(const char *word, size_t length) {
  static const char *const kinds[] = {"file", "socket", "pipe", "anonymous"};
  const char *colon = memchr(word, ':', length);
  if (colon == NULL)
    return UVT_ANYTHING;
  for (int i = 0; i < 4; i++) {
    if (uvt_is_word(kinds[i], colon + 1, (size_t) (word + length - colon - 1)))
      return 1 << i;
  }
  uvt_give_up(UVT_UNRESOLVED, "no such kind of descriptors");
}

/* Marks each system call that one of the words means. */
static void uvt_mark(const char *calls, char *meant) {
  while (*calls != '\0') {
    size_t length = strcspn(calls, " "), name = strcspn(calls, " :");
    int found = 0;
    for (int i = 0; i < UVT_SYSTEM_CALLS; i++) {
      const struct uvt_system_call *call = &uvt_system_calls[i];
      if (!uvt_is_word(call->kind, calls, name) && !uvt_is_word(call->name, calls, name))
        continue;
      meant[i] = (char) (meant[i] | uvt_fd_kind_in(calls, length));
      found = 1;
    }
    if (!found)
      uvt_give_up(UVT_UNRESOLVED, "no system calls of that name");
    calls += length + strspn(calls + length, " ");
  }
}

void uvt_refuse(const char *calls, int error, int skip, int times) {
  if (uvt_refusals == NULL)
    uvt_refusals_begin();
  int rule = atomic_load(&uvt_refusals->rules);
  if (rule == UVT_RULES)
    uvt_give_up(UVT_UNRESOLVED, "too many refusals");
  uvt_mark(calls, uvt_refusals->rule[rule].meant);
  uvt_refusals->rule[rule].error = error < 0 ? -error : error;
  atomic_store(&uvt_refusals->rule[rule].skip, skip);
  atomic_store(&uvt_refusals->rule[rule].times, times);
  atomic_store(&uvt_refusals->rules, rule + 1);
}

void uvt_refuse_nothing(void) {
  for (int i = 0; uvt_refusals != NULL && i < atomic_load(&uvt_refusals->rules); i++)
    atomic_store(&uvt_refusals->rule[i].times, 0);
}

int uvt_calls_refused(void) {
  return uvt_refusals == NULL ? 0 : atomic_load(&uvt_refusals->refused);
}

void uvt_need_refused(int count) {
  if (uvt_calls_refused() == 0)
    uvt_forget_failures(); /* what was expected of calls that nobody made */
  if (uvt_calls_refused() < count)
    uvt_give_up(UVT_SKIPPED, "the library does not ask the system in that way");
}

int uvt_asked(const char *calls) {
  char meant[UVT_SYSTEM_CALLS] = "";
  int count = 0;
  if (uvt_refusals == NULL)
    uvt_refusals_begin();
  uvt_mark(calls, meant);
  for (int i = 0; i < UVT_SYSTEM_CALLS; i++)
    count += meant[i] != 0 ? atomic_load(&uvt_refusals->asked[i]) : 0;
  return count;
}
