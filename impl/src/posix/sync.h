/* What the locks and their kin share: calls that fail through misuse alone. */
#ifndef UVI_POSIX_SYNC_H_
#define UVI_POSIX_SYNC_H_

/* Says which call failed with which error number, and aborts: the functions behind which these stand
 * have no way to return an error, and going on without the lock would spoil the program's data. */
_Noreturn void uvi_sync_failed(const char *call, int sys_errno);

/* For calls that return their error number, as those of pthread do. */
static inline void uvi_sync_must(const char *call, int sys_errno) {
  if (sys_errno != 0)
    uvi_sync_failed(call, sys_errno);
}

#endif
