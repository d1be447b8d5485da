#include "linux/cgroup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "posix/text.h"

enum { PATH_SIZE = 1024, FILE_SIZE = 4096 };

/* The group of the process in the lines of /proc/self/cgroup, "number:controllers:/path"; v2 has the
 * number 0 and no controllers. False: there is none. */
static bool find_group(const char *lines, const char *controller, char *path, size_t size) {
  const size_t length = strlen(controller);

  for (const char *line = lines; line != NULL && *line != '\0';) {
    const char *end = strchr(line, '\n');
    const char *list = strchr(line, ':');
    const char *mark = list != NULL ? strchr(list + 1, ':') : NULL;
    const size_t path_size = mark == NULL  ? 0
                             : end != NULL ? (size_t) (end - mark - 1)
                                           : strlen(mark + 1);

    if (mark == NULL)
      return false;
    for (const char *word = list + 1; word <= mark && path_size < size;) {
      const size_t word_length = strcspn(word, ",:");

      if (word_length == length && memcmp(word, controller, length) == 0) {
        memcpy(path, mark + 1, path_size);
        path[path_size] = '\0';
        return true;
      }
      word += word_length + 1;
    }
    line = end != NULL ? end + 1 : NULL;
  }
  return false;
}

static bool read_group_file(const char *root, const char *group, const char *name, char *text,
                            size_t size) {
  char path[2 * PATH_SIZE];

  snprintf(path, sizeof path, "%s%s/%s", root, group, name);
  if (uvi_text_read(path, text, size) > 0)
    return true;
  /* In a container the path may be that of the host while its own group is mounted at the root. */
  snprintf(path, sizeof path, "%s/%s", root, name);
  return uvi_text_read(path, text, size) > 0;
}

static uint64_t read_bytes(const char *root, const char *group, const char *name,
                           uint64_t otherwise) {
  char text[64];

  if (!read_group_file(root, group, name, text, sizeof text))
    return otherwise;
  if (strncmp(text, "max", 3) == 0)
    return UINT64_MAX;
  return strtoull(text, NULL, 10);
}

static uint64_t least(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/* The soft limit counts too: beyond it the kernel takes memory away. `largest` and above: no limit,
 * as v1 writes it. 0: there is no file. */
static uint64_t limit_of(const char *root, const char *group, const char *hard, const char *soft) {
  const uint64_t largest = (uint64_t) INT64_MAX / 65536 * 65536;
  const uint64_t first = read_bytes(root, group, hard, 0);
  const uint64_t second = read_bytes(root, group, soft, 0);

  if (first == 0 || second == 0)
    return 0;
  return least(first, second) >= largest ? UINT64_MAX : least(first, second);
}

void uvi_cgroup_memory(struct uvi_cgroup_memory *memory) {
  char lines[FILE_SIZE], group[PATH_SIZE];

  memory->limit = memory->used = 0;
  if (uvi_text_read("/proc/self/cgroup", lines, sizeof lines) <= 0)
    return;
  if (find_group(lines, "memory", group, sizeof group)) {
    const char *root = "/sys/fs/cgroup/memory";

    memory->limit = limit_of(root, group, "memory.limit_in_bytes", "memory.soft_limit_in_bytes");
    memory->used = read_bytes(root, group, "memory.usage_in_bytes", 0);
  } else if (find_group(lines, "", group, sizeof group)) {
    const char *root = "/sys/fs/cgroup";

    memory->limit = limit_of(root, group, "memory.max", "memory.high");
    memory->used = read_bytes(root, group, "memory.current", 0);
  }
}

/* Time per period, rounded to whole processors, at least one. */
static unsigned processors(long long quota_us, long long period_us) {
  long long count;

  if (quota_us <= 0 || period_us <= 0)
    return 0;
  count = quota_us / period_us;
  return count < 1 ? 1 : count > 65535 ? 65535 : (unsigned) count;
}

unsigned uvi_cgroup_processors(void) {
  char lines[FILE_SIZE], group[PATH_SIZE], text[64];
  const char *root = "/sys/fs/cgroup/cpu";
  char *end;
  long long quota_us;

  if (uvi_text_read("/proc/self/cgroup", lines, sizeof lines) <= 0)
    return 0;
  if (find_group(lines, "cpu", group, sizeof group)) {
    if (!read_group_file(root, group, "cpu.cfs_quota_us", text, sizeof text))
      return 0;
    quota_us = strtoll(text, NULL, 10);
    if (!read_group_file(root, group, "cpu.cfs_period_us", text, sizeof text))
      return 0;
    return processors(quota_us, strtoll(text, NULL, 10));
  }
  if (!find_group(lines, "", group, sizeof group) ||
      !read_group_file("/sys/fs/cgroup", group, "cpu.max", text, sizeof text))
    return 0;
  quota_us = strtoll(text, &end, 10); /* "max" is no number */
  return end == text ? 0 : processors(quota_us, strtoll(end, NULL, 10));
}
