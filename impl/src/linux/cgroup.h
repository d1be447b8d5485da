/* What the control group of the process allows, under cgroup v1 and v2. */
#ifndef UVI_LINUX_CGROUP_H_
#define UVI_LINUX_CGROUP_H_

#include <stdbool.h>
#include <stdint.h>

struct uvi_cgroup_memory {
  uint64_t limit; /* bytes; UINT64_MAX for none, 0 where nothing can be told */
  uint64_t used;  /* bytes; 0 where nothing can be told */
};

void uvi_cgroup_memory(struct uvi_cgroup_memory *memory);

/* How many processors' worth of time it may use, 0 for no limit. */
unsigned uvi_cgroup_processors(void);

#endif
