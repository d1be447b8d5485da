/* Memory of the machine and of the process. */
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "uv.h"

#include "linux/cgroup.h"
#include "posix/text.h"

/* A line of /proc/meminfo, in bytes; 0: there is none. */
static uint64_t meminfo(const char *name) {
  char text[4096];
  const char *line = text;
  const size_t length = strlen(name);

  if (uvi_text_read("/proc/meminfo", text, sizeof text) <= 0)
    return 0;
  while (line != NULL) {
    if (strncmp(line, name, length) == 0 && line[length] == ':')
      return (uint64_t) strtoull(line + length + 1, NULL, 10) * 1024;
    line = strchr(line, '\n');
    if (line != NULL)
      line++;
  }
  return 0;
}

uint64_t uv_get_free_memory(void) {
  const uint64_t available = meminfo("MemAvailable");
  struct sysinfo info;

  if (available != 0)
    return available;
  return sysinfo(&info) == 0 ? (uint64_t) info.freeram * info.mem_unit : 0;
}

uint64_t uv_get_total_memory(void) {
  const uint64_t total = meminfo("MemTotal");
  struct sysinfo info;

  if (total != 0)
    return total;
  return sysinfo(&info) == 0 ? (uint64_t) info.totalram * info.mem_unit : 0;
}

uint64_t uv_get_constrained_memory(void) {
  struct uvi_cgroup_memory memory;

  uvi_cgroup_memory(&memory);
  return memory.limit;
}

uint64_t uv_get_available_memory(void) {
  struct uvi_cgroup_memory memory;

  uvi_cgroup_memory(&memory);
  if (memory.limit == 0 || memory.limit > uv_get_total_memory())
    return uv_get_free_memory();
  return memory.used < memory.limit ? memory.limit - memory.used : 0;
}

int uv_resident_set_memory(size_t *rss) {
  char text[256];
  char *pages;
  const int got = uvi_text_read("/proc/self/statm", text, sizeof text);

  if (got < 0)
    return got;
  pages = strchr(text, ' '); /* the second number */
  if (pages == NULL)
    return UV_EINVAL;
  *rss = (size_t) strtoull(pages, NULL, 10) * (size_t) sysconf(_SC_PAGESIZE);
  return 0;
}
