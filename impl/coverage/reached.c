/* Notes which code a test reaches; part of the library in the gcc_coverage build alone.
 *
 * The compiler calls __sanitizer_cov_trace_pc() at the beginning of each piece of straight code. It marks
 * the place it was called from in a file that is mapped and shared: nothing has to be written at the end, so
 * threads, forked children, _exit() and crashes lose nothing. UVSPEC_REACHED names the file. */
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROOM = 1 << 22 }; /* bytes of code, and one mark for each: tools/uvspec/reach.py knows it too */

extern const char __ehdr_start[] __attribute__((visibility("hidden"))); /* where the library begins */

static unsigned char nowhere[ROOM];
static unsigned char *reached = nowhere;

void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void) {
  size_t place = (size_t) ((const char *) __builtin_return_address(0) - __ehdr_start);

  if (place < ROOM)
    reached[place] = 1;
}

__attribute__((constructor(101))) static void begin(void) {
  const char *path = getenv("UVSPEC_REACHED");
  int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
  void *map;

  if (fd < 0)
    return;
  map = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (map != MAP_FAILED)
    reached = map;
  close(fd);
}
