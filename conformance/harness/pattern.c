/* A pattern is parsed into a small tree; each node maps the set of places where it may begin to the set
 * of places where it may then end, so that sequences and alternatives need no backtracking. Only
 * `{…}` searches, and counts its steps. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "pattern.h"

#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 256, IN_SET_MAX = 32, STEPS_MAX = 50000000, DEPTH_MAX = 2000 };
#define NO_LIMIT ((size_t) -1)

enum node_kind { NAME, SEQUENCE, ANY_ORDER, ALTERNATIVES };

struct node {
  enum node_kind kind;
  const char *name;
  size_t length;   /* of the name */
  size_t min, max; /* how often a name comes */
  struct node *first, *next;
};

struct matcher {
  const char *at; /* where the parser stands */
  struct node nodes[NODES_MAX];
  size_t used;
  enum uvt_match error;
  const char *const *events;
  size_t count;
  size_t steps;
};

/* ---- parser ---- */

static struct node *new_node(struct matcher *m, enum node_kind kind) {
  if (m->used == NODES_MAX) {
    m->error = UVT_TOO_HARD;
    return NULL;
  }
  struct node *node = &m->nodes[m->used++];
  memset(node, 0, sizeof *node);
  node->kind = kind;
  return node;
}

static struct node *parse_items(struct matcher *m, enum node_kind kind);

static void skip_blanks(struct matcher *m) {
  m->at += strspn(m->at, " \t\r\n");
}

static size_t parse_number(struct matcher *m) {
  if (*m->at < '0' || *m->at > '9')
    m->error = UVT_BAD_PATTERN;
  size_t number = 0;
  while (*m->at >= '0' && *m->at <= '9' && number < 100000000) {
    number = number * 10 + (size_t) (*m->at++ - '0');
  }
  return number;
}

/* `*3`, `*3..5`, `*3..` */
static void parse_count(struct matcher *m, struct node *node) {
  node->min = node->max = 1;
  if (*m->at != '*')
    return;
  m->at++;
  node->min = node->max = parse_number(m);
  if (strncmp(m->at, "..", 2) != 0)
    return;
  m->at += 2;
  node->max = *m->at >= '0' && *m->at <= '9' ? parse_number(m) : NO_LIMIT;
}

/* `on_t`, `on_t(t)`, or in quotes anything else: `"value 3"` */
static struct node *parse_name(struct matcher *m) {
  struct node *node = new_node(m, NAME);
  if (node == NULL)
    return NULL;
  if (*m->at == '"') {
    node->name = ++m->at;
    node->length = strcspn(m->at, "\"");
    m->at += node->length;
    if (*m->at == '"')
      m->at++;
    else
      m->error = UVT_BAD_PATTERN;
  } else {
    node->name = m->at;
    node->length = strcspn(m->at, " \t\r\n*{}()|");
    m->at += node->length;
    if (node->length != 0 && *m->at == '(') {
      size_t subject = strcspn(m->at, ")");
      if (m->at[subject] == '\0')
        m->error = UVT_BAD_PATTERN;
      else
        subject++;
      node->length += subject;
      m->at += subject;
    }
  }
  if (node->length == 0)
    m->error = UVT_BAD_PATTERN;
  parse_count(m, node);
  return node;
}

/* '(' pattern '|' pattern … ')' */
static struct node *parse_alternatives(struct matcher *m) {
  struct node *node = new_node(m, ALTERNATIVES);
  if (node == NULL)
    return NULL;
  struct node **tail = &node->first;
  do {
    m->at++; /* the '(' or a '|' */
    *tail = parse_items(m, SEQUENCE);
    if (*tail == NULL)
      return NULL;
    tail = &(*tail)->next;
  } while (m->error == UVT_MATCHES && *m->at == '|');
  if (*m->at == ')')
    m->at++;
  else
    m->error = UVT_BAD_PATTERN;
  return node;
}

static struct node *parse_item(struct matcher *m) {
  if (*m->at == '(')
    return parse_alternatives(m);
  if (*m->at != '{')
    return parse_name(m);
  m->at++;
  struct node *node = parse_items(m, ANY_ORDER);
  if (*m->at == '}')
    m->at++;
  else
    m->error = UVT_BAD_PATTERN;
  return node;
}

/* item*, up to what closes it or the end. */
static struct node *parse_items(struct matcher *m, enum node_kind kind) {
  struct node *node = new_node(m, kind);
  if (node == NULL)
    return NULL;
  struct node **tail = &node->first;
  for (skip_blanks(m); m->error == UVT_MATCHES; skip_blanks(m)) {
    if (*m->at == '\0' || strchr("})|", *m->at) != NULL)
      break;
    *tail = parse_item(m);
    if (*tail == NULL)
      break;
    tail = &(*tail)->next;
  }
  return node;
}

/* ---- matcher ---- */

/* `on_t` is also what `on_t(t)` says. */
static int is_event(const struct node *node, const char *event) {
  if (strncmp(event, node->name, node->length) != 0)
    return 0;
  return event[node->length] == '\0' || event[node->length] == '(';
}

static int is_event_at(const struct matcher *m, const struct node *node, size_t at) {
  return at < m->count && is_event(node, m->events[at]);
}

static void ends_of(struct matcher *m, const struct node *node, const char *begins, char *ends);

static void ends_of_name(struct matcher *m, const struct node *node, const char *begins,
                         char *ends) {
  /* From the back, so that the length of the run of fitting events is known at each place. */
  size_t run = 0;
  for (size_t at = m->count + 1; at-- > 0;) {
    run = is_event_at(m, node, at) ? run + 1 : 0;
    if (!begins[at])
      continue;
    size_t most = run < node->max ? run : node->max;
    for (size_t n = node->min; n <= most; n++)
      ends[at + n] = 1;
    if (most > node->min)
      m->steps += most - node->min;
    if (m->steps > STEPS_MAX) {
      m->error = UVT_TOO_HARD;
      return;
    }
  }
}

static char *new_places(struct matcher *m) {
  char *places = calloc(m->count + 1, 1);
  if (places == NULL)
    m->error = UVT_TOO_HARD;
  return places;
}

static void ends_of_sequence(struct matcher *m, const struct node *node, const char *begins,
                             char *ends) {
  char *now = new_places(m), *then = new_places(m);
  if (now != NULL && then != NULL) {
    memcpy(now, begins, m->count + 1);
    for (const struct node *item = node->first; item != NULL; item = item->next) {
      memset(then, 0, m->count + 1);
      ends_of(m, item, now, then);
      char *swap = now;
      now = then;
      then = swap;
    }
    for (size_t at = 0; at <= m->count; at++)
      ends[at] |= now[at];
  }
  free(now);
  free(then);
}

/* The search through `{…}`: how often each of its items was seen so far. */
struct search {
  const struct node *items[IN_SET_MAX];
  size_t seen[IN_SET_MAX];
  size_t count;
  size_t depth;
  char *ends;
};

static size_t item_min(const struct node *item) {
  return item->kind == NAME ? item->min : 1;
}

static size_t item_max(const struct node *item) {
  return item->kind == NAME ? item->max : 1;
}

static void search_from(struct matcher *m, struct search *s, size_t at);

/* A group inside `{…}` stands in one piece: go on from each of its ends. */
static void search_group(struct matcher *m, struct search *s, size_t item, size_t at) {
  char *begins = new_places(m), *ends = new_places(m);
  if (begins != NULL && ends != NULL) {
    begins[at] = 1;
    ends_of(m, s->items[item], begins, ends);
    s->seen[item] = 1;
    for (size_t end = at; end <= m->count; end++) {
      if (ends[end])
        search_from(m, s, end);
    }
    s->seen[item] = 0;
  }
  free(begins);
  free(ends);
}

/* Walks on while only one item fits, so that long traces need no deep recursion. Returns where it
 * stopped; undo_walk() takes its counts back. */
static size_t walk(struct matcher *m, struct search *s, size_t at, size_t *log) {
  for (;;) {
    size_t fits = IN_SET_MAX, how_many = 0, lacking = 0;
    for (size_t i = 0; i < s->count; i++) {
      if (s->seen[i] < item_min(s->items[i]))
        lacking++;
      if (s->seen[i] >= item_max(s->items[i]))
        continue;
      if (s->items[i]->kind != NAME)
        how_many += 2; /* may begin anywhere */
      else if (is_event_at(m, s->items[i], at))
        fits = i, how_many++;
    }
    if (lacking == 0)
      s->ends[at] = 1;
    m->steps += s->count;
    if (how_many != 1 || m->steps > STEPS_MAX)
      return at;
    s->seen[fits]++;
    log[fits]++;
    at++;
  }
}

static void search_from(struct matcher *m, struct search *s, size_t at) {
  size_t log[IN_SET_MAX] = {0};
  m->steps += s->count;
  if (m->steps > STEPS_MAX || ++s->depth > DEPTH_MAX) {
    m->error = UVT_TOO_HARD;
    return;
  }
  at = walk(m, s, at, log);
  for (size_t i = 0; i < s->count && m->error == UVT_MATCHES; i++) {
    if (s->seen[i] >= item_max(s->items[i]))
      continue;
    if (s->items[i]->kind != NAME) {
      search_group(m, s, i, at);
    } else if (is_event_at(m, s->items[i], at)) {
      s->seen[i]++;
      search_from(m, s, at + 1);
      s->seen[i]--;
    }
  }
  for (size_t i = 0; i < s->count; i++)
    s->seen[i] -= log[i];
  s->depth--;
}

static void ends_of_any_order(struct matcher *m, const struct node *node, const char *begins,
                              char *ends) {
  struct search search = {.ends = ends};
  for (const struct node *item = node->first; item != NULL; item = item->next) {
    if (search.count == IN_SET_MAX) {
      m->error = UVT_TOO_HARD;
      return;
    }
    search.items[search.count++] = item;
  }
  for (size_t at = 0; at <= m->count; at++) {
    if (begins[at])
      search_from(m, &search, at);
  }
}

static void ends_of(struct matcher *m, const struct node *node, const char *begins, char *ends) {
  if (m->error != UVT_MATCHES)
    return;
  switch (node->kind) {
    case NAME:
      ends_of_name(m, node, begins, ends);
      break;
    case SEQUENCE:
      ends_of_sequence(m, node, begins, ends);
      break;
    case ANY_ORDER:
      ends_of_any_order(m, node, begins, ends);
      break;
    case ALTERNATIVES:
      for (const struct node *item = node->first; item != NULL; item = item->next) {
        ends_of(m, item, begins, ends);
      }
      break;
  }
}

static enum uvt_match match(struct matcher *m, const struct node *root) {
  char *begins = new_places(m), *ends = new_places(m);
  int holds = 0;
  if (begins != NULL && ends != NULL) {
    begins[0] = 1;
    ends_of(m, root, begins, ends);
    holds = ends[m->count];
  }
  free(begins);
  free(ends);
  if (m->error != UVT_MATCHES)
    return m->error;
  return holds ? UVT_MATCHES : UVT_DIFFERS;
}

enum uvt_match uvt_match_pattern(const char *pattern, const char *const *events, size_t count) {
  struct matcher *m = calloc(1, sizeof *m);
  if (m == NULL)
    return UVT_TOO_HARD;
  m->at = pattern;
  m->events = events;
  m->count = count;
  struct node *root = parse_items(m, SEQUENCE);
  if (m->error == UVT_MATCHES && *m->at != '\0')
    m->error = UVT_BAD_PATTERN;
  enum uvt_match result = m->error == UVT_MATCHES ? match(m, root) : m->error;
  free(m);
  return result;
}
