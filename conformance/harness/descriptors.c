/* What a descriptor has to say, and how many there may be.
 *
 * Reproducers are given this file too: whatever it defines is called uvt_…, and it calls nothing of the
 * harness but what conformance/repro/base.c has as well. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>

int uvt_fd_readable(int fd) {
  struct pollfd descriptor = {.fd = fd, .events = POLLIN};
  return poll(&descriptor, 1, 0) == 1 && (descriptor.revents & POLLIN) != 0;
}

/* New descriptors get the lowest free number, so the limit goes right behind the count-th of these. */
void uvt_fds_left(int count) {
  static struct rlimit before;
  struct rlimit limit;
  int fd = 0;
  if (count < 0) {
    if (before.rlim_max != 0)
      setrlimit(RLIMIT_NOFILE, &before);
    return;
  }
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no limit to lower");
  if (before.rlim_max == 0)
    before = limit;
  for (;; fd++) {
    if (fcntl(fd, F_GETFD) == -1 && count-- == 0)
      break;
  }
  limit.rlim_cur = (rlim_t) fd;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the limit stays");
}

void uvt_fds_room(int count) {
  struct rlimit limit;
  rlim_t wanted = (rlim_t) count + 100; /* the harness has some open */
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no limit to raise");
  if (limit.rlim_cur >= wanted)
    return;
  if (limit.rlim_max < wanted)
    uvt_give_up(UVT_SKIPPED, "the system allows too few descriptors");
  limit.rlim_cur = wanted;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the limit stays");
}

/* A file in memory, which is on no file system that has names. */
int uvt_fd_memory(void) {
  int fd = memfd_create("uvt", MFD_CLOEXEC);
  if (fd == -1)
    uvt_give_up(UVT_SKIPPED, "the system has no files in memory");
  return fd;
}
