/* An allocator that makes memory bugs visible: new blocks are full of dirt, freed ones too; guards lie
 * around each block, and freed blocks rest a while before their memory is used again. Counts, and fails
 * on request. Under AddressSanitizer the guards are poisoned and the rest is left to it. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "allocator.h"
#include "sanitizers.h"
#include "scenario.h"
#include "store.h"

#include "uvt_api.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#ifdef UVT_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(memory, size) ((void) 0)
#define ASAN_UNPOISON_MEMORY_REGION(memory, size) ((void) 0)
#endif

enum { GUARD = 16, FRESH_DIRT = 0xa5, FREED_DIRT = 0xdd, GUARD_BYTE = 0xfb };
#define LIVE_MAGIC 0x75767370656c6976u
#define FREED_MAGIC 0x7576737066726565u

/* Stands before each block; its guard is the last thing before the memory that is handed out. */
struct block {
  uint64_t magic;
  size_t size;
  unsigned long ordinal; /* the n-th allocation of the test */
  struct block *before, *after;
  unsigned char guard[24]; /* keeps what follows aligned to 16 */
};
_Static_assert(sizeof(struct block) % 16 == 0, "blocks must stay aligned");

static struct block live = {.before = &live, .after = &live};
static atomic_flag lock = ATOMIC_FLAG_INIT;
static atomic_int calls, live_count, fail_in;

void uvt_alloc_lock(void) {
  while (atomic_flag_test_and_set(&lock))
    sched_yield();
}

void uvt_alloc_unlock(void) {
  atomic_flag_clear(&lock);
}

static unsigned char *memory_of(struct block *block) {
  return (unsigned char *) (block + 1);
}

static int all_bytes(const unsigned char *from, size_t size, unsigned char wanted) {
  for (size_t i = 0; i < size; i++) {
    if (from[i] != wanted)
      return 0;
  }
  return 1;
}

static void report(const struct block *block, const char *what) {
  char text[UVT_TEXT] = "";
  uvt_add_text(text, sizeof text, what);
  uvt_add_text(text, sizeof text, ": block of ");
  uvt_add_number(text, sizeof text, (long long) block->size);
  uvt_add_text(text, sizeof text, " bytes, allocation ");
  uvt_add_number(text, sizeof text, (long long) block->ordinal);
  uvt_fail("the library's memory", "every block is used within its bounds and lifetime", text);
}

/* ---- guards ---- */

static void set_guards(struct block *block) {
  memset(block->guard, GUARD_BYTE, sizeof block->guard);
  memset(memory_of(block) + block->size, GUARD_BYTE, GUARD);
  ASAN_POISON_MEMORY_REGION(block->guard, sizeof block->guard);
  ASAN_POISON_MEMORY_REGION(memory_of(block) + block->size, GUARD);
}

/* Reports once: the guards are whole again afterwards. */
static void check_guards(struct block *block) {
  unsigned char *end = memory_of(block) + block->size;
  ASAN_UNPOISON_MEMORY_REGION(block->guard, sizeof block->guard);
  ASAN_UNPOISON_MEMORY_REGION(end, GUARD);
  if (!all_bytes(block->guard, sizeof block->guard, GUARD_BYTE)) {
    report(block, "written before the beginning");
  }
  if (!all_bytes(end, GUARD, GUARD_BYTE))
    report(block, "written behind the end");
  set_guards(block);
}

/* ---- the life of a block ---- */

static int may_allocate(void) {
  atomic_fetch_add(&calls, 1);
  int left = atomic_load(&fail_in);
  while (left > 0) {
    if (atomic_compare_exchange_weak(&fail_in, &left, left - 1))
      return left != 1;
  }
  return 1;
}

static struct block *new_block(size_t size) {
  if (!may_allocate() || size > SIZE_MAX / 2)
    return NULL;
  struct block *block = malloc(sizeof *block + size + GUARD);
  if (block == NULL)
    return NULL;
  block->magic = LIVE_MAGIC;
  block->size = size;
  block->ordinal = (unsigned long) atomic_load(&calls);
  memset(memory_of(block), FRESH_DIRT, size);
  set_guards(block);
  uvt_alloc_lock();
  block->before = live.before;
  block->after = &live;
  live.before->after = block;
  live.before = block;
  uvt_alloc_unlock();
  atomic_fetch_add(&live_count, 1);
  return block;
}

static void check_freed(const struct block *block) {
  const unsigned char *memory = (const unsigned char *) (block + 1);
  if (!all_bytes(memory, block->size, FREED_DIRT))
    report(block, "written after it was freed");
}

#ifdef UVT_ASAN
static struct block *put_to_rest(struct block *block) {
  return block; /* it keeps freed memory for longer than we could */
}

static void check_resting(void) {}
#else
static struct block *resting[256];
static size_t resting_next;

/* Returns the block whose place it takes; the lock is held. */
static struct block *put_to_rest(struct block *block) {
  struct block **place = &resting[resting_next++ % (sizeof resting / sizeof resting[0])];
  struct block *oldest = *place;
  *place = block;
  return oldest;
}

static void check_resting(void) {
  for (size_t i = 0; i < sizeof resting / sizeof resting[0]; i++) {
    if (resting[i] != NULL)
      check_freed(resting[i]);
  }
}
#endif

static void retire(struct block *block) {
  check_guards(block);
  memset(memory_of(block), FREED_DIRT, block->size);
  uvt_alloc_lock();
  block->before->after = block->after;
  block->after->before = block->before;
  block->magic = FREED_MAGIC;
  struct block *oldest = put_to_rest(block);
  uvt_alloc_unlock();
  atomic_fetch_sub(&live_count, 1);
  if (oldest == NULL)
    return;
  check_freed(oldest);
  ASAN_UNPOISON_MEMORY_REGION(oldest, sizeof *oldest + oldest->size + GUARD);
  free(oldest);
}

/* NULL, with a failed check, if `memory` is not a block that may be freed. */
static struct block *block_of(void *memory) {
  struct block *block = (struct block *) memory - 1;
  if (block->magic == LIVE_MAGIC)
    return block;
  if (block->magic == FREED_MAGIC) {
    report(block, "freed twice");
  } else {
    uvt_fail("the library's memory", "only what its allocator handed out is freed",
             "freed memory from somewhere else");
  }
  return NULL;
}

/* ---- what uv_replace_allocator() gets ---- */

static void *counting_malloc(size_t size) {
  struct block *block = new_block(size);
  return block == NULL ? NULL : memory_of(block);
}

static void *counting_calloc(size_t count, size_t size) {
  if (size != 0 && count > SIZE_MAX / 2 / size)
    return NULL;
  void *memory = counting_malloc(count * size);
  if (memory != NULL)
    memset(memory, 0, count * size);
  return memory;
}

static void counting_free(void *memory) {
  struct block *block = memory != NULL ? block_of(memory) : NULL;
  if (block != NULL)
    retire(block);
  errno = EINTR; /* as free() may: an error that is still to be told has to be kept elsewhere */
}

static void *counting_realloc(void *memory, size_t size) {
  if (memory == NULL)
    return counting_malloc(size);
  struct block *old = block_of(memory);
  if (old == NULL)
    return NULL;
  void *moved = counting_malloc(size); /* always elsewhere: a kept old pointer shows */
  if (moved == NULL)
    return NULL;
  memcpy(moved, memory, old->size < size ? old->size : size);
  retire(old);
  return moved;
}

void uvt_alloc_install(void) {
  if (!UVT_HAVE(uv_replace_allocator))
    return;
  int error =
      uv_replace_allocator(counting_malloc, counting_realloc, counting_calloc, counting_free);
  if (error != 0)
    uvt_give_up(UVT_UNRESOLVED, "uv_replace_allocator() failed");
}

/* ---- what tests ask ---- */

void uvt_alloc_fail(int nth) {
  atomic_store(&fail_in, nth);
}

int uvt_alloc_calls(void) {
  return atomic_load(&calls);
}

void uvt_alloc_free(void *block) {
  counting_free(block);
}

int uvt_alloc_live(void) {
  return atomic_load(&live_count);
}

void uvt_alloc_check(void) {
  uvt_alloc_lock();
  for (struct block *block = live.after; block != &live; block = block->after)
    check_guards(block);
  check_resting();
  uvt_alloc_unlock();
}

void uvt_alloc_describe(char *to, size_t size) {
  uvt_alloc_lock();
  for (struct block *block = live.after; block != &live; block = block->after) {
    if (*to != '\0')
      uvt_add_text(to, size, ", ");
    uvt_add_number(to, size, (long long) block->size);
    uvt_add_text(to, size, " bytes (allocation ");
    uvt_add_number(to, size, (long long) block->ordinal);
    uvt_add_text(to, size, ")");
  }
  uvt_alloc_unlock();
}
