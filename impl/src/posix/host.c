/* What the system calls itself, and the machine's network interfaces by number. */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "uv.h"

#include "posix/text.h"

int uv_os_gethostname(char *buffer, size_t *size) {
  char name[UV_MAXHOSTNAMESIZE];

  if (!uvi_text_has_room(buffer, size))
    return UV_EINVAL;
  if (gethostname(name, sizeof name) != 0)
    return -errno;
  name[sizeof name - 1] = '\0'; /* a name that is cut off may lack it */
  return uvi_text_give(name, strlen(name), buffer, size);
}

static void copy_field(char *to, size_t size, const char *from) {
  const size_t length = strnlen(from, size - 1);

  memcpy(to, from, length);
  to[length] = '\0';
}

int uv_os_uname(uv_utsname_t *buffer) {
  struct utsname name;

  if (buffer == NULL)
    return UV_EINVAL;
  if (uname(&name) == -1)
    return -errno;
  copy_field(buffer->sysname, sizeof buffer->sysname, name.sysname);
  copy_field(buffer->release, sizeof buffer->release, name.release);
  copy_field(buffer->version, sizeof buffer->version, name.version);
  copy_field(buffer->machine, sizeof buffer->machine, name.machine);
  return 0;
}

int uv_if_indextoname(unsigned int ifindex, char *buffer, size_t *size) {
  char name[IF_NAMESIZE];

  if (!uvi_text_has_room(buffer, size))
    return UV_EINVAL;
  if (if_indextoname(ifindex, name) == NULL)
    return -errno;
  return uvi_text_give(name, strlen(name), buffer, size);
}

int uv_if_indextoiid(unsigned int ifindex, char *buffer, size_t *size) {
  return uv_if_indextoname(ifindex, buffer, size);
}

void uv_loadavg(double *avg) {
  if (getloadavg(avg, 3) != 3)
    avg[0] = avg[1] = avg[2] = 0;
}
