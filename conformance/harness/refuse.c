/* System calls that fail from now on, as they do in a sandbox or on an older kernel.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static unsigned uvt_call_number(const char *name) {
  static const struct {
    const char *name;
    unsigned number;
  } calls[] = {
      {"close", SYS_close},         {"copy_file_range", SYS_copy_file_range},
      {"getrandom", SYS_getrandom}, {"io_uring_setup", SYS_io_uring_setup},
      {"statx", SYS_statx},
  };
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
    if (strcmp(name, calls[i].name) == 0)
      return calls[i].number;
  uvt_give_up(UVT_UNRESOLVED, "a system call that is not in the list");
  return 0;
}

/* For this thread and those that it starts from now on; `fd` < 0: whatever the first argument is. */
void uvt_refuse(const char *name, int error, int fd) {
  unsigned short compare = BPF_JMP | BPF_K | (fd < 0 ? BPF_JGE : BPF_JEQ);
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, uvt_call_number(name), 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
      BPF_JUMP(compare, fd < 0 ? 0 : (unsigned) fd, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned) error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    uvt_give_up(UVT_SKIPPED, "the system refuses to refuse");
}

/* A file in memory, which is on no file system that has names. */
int uvt_fd_memory(void) {
  int fd = memfd_create("uvt", MFD_CLOEXEC);
  if (fd == -1)
    uvt_give_up(UVT_SKIPPED, "the system has no files in memory");
  return fd;
}
