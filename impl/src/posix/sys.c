#include "util/sys.h"

#include <errno.h>

#ifdef UVI_TEST_SYS
struct uvi_sys uvi_sys = {
#define XX(result, name, parameters) .name = name,
    UVI_SYS_CALLS(XX)
#ifdef __linux__
        UVI_SYS_CALLS_LINUX(XX)
#endif
#undef XX
};
#endif

void uvi_sys_close(int fd) {
  int saved = errno;

  (void) UVI_SYS(close)(fd);
  errno = saved;
}
