/* Processors: /proc/stat for what they did, /proc/cpuinfo for what they are. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "uv.h"

#include "posix/text.h"
#include "util/alloc.h"

enum { MODEL_SIZE = 128, LINE_SIZE = 4096 };

struct cpu {
  unsigned number;
  uv_cpu_info_t info;
  char model[MODEL_SIZE];
};

struct cpus {
  struct cpu *list;
  size_t count;
  size_t room;
};

static int add(struct cpus *cpus, const struct cpu *cpu) {
  if (cpus->count == cpus->room) {
    const size_t room = cpus->room > 0 ? 2 * cpus->room : 16;
    struct cpu *list = uvi_realloc(cpus->list, room * sizeof *list);

    if (list == NULL)
      return UV_ENOMEM;
    cpus->list = list;
    cpus->room = room;
  }
  cpus->list[cpus->count++] = *cpu;
  return 0;
}

/* "cpu3 user nice system idle iowait irq …", in ticks. */
static bool read_times(const char *line, uint64_t tick_ms, struct cpu *cpu) {
  unsigned long long user, nice, sys, idle, wait, irq;

  memset(cpu, 0, sizeof *cpu);
  if (sscanf(line, "cpu%u %llu %llu %llu %llu %llu %llu", &cpu->number, &user, &nice, &sys, &idle,
             &wait, &irq) != 7)
    return false;
  cpu->info.cpu_times.user = user * tick_ms;
  cpu->info.cpu_times.nice = nice * tick_ms;
  cpu->info.cpu_times.sys = sys * tick_ms;
  cpu->info.cpu_times.idle = idle * tick_ms;
  cpu->info.cpu_times.irq = irq * tick_ms;
  return true;
}

static int read_stat(struct cpus *cpus) {
  const long ticks = sysconf(_SC_CLK_TCK);
  const uint64_t tick_ms = ticks > 0 && ticks <= 1000 ? 1000 / (uint64_t) ticks : 1;
  FILE *file = fopen("/proc/stat", "re");
  char line[LINE_SIZE];
  struct cpu cpu;
  int err = 0;

  if (file == NULL)
    return UV_EIO;
  while (err == 0 && fgets(line, sizeof line, file) != NULL && strncmp(line, "cpu", 3) == 0) {
    if (isdigit((unsigned char) line[3]) && read_times(line, tick_ms, &cpu))
      err = add(cpus, &cpu);
  }
  (void) fclose(file);
  return err;
}

static struct cpu *numbered(struct cpus *cpus, unsigned number) {
  for (size_t i = 0; i < cpus->count; i++) {
    if (cpus->list[i].number == number)
      return &cpus->list[i];
  }
  return NULL;
}

/* "name : value" lines; each processor's begin with its number. */
static void read_cpuinfo(struct cpus *cpus) {
  FILE *file = fopen("/proc/cpuinfo", "re");
  char line[LINE_SIZE];
  struct cpu *cpu = NULL;

  if (file == NULL)
    return;
  while (fgets(line, sizeof line, file) != NULL) {
    const char *mark = strchr(line, ':');

    if (mark == NULL)
      continue;
    line[strcspn(line, "\n")] = '\0';
    mark += strspn(mark, ": \t");
    if (strncmp(line, "processor\t", 10) == 0)
      cpu = numbered(cpus, (unsigned) strtoul(mark, NULL, 10));
    else if (cpu != NULL && strncmp(line, "model name\t", 11) == 0)
      snprintf(cpu->model, sizeof cpu->model, "%.*s", MODEL_SIZE - 1, mark);
    else if (cpu != NULL && strncmp(line, "cpu MHz\t", 8) == 0)
      cpu->info.speed = atoi(mark);
  }
  (void) fclose(file);
}

/* The present speed where the kernel scales it, in kHz. */
static void read_speed(struct cpu *cpu) {
  char path[96], text[32];

  snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/cpufreq/scaling_cur_freq",
           cpu->number);
  if (uvi_text_read(path, text, sizeof text) > 0)
    cpu->info.speed = (int) (strtoul(text, NULL, 10) / 1000);
}

/* One block: the array, then the models' names. */
static int give(const struct cpus *cpus, uv_cpu_info_t **infos, int *count) {
  uv_cpu_info_t *to = uvi_malloc(cpus->count * (sizeof *to + MODEL_SIZE));
  char *models;

  if (to == NULL)
    return UV_ENOMEM;
  models = (char *) (to + cpus->count);
  for (size_t i = 0; i < cpus->count; i++) {
    const struct cpu *cpu = &cpus->list[i];

    to[i] = cpu->info;
    to[i].model = models + i * MODEL_SIZE;
    memcpy(to[i].model, cpu->model[0] != '\0' ? cpu->model : "unknown",
           cpu->model[0] != '\0' ? MODEL_SIZE : 8);
  }
  *infos = to;
  *count = (int) cpus->count;
  return 0;
}

int uv_cpu_info(uv_cpu_info_t **cpu_infos, int *count) {
  struct cpus cpus = {.list = NULL};
  int err;

  *cpu_infos = NULL;
  *count = 0;
  err = read_stat(&cpus);
  if (err == 0 && cpus.count == 0)
    err = UV_EIO;
  if (err == 0) {
    read_cpuinfo(&cpus);
    for (size_t i = 0; i < cpus.count; i++)
      read_speed(&cpus.list[i]);
    err = give(&cpus, cpu_infos, count);
  }
  uvi_free(cpus.list);
  return err;
}

void uv_free_cpu_info(uv_cpu_info_t *cpu_infos, int count) {
  (void) count;
  uvi_free(cpu_infos);
}
