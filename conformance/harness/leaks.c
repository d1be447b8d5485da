/* Looks at the process before and after a test. A thread that was joined may stay visible for a moment:
 * it is waited for, without guessing how long that takes. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "leaks.h"
#include "allocator.h"
#include "sanitizers.h"
#include "scenario.h"
#include "store.h"

#include "uvt_api.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FDS_MAX = 512, THREADS_MAX_ = 256, LINK_MAX_ = 96 };

struct descriptor {
  int fd;
  char link[LINK_MAX_];
};

struct descriptors {
  int count; /* -1: cannot tell */
  struct descriptor list[FDS_MAX];
};

static struct descriptors fds_before;
static int threads_before[THREADS_MAX_];
static int thread_count_before;

/* ---- descriptors ---- */

static void list_descriptors(struct descriptors *found) {
  found->count = -1;
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL)
    return; /* all descriptors in use, or no /proc: nothing to compare */
  found->count = 0;
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL && found->count < FDS_MAX) {
    if (entry->d_name[0] == '.')
      continue;
    struct descriptor *descriptor = &found->list[found->count];
    descriptor->fd = atoi(entry->d_name);
    if (descriptor->fd == dirfd(folder))
      continue;
    ssize_t length = readlinkat(dirfd(folder), entry->d_name, descriptor->link, LINK_MAX_ - 1);
    descriptor->link[length < 0 ? 0 : length] = '\0';
    found->count++;
  }
  closedir(folder);
}

static const struct descriptor *find_descriptor(const struct descriptors *in, int fd) {
  for (int i = 0; i < in->count; i++) {
    if (in->list[i].fd == fd)
      return &in->list[i];
  }
  return NULL;
}

static void add_separated(char *to, size_t size, const char *text) {
  if (*to != '\0')
    uvt_add_text(to, size, ", ");
  uvt_add_text(to, size, text);
}

/* "7 -> anon_inode:[eventpoll]"; without the numbers of pipes and sockets, which say nothing. */
static void add_descriptor(char *to, size_t size, const struct descriptor *descriptor) {
  char link[LINK_MAX_];
  memcpy(link, descriptor->link, sizeof link);
  char *number = strstr(link, ":[");
  if (number != NULL && strspn(number + 2, "0123456789") > 0)
    *number = '\0';
  uvt_add_number(to, size, descriptor->fd);
  uvt_add_text(to, size, " -> ");
  uvt_add_text(to, size, link);
}

static void check_descriptors(void) {
  static struct descriptors after;
  char text[UVT_TEXT] = "";
  list_descriptors(&after);
  if (fds_before.count < 0 || after.count < 0)
    return;
  for (int i = 0; i < after.count; i++) {
    const struct descriptor *now = &after.list[i];
    const struct descriptor *was = find_descriptor(&fds_before, now->fd);
    if (was != NULL && strcmp(was->link, now->link) == 0)
      continue;
    add_separated(text, sizeof text, was == NULL ? "left open: " : "replaced: ");
    add_descriptor(text, sizeof text, now);
  }
  for (int i = 0; i < fds_before.count; i++) {
    const struct descriptor *was = &fds_before.list[i];
    if (find_descriptor(&after, was->fd) != NULL)
      continue;
    add_separated(text, sizeof text, "closed: ");
    add_descriptor(text, sizeof text, was);
  }
  if (*text != '\0')
    uvt_fail("open descriptors after the test", "as before it", text);
}

/* ---- threads ---- */

static int list_threads(int *ids) {
  int count = 0;
  DIR *folder = opendir("/proc/self/task");
  if (folder == NULL)
    return 0;
  struct dirent *entry;
  while ((entry = readdir(folder)) != NULL && count < THREADS_MAX_) {
    if (entry->d_name[0] != '.')
      ids[count++] = atoi(entry->d_name);
  }
  closedir(folder);
  return count;
}

/* The next thread in `ids` from `*at` on that was not there before; 0 for none. */
static int next_new_thread(const int *ids, int count, int *at) {
  for (; *at < count; ++*at) {
    int is_old = 0;
    for (int i = 0; i < thread_count_before; i++)
      is_old |= threads_before[i] == ids[*at];
    if (!is_old)
      return ids[(*at)++];
  }
  return 0;
}

static int read_task_file(int id, const char *file, char *to, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/%s", id, file);
  FILE *stream = fopen(path, "r");
  if (stream == NULL)
    return 0;
  size_t length = fread(to, 1, size - 1, stream);
  fclose(stream);
  to[length] = '\0';
  return length != 0;
}

/* A thread that has been joined is past the point of no return; the kernel's flag PF_EXITING says so. */
static int is_ending(int id) {
  char stat[512];
  unsigned flags = 0;
  if (!read_task_file(id, "stat", stat, sizeof stat))
    return 1; /* gone meanwhile */
  const char *after_name = strrchr(stat, ')');
  if (after_name == NULL)
    return 0;
  int fields = sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %u", &flags);
  return fields == 1 && (flags & 4) != 0;
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Names the threads that should not be here; returns how many are only just ending. */
static int describe_threads(char *to, size_t size) {
  int ids[THREADS_MAX_], ending = 0, at = 0, id;
  int count = list_threads(ids);
  while ((id = next_new_thread(ids, count, &at)) != 0) {
    char name[64] = "?";
    if (is_ending(id)) {
      ending++;
      continue;
    }
    if (read_task_file(id, "comm", name, sizeof name))
      name[strcspn(name, "\n")] = '\0';
    add_separated(to, size, "still running: thread ");
    uvt_add_text(to, size, name);
  }
  return ending;
}

static void check_threads(long patience_ms) {
  char text[UVT_TEXT];
  long start_ms = now_ms();
  const struct timespec pause = {0, 1000000};
  /* Threads that end get all the time; others a little, for the sake of libraries that let go of a
   * thread once it has done its last work, instead of joining it. */
  long grace_ms = patience_ms < 1000 ? patience_ms / 2 : 500;
  for (;;) {
    text[0] = '\0';
    int ending = describe_threads(text, sizeof text);
    long waited_ms = now_ms() - start_ms;
    if (*text == '\0' && ending == 0)
      return;
    if (*text != '\0' && waited_ms > grace_ms)
      break;
    if (waited_ms > patience_ms)
      return; /* the kernel is slow to bury them: no fault of the test */
    nanosleep(&pause, NULL);
  }
  uvt_fail("threads after the test", "as before it", text);
}

/* ---- children, memory ---- */

static void check_children(void) {
  pid_t pid = waitpid(-1, NULL, WNOHANG);
  if (pid == -1)
    return; /* ECHILD: none */
  uvt_fail("child processes after the test", "none",
           pid == 0 ? "a child still runs" : "a child ended and nobody waited for it");
}

static void check_memory(void) {
  char text[UVT_TEXT] = "";
  if (uvt_alloc_live() == 0)
    return;
  uvt_alloc_describe(text, sizeof text);
  uvt_fail("memory after the test", "everything is freed", text);
}

/* ---- both together ---- */

#ifdef UVT_TSAN
static void *do_nothing(void *argument) {
  return argument;
}

/* ThreadSanitizer starts a thread of its own with the first one of the program. */
static void start_helper_threads(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, do_nothing, NULL) == 0)
    pthread_join(thread, NULL);
}
#else
static void start_helper_threads(void) {}
#endif

void uvt_leaks_before(void) {
  start_helper_threads();
  list_descriptors(&fds_before);
  thread_count_before = list_threads(threads_before);
}

static int shut_down(void) {
  if (!UVT_HAVE(uv_library_shutdown))
    return 0;
  uvt_remember("uv_library_shutdown()");
  uv_library_shutdown();
  return 1;
}

void uvt_leaks_after(unsigned flags, long patience_ms) {
  uvt_set_phase(UVT_LEAK_CHECKS);
  /* Without a way to shut it down, what the library keeps for good looks like a leak. */
  int is_down = shut_down();
  if (!(flags & UVT_NO_ALLOCATOR))
    uvt_alloc_check();
  if (flags & UVT_LEAKS_OK)
    return;
  check_children();
  if (!is_down)
    return;
  check_descriptors();
  check_threads(patience_ms);
  if (!(flags & UVT_NO_ALLOCATOR))
    check_memory();
}
