/* Matches what fired since the last call against a pattern: names in order, `name*2..5`, `{ … }` in
 * any order, `( a | b )`. Each function returns the furthest event an attempt reaches, or -1. */

static int uvt_is(const char *name, size_t length, int event) {
  const char *text = uvt->event[event];
  if (strncmp(text, name, length) != 0)
    return 0;
  return text[length] == '\0' || (text[length] == '(' && memchr(name, '(', length) == NULL);
}

struct uvt_item {
  char kind; /* n: name, {: any order, (: alternatives */
  const char *begin, *end;
  int min, max;
};

static const char *uvt_next(const char *p, struct uvt_item *item) {
  while (*p == ' ')
    p++;
  item->kind = *p == '{' || *p == '(' ? *p : 'n';
  item->min = item->max = 1;
  if (item->kind == 'n') {
    int quoted = *p == '"';
    item->begin = p += quoted;
    while (*p != '\0' && *p != (quoted ? '"' : ' ') && *p != '*')
      p++;
    item->end = p;
    p += quoted;
  } else {
    int depth = 1;
    for (item->begin = ++p; depth > 0; p++) {
      if (*p == '{' || (*p == '(' && p[-1] == ' '))
        depth++;
      if (*p == '}' || (*p == ')' && p[-1] == ' '))
        depth--;
    }
    item->end = p - 1;
  }
  if (*p == '*') {
    item->min = item->max = (int) strtol(p + 1, (char **) &p, 10);
    if (strncmp(p, "..", 2) == 0) {
      p += 2;
      item->max = *p >= '0' && *p <= '9' ? (int) strtol(p, (char **) &p, 10) : INT_MAX;
    }
  }
  while (*p == ' ')
    p++;
  return p;
}

static int uvt_match(const char *p, const char *end, int at, int last);

static int uvt_any_order(const struct uvt_item *group, int at, int last) {
  struct uvt_item item;
  int used[64] = {0}, count = 0;
  for (; at < last; at++) {
    const char *p = group->begin;
    int found = 0;
    for (count = 0; p < group->end && *p != '}'; count++) {
      p = uvt_next(p, &item);
      if (!found && used[count] < item.max &&
          uvt_is(item.begin, (size_t) (item.end - item.begin), at)) {
        used[count]++;
        found = 1;
      }
    }
    if (!found)
      break;
  }
  const char *p = group->begin;
  while (*p == ' ')
    p++;
  for (count = 0; p < group->end && *p != '}'; count++) {
    p = uvt_next(p, &item);
    if (used[count] < item.min)
      return -1;
  }
  return at;
}

static int uvt_alternatives(const struct uvt_item *group, const char *rest, const char *end, int at,
                            int last) {
  const char *from = group->begin;
  for (const char *p = group->begin; p <= group->end; p++) {
    if (p != group->end && !(*p == '|' && p[-1] == ' '))
      continue;
    for (int stop = last; stop >= at; stop--) {
      if (uvt_match(from, p, at, stop) == stop && uvt_match(rest, end, stop, last) == last)
        return last;
    }
    from = p + 1;
  }
  return -1;
}

static int uvt_match(const char *p, const char *end, int at, int last) {
  struct uvt_item item;
  while (p < end && *p == ' ')
    p++;
  if (p >= end || *p == '\0')
    return at == last ? last : -1;
  p = uvt_next(p, &item);
  if (item.kind == '(')
    return uvt_alternatives(&item, p, end, at, last);
  if (item.kind == '{') {
    at = uvt_any_order(&item, at, last);
    return at < 0 ? -1 : uvt_match(p, end, at, last);
  }
  for (int n = 0;; n++, at++) {
    if (n >= item.min && uvt_match(p, end, at, last) == last)
      return last;
    if (n == item.max || at == last)
      return -1;
    if (!uvt_is(item.begin, (size_t) (item.end - item.begin), at))
      return -1;
  }
}

static void uvt_trace(const char *pattern) {
  static char seen[4000];
  int from = uvt->matched, last = uvt->events < UVT_EVENTS ? uvt->events : UVT_EVENTS;
  size_t length = 0;
  for (int i = from; i < last && length < sizeof seen - 50; i++) {
    length += (size_t) snprintf(seen + length, 50, "%s ", uvt->event[i]);
  }
  seen[length] = '\0';
  uvt->matched = last;
  int holds = uvt_match(pattern, pattern + strlen(pattern), from, last) == last;
  uvt_check("the trace", pattern, holds, "%s", seen);
}
