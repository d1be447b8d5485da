/* An intrusive circular doubly-linked list. A node belongs to whoever embeds it; a list never
 * allocates and never frees. A head that points to itself is an empty list.
 *
 * Handles carry nodes as `void *queue[2]` in the public header; uvi_list_of() turns one into a
 * node. */
#ifndef UVI_UTIL_LIST_H_
#define UVI_UTIL_LIST_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uvi_list {
  struct uvi_list *next;
  struct uvi_list *prev;
};

static inline void *uvi_container_at(const void *field, size_t offset) {
  return (char *) (uintptr_t) field - offset;
}

/* The struct of `type` whose `field` is at `pointer`. */
#define UVI_CONTAINER_OF(pointer, type, field)                                                     \
  ((type *) uvi_container_at(pointer, offsetof(type, field)))

static inline struct uvi_list *uvi_list_of(void *queue) {
  return (struct uvi_list *) queue;
}

static inline void uvi_list_init(struct uvi_list *list) {
  list->next = list;
  list->prev = list;
}

static inline bool uvi_list_empty(const struct uvi_list *list) {
  return list->next == list;
}

static inline void uvi_list_insert_head(struct uvi_list *list, struct uvi_list *node) {
  node->next = list->next;
  node->prev = list;
  list->next->prev = node;
  list->next = node;
}

static inline void uvi_list_insert_tail(struct uvi_list *list, struct uvi_list *node) {
  uvi_list_insert_head(list->prev, node);
}

/* The node is left pointing to itself: removing it again, from nowhere, does no harm. */
static inline void uvi_list_remove(struct uvi_list *node) {
  node->prev->next = node->next;
  node->next->prev = node->prev;
  uvi_list_init(node);
}

/* Empties `from` into `to`, which need not be initialised. What joins `from` afterwards is not in
 * `to`, and a node of either can still be removed: that is how a phase takes its snapshot. */
static inline void uvi_list_move(struct uvi_list *from, struct uvi_list *to) {
  if (uvi_list_empty(from)) {
    uvi_list_init(to);
    return;
  }
  *to = *from;
  to->next->prev = to;
  to->prev->next = to;
  uvi_list_init(from);
}

/* The first node, unlinked; NULL when the list is empty. */
static inline struct uvi_list *uvi_list_take(struct uvi_list *list) {
  struct uvi_list *node = list->next;

  if (node == list)
    return NULL;
  uvi_list_remove(node);
  return node;
}

#endif
