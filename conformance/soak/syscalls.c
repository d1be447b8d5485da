/* Runs a program and counts the system calls of each of its phases (soak.h), over all its threads, by
 * tracing it: what a library calls is seen whether or not it goes through the C library.
 *
 * usage: uvspec-syscalls REPORT PROGRAM [ARGUMENT...]
 *
 * REPORT gets lines `PHASE SYSTEM-CALL COUNT`. Exits as the program does; 125 where the system lets
 * nobody trace. Processes that the program makes are not followed. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PHASE_MARK 0x75767370

enum { CANNOT_TRACE = 125, PHASES = 64, CALLS = 512 };

static unsigned long counts[PHASES][CALLS];
static unsigned phase;

#define NAME(call) [SYS_##call] = #call
static const char *const names[CALLS] = {
    NAME(accept4),
    NAME(bind),
    NAME(brk),
    NAME(clock_gettime),
    NAME(clone),
    NAME(clone3),
    NAME(close),
    NAME(connect),
    NAME(copy_file_range),
    NAME(dup),
    NAME(dup3),
    NAME(epoll_create1),
    NAME(epoll_ctl),
    NAME(epoll_pwait),
    NAME(epoll_pwait2),
    NAME(eventfd2),
    NAME(exit),
    NAME(exit_group),
    NAME(fcntl),
    NAME(fstat),
    NAME(futex),
    NAME(getdents64),
    NAME(getpeername),
    NAME(getpid),
    NAME(getrandom),
    NAME(getsockname),
    NAME(getsockopt),
    NAME(ioctl),
    NAME(io_uring_enter),
    NAME(io_uring_setup),
    NAME(kill),
    NAME(listen),
    NAME(lseek),
    NAME(madvise),
    NAME(mmap),
    NAME(mprotect),
    NAME(mremap),
    NAME(munmap),
    NAME(newfstatat),
    NAME(openat),
    NAME(pipe2),
    NAME(ppoll),
    NAME(prctl),
    NAME(pread64),
    NAME(preadv),
    NAME(prlimit64),
    NAME(pwrite64),
    NAME(pwritev),
    NAME(read),
    NAME(readv),
    NAME(recvfrom),
    NAME(recvmmsg),
    NAME(recvmsg),
    NAME(restart_syscall),
    NAME(rseq),
    NAME(rt_sigaction),
    NAME(rt_sigprocmask),
    NAME(sched_yield),
    NAME(sendmmsg),
    NAME(sendmsg),
    NAME(sendto),
    NAME(set_robust_list),
    NAME(setsockopt),
    NAME(shutdown),
    NAME(socket),
    NAME(socketpair),
    NAME(statx),
    NAME(tgkill),
    NAME(wait4),
    NAME(waitid),
    NAME(write),
    NAME(writev),
#ifdef SYS_epoll_wait
    NAME(epoll_wait),
    NAME(poll),
    NAME(open),
    NAME(stat),
#endif
};

static void note_call(pid_t thread) {
  struct __ptrace_syscall_info info;

  if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, (void *) sizeof(info), &info) <= 0 ||
      info.op != PTRACE_SYSCALL_INFO_ENTRY)
    return;
  if (info.entry.nr == SYS_prctl && info.entry.args[0] == PHASE_MARK)
    phase = (unsigned) info.entry.args[1] % PHASES;
  else if (info.entry.nr < CALLS)
    counts[phase][info.entry.nr]++;
}

/* Lets one thread go on after it stopped with `status`. */
static void go_on(pid_t thread, int status) {
  int signal_number = WSTOPSIG(status);

  if (signal_number == (SIGTRAP | 0x80)) {
    note_call(thread);
    signal_number = 0;
  } else if (status >> 16 != 0 || signal_number == SIGSTOP) {
    signal_number = 0; /* an event of ours, or a new thread's first stop */
  }
  ptrace(PTRACE_SYSCALL, thread, NULL, (void *) (intptr_t) signal_number);
}

static int report(const char *path) {
  FILE *file = fopen(path, "w");

  if (file == NULL)
    return -1;
  for (unsigned p = 1; p < PHASES; p++)
    for (unsigned call = 0; call < CALLS; call++)
      if (counts[p][call] != 0 && names[call] != NULL)
        fprintf(file, "%u %s %lu\n", p, names[call], counts[p][call]);
      else if (counts[p][call] != 0)
        fprintf(file, "%u syscall_%u %lu\n", p, call, counts[p][call]);
  return fclose(file);
}

static int cannot(const char *what) {
  fprintf(stderr, "uvspec-syscalls: %s: %s\n", what, strerror(errno));
  return CANNOT_TRACE;
}

static int follow(pid_t program) {
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  int status;

  if (waitpid(program, &status, 0) != program || !WIFSTOPPED(status))
    return cannot("the program did not start");
  if (ptrace(PTRACE_SETOPTIONS, program, NULL, (void *) options) != 0)
    return cannot("tracing is not allowed here");
  ptrace(PTRACE_SYSCALL, program, NULL, NULL);
  for (;;) {
    pid_t thread = waitpid(-1, &status, __WALL);

    if (thread < 0 && errno == EINTR)
      continue;
    if (thread < 0)
      return cannot("waitpid");
    if (WIFSTOPPED(status))
      go_on(thread, status);
    else if (thread == program)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
}

int main(int count, char **arguments) {
  pid_t program;
  int code;

  if (count < 3) {
    fprintf(stderr, "usage: uvspec-syscalls REPORT PROGRAM [ARGUMENT...]\n");
    return 2;
  }
  program = fork();
  if (program < 0)
    return cannot("fork");
  if (program == 0) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
      _exit(cannot("tracing is not allowed here"));
    execv(arguments[2], arguments + 2);
    _exit(cannot(arguments[2]));
  }
  code = follow(program);
  return report(arguments[1]) == 0 ? code : cannot(arguments[1]);
}
