/* The life of one test, in its own process. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "allocator.h"
#include "harness.h"
#include "threads.h"

#include <string.h>
#include <unistd.h>

static int is_missing(const char *symbol) {
  unsigned count = atomic_load(&uvt_store->missing_count);
  for (unsigned i = 0; i < count && i < UVT_MISSING_MAX; i++) {
    if (strcmp(uvt_store->missing[i], symbol) == 0)
      return 1;
  }
  return 0;
}

/* From here on the store's list says what this test lacks, no longer what the library lacks. */
static void need_symbols(const uvt_test *test) {
  char lacking[UVT_TEXT] = "the library has no ";
  unsigned count = 0;
  for (const char *const *symbol = test->symbols; symbol != NULL && *symbol != NULL; symbol++) {
    if (!is_missing(*symbol))
      continue;
    if (count++ > 0)
      uvt_add_text(lacking, sizeof lacking, ", ");
    uvt_add_text(lacking, sizeof lacking, *symbol);
  }
  if (count > 0)
    uvt_give_up(UVT_UNSUPPORTED, lacking);
}

void uvt_run_test(const uvt_test *test, long watchdog_ms) {
  need_symbols(test);
  uvt_leaks_before();
  if (!(test->flags & UVT_NO_ALLOCATOR))
    uvt_alloc_install();
  uvt_watch_runs();
  uvt_set_phase(UVT_RUNNING);
  test->run();
  if (uvt_in_forked_child()) {
    uvt_fail("the forked child", "ends with uvt_fork_exit()", "went on into its parent's part");
    _exit(0);
  }
  atomic_store(&uvt_store->returned, 1);
  if (uvt_store_failures(uvt_store) == 0)
    uvt_leaks_after(test->flags, watchdog_ms / 2);
  uvt_set_phase(UVT_DONE);
}
