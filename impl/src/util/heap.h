/* An intrusive pairing heap: three pointers a node, no allocation, insert in O(1), removal of any
 * node in amortised O(log n). Equal nodes come out in no particular order; make the comparison
 * total. */
#ifndef UVI_UTIL_HEAP_H_
#define UVI_UTIL_HEAP_H_

#include <stdbool.h>
#include <stddef.h>

struct uvi_heap_node {
  struct uvi_heap_node *child; /* the first child */
  struct uvi_heap_node *next;  /* the next sibling */
  struct uvi_heap_node *prev;  /* the previous sibling; the first child's is its parent */
};

/* Whether `a` must come out before `b`. */
typedef bool uvi_heap_less(const struct uvi_heap_node *a, const struct uvi_heap_node *b);

struct uvi_heap {
  struct uvi_heap_node *root; /* the least node; NULL when empty */
};

static inline void uvi_heap_init(struct uvi_heap *heap) {
  heap->root = NULL;
}

static inline struct uvi_heap_node *uvi_heap_min(const struct uvi_heap *heap) {
  return heap->root;
}

void uvi_heap_insert(struct uvi_heap *heap, struct uvi_heap_node *node, uvi_heap_less *less);

/* `node` must be in the heap. */
void uvi_heap_remove(struct uvi_heap *heap, struct uvi_heap_node *node, uvi_heap_less *less);

#endif
