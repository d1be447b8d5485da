/* Error codes of the system. */
#include "uv.h"

int uv_translate_sys_error(int sys_errno) {
  /* Ours are errno negated; what is negative or 0 has been translated already. */
  return sys_errno <= 0 ? sys_errno : -sys_errno;
}
