/* Watches of paths. A loop has one inotify instance, from its first watch on; the kernel numbers watches,
 * and gives the same number for everything that leads to the same file. */
#include <errno.h>
#include <string.h>
#include <sys/inotify.h>

#include "backend/backend.h"
#include "core/fs_event.h"
#include "posix/io.h"
#include "util/alloc.h"
#include "util/check.h"
#include "util/sys.h"

enum {
  FIRST_SLOTS = 16,
  BUFFER_SIZE = 8192,
  LARGEST_EVENT = sizeof(struct inotify_event) + 256, /* NAME_MAX and a NUL */
  ROUNDS = 64, /* of reading in one turn: a callback may make events without end */
};

static const uint32_t content = IN_ATTRIB | IN_MODIFY;
static const uint32_t names =
    IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_MOVED_FROM | IN_MOVED_TO;

struct watch {
  struct uvi_watch base;
  struct watch *next; /* in its slot */
  int wd;
};

/* `slots` is a hash table by number; its size is a power of two. */
struct uvi_inotify {
  struct uvi_io io;
  struct watch **slots;
  unsigned slot_count;
  unsigned count;
};

/* ---- the table ---- */

static struct watch **slot_of(const struct uvi_inotify *inotify, int wd) {
  return &inotify->slots[(unsigned) wd & (inotify->slot_count - 1)];
}

static struct watch *find(const struct uvi_inotify *inotify, int wd) {
  struct watch *watch = wd >= 0 ? *slot_of(inotify, wd) : NULL; /* a full queue tells of -1 */

  while (watch != NULL && watch->wd != wd)
    watch = watch->next;
  return watch;
}

static void put(struct uvi_inotify *inotify, struct watch *watch) {
  struct watch **slot = slot_of(inotify, watch->wd);

  watch->next = *slot;
  *slot = watch;
  inotify->count++;
}

/* The kernel is done with it: its number means nothing any more. */
static void take_out(struct uvi_inotify *inotify, struct watch *watch) {
  struct watch **at = slot_of(inotify, watch->wd);

  UVI_ASSERT(!watch->base.gone);
  while (*at != watch)
    at = &(*at)->next;
  *at = watch->next;
  inotify->count--;
  watch->base.gone = true;
}

/* Keeps chains short; a table that cannot grow still works. */
static void grow(struct uvi_inotify *inotify) {
  unsigned old_count = inotify->slot_count;
  struct watch **old = inotify->slots;
  struct watch **slots;

  if (inotify->count < old_count || old_count > UINT32_MAX / 4)
    return;
  slots = uvi_calloc((size_t) old_count * 2, sizeof(struct watch *));
  if (slots == NULL)
    return;
  inotify->slots = slots;
  inotify->slot_count = old_count * 2;
  inotify->count = 0;
  for (unsigned i = 0; i < old_count; i++) {
    while (old[i] != NULL) {
      struct watch *watch = old[i];

      old[i] = watch->next;
      put(inotify, watch);
    }
  }
  uvi_free(old);
}

/* ---- events ---- */

static unsigned tell(struct uvi_loop *loop, const struct inotify_event *event) {
  struct uvi_inotify *inotify = loop->platform.inotify;
  struct watch *watch = find(inotify, event->wd);
  int events = event->mask & content ? UV_CHANGE : 0;
  unsigned told;

  if (watch == NULL) /* nobody waits for it since it happened */
    return 0;
  /* Whatever else comes with it, such as "a folder", makes it a rename as well: D-0101. */
  if (event->mask & ~content)
    events |= UV_RENAME;
  if (event->mask & IN_IGNORED)
    take_out(inotify, watch);
  told = uvi_watch_tell(&watch->base, event->len > 0 ? event->name : NULL, events);
  if (uvi_list_empty(&watch->base.handles))
    uvi_platform_unwatch(loop, &watch->base);
  return told;
}

static unsigned tell_all(struct uvi_loop *loop, const char *buffer, size_t size) {
  unsigned told = 0;

  for (size_t at = 0; at < size;) {
    const struct inotify_event *event = (const void *) (buffer + at);

    told += tell(loop, event);
    at += sizeof *event + event->len;
  }
  return told;
}

static unsigned on_readable(struct uvi_loop *loop, struct uvi_io *io, uint32_t mask) {
  _Alignas(struct inotify_event) char buffer[BUFFER_SIZE];
  ssize_t size = BUFFER_SIZE;
  unsigned told = 0;

  (void) mask;
  /* With room left for any event there was none, and reading once more would only tell so. */
  for (int i = 0; i < ROUNDS && size > BUFFER_SIZE - LARGEST_EVENT; i++) {
    do
      size = UVI_SYS(read)(io->fd, buffer, sizeof buffer);
    while (size == -1 && errno == EINTR);
    if (size > 0)
      told += tell_all(loop, buffer, (size_t) size);
  }
  return told;
}

/* ---- the instance ---- */

static int open_instance(struct uvi_loop *loop, struct uvi_inotify *inotify) {
  int fd = UVI_SYS(inotify_init1)(IN_CLOEXEC | IN_NONBLOCK);
  int err;

  if (fd == -1)
    return -errno;
  uvi_io_init(&inotify->io, on_readable, fd);
  err = uvi_io_want(loop, &inotify->io, UVI_IO_READABLE);
  if (err != 0)
    uvi_sys_close(fd);
  return err;
}

static int make_instance(struct uvi_loop *loop) {
  struct uvi_inotify *inotify = uvi_calloc(1, sizeof *inotify);
  int err = UV_ENOMEM;

  if (inotify == NULL)
    return UV_ENOMEM;
  inotify->slots = uvi_calloc(FIRST_SLOTS, sizeof(struct watch *));
  inotify->slot_count = FIRST_SLOTS;
  if (inotify->slots != NULL)
    err = open_instance(loop, inotify);
  if (err != 0) {
    uvi_free(inotify->slots);
    uvi_free(inotify);
    return err;
  }
  loop->platform.inotify = inotify;
  return 0;
}

static void free_instance(struct uvi_loop *loop) {
  uvi_free(loop->platform.inotify->slots);
  uvi_free(loop->platform.inotify);
  loop->platform.inotify = NULL;
}

static void close_instance(struct uvi_loop *loop, struct uvi_inotify *inotify) {
  int fd = inotify->io.fd;

  uvi_io_close(loop, &inotify->io);
  uvi_sys_close(fd);
}

void uvi_platform_watches_close(struct uvi_loop *loop) {
  struct uvi_inotify *inotify = loop->platform.inotify;

  if (inotify == NULL)
    return;
  UVI_ASSERT(inotify->count == 0);
  close_instance(loop, inotify);
  free_instance(loop);
}

/* Removing watches would remove the parent's. */
int uvi_platform_watches_fork(struct uvi_loop *loop) {
  struct uvi_inotify *inotify = loop->platform.inotify;
  int err;

  if (inotify == NULL)
    return 0;
  close_instance(loop, inotify);
  for (unsigned i = 0; i < inotify->slot_count; i++) {
    for (struct watch *watch = inotify->slots[i]; watch != NULL; watch = watch->next)
      watch->wd = -1;
    inotify->slots[i] = NULL;
  }
  inotify->count = 0;
  err = open_instance(loop, inotify);
  if (err != 0)
    free_instance(loop);
  return err;
}

/* ---- watches ---- */

int uvi_platform_watch(struct uvi_loop *loop, const char *path, struct uvi_watch **found) {
  struct uvi_inotify *inotify;
  struct watch *watch;
  int err = loop->platform.inotify == NULL ? make_instance(loop) : 0;
  int wd;

  if (err != 0)
    return err;
  inotify = loop->platform.inotify;
  grow(inotify);
  watch =
      uvi_malloc(sizeof *watch); /* first: a watch that exists may be another's, and must stay */
  if (watch == NULL)
    return UV_ENOMEM;
  wd = UVI_SYS(inotify_add_watch)(inotify->io.fd, path, content | names);
  if (wd == -1) {
    err = -errno;
    uvi_free(watch);
    return err;
  }

  *found = (struct uvi_watch *) find(inotify, wd);
  if (*found != NULL) {
    uvi_free(watch);
    return 0;
  }
  uvi_watch_init(&watch->base);
  watch->wd = wd;
  put(inotify, watch);
  *found = &watch->base;
  return 0;
}

void uvi_platform_unwatch(struct uvi_loop *loop, struct uvi_watch *base) {
  struct uvi_inotify *inotify = loop->platform.inotify;
  struct watch *watch = (struct watch *) base;

  UVI_ASSERT(uvi_list_empty(&base->handles) && !base->telling);
  if (!base->gone && watch->wd != -1) {
    take_out(inotify, watch);
    /* Of a file that was deleted meanwhile the kernel has no watch any more. */
    (void) UVI_SYS(inotify_rm_watch)(inotify->io.fd, watch->wd);
  }
  uvi_free(watch);
}
