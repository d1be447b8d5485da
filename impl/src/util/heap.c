#include "util/heap.h"

#include "util/check.h"

/* Makes one tree of two roots. Either may be NULL; neither has siblings. */
static struct uvi_heap_node *meld(struct uvi_heap_node *a, struct uvi_heap_node *b,
                                  uvi_heap_less *less) {
  struct uvi_heap_node *top = a;
  struct uvi_heap_node *sub = b;

  if (a == NULL)
    return b;
  if (b == NULL)
    return a;
  if (less(b, a)) {
    top = b;
    sub = a;
  }
  sub->prev = top;
  sub->next = top->child;
  if (sub->next != NULL)
    sub->next->prev = sub;
  top->child = sub;
  top->next = NULL;
  top->prev = NULL;
  return top;
}

/* Makes one tree of a chain of siblings: melds neighbours from left to right, then the pairs from
 * right to left. The two passes are what makes removal amortised O(log n); they are loops, not
 * recursion, as the chain may be as long as the heap is large. */
static struct uvi_heap_node *meld_siblings(struct uvi_heap_node *first, uvi_heap_less *less) {
  struct uvi_heap_node *pairs = NULL; /* a stack, linked by `next` */
  struct uvi_heap_node *tree = NULL;

  while (first != NULL) {
    struct uvi_heap_node *a = first;
    struct uvi_heap_node *b = a->next;
    struct uvi_heap_node *pair;

    first = b != NULL ? b->next : NULL;
    pair = meld(a, b, less);
    pair->prev = NULL;
    pair->next = pairs;
    pairs = pair;
  }

  while (pairs != NULL) {
    struct uvi_heap_node *pair = pairs;

    pairs = pair->next;
    pair->next = NULL;
    tree = meld(tree, pair, less);
  }
  return tree;
}

void uvi_heap_insert(struct uvi_heap *heap, struct uvi_heap_node *node, uvi_heap_less *less) {
  node->child = NULL;
  node->next = NULL;
  node->prev = NULL;
  heap->root = meld(heap->root, node, less);
}

void uvi_heap_remove(struct uvi_heap *heap, struct uvi_heap_node *node, uvi_heap_less *less) {
  struct uvi_heap_node *below = meld_siblings(node->child, less);

  if (node == heap->root) {
    heap->root = below;
    return;
  }

  UVI_ASSERT(node->prev != NULL);
  if (node->prev->child == node)
    node->prev->child = node->next;
  else
    node->prev->next = node->next;
  if (node->next != NULL)
    node->next->prev = node->prev;
  heap->root = meld(heap->root, below, less);
}
