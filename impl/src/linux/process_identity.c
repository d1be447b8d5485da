/* Becoming another user. The C library's functions would change all threads of the process, by way of
 * signals: in a child whose memory is the parent's it would take the parent's threads for its own. The
 * system's change the caller alone. */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "posix/process.h"

#ifdef SYS_setgroups32
#define CALL(name) SYS_##name##32
#else
#define CALL(name) SYS_##name
#endif

int uvi_child_identity(const uv_process_options_t *options) {
  if (!(options->flags & (UV_PROCESS_SETUID | UV_PROCESS_SETGID)))
    return 0;
  /* The groups that the parent is in besides: refused if it is not root, and then there is nothing to
   * lose (UV-PROCESS-0066). */
  (void) syscall(CALL(setgroups), (size_t) 0, NULL);
  if ((options->flags & UV_PROCESS_SETGID) && syscall(CALL(setgid), options->gid) != 0)
    return -errno;
  if ((options->flags & UV_PROCESS_SETUID) && syscall(CALL(setuid), options->uid) != 0)
    return -errno;
  return 0;
}
