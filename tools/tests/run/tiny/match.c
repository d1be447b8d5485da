/* For test_pattern.py: matches a pattern against events; both are lines of standard input, by turns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"

int main(void) {
  static char pattern[65536], line[4000000];
  static const char *events[1000000];
  while (fgets(pattern, sizeof pattern, stdin) != NULL && fgets(line, sizeof line, stdin) != NULL) {
    size_t count = 0;
    pattern[strcspn(pattern, "\n")] = '\0';
    line[strcspn(line, "\n")] = '\0';
    for (char *event = strtok(line, ";"); event != NULL; event = strtok(NULL, ";"))
      events[count++] = event;
    static const char *const words[] = {"yes", "no", "malformed", "too hard"};
    puts(words[uvt_match_pattern(pattern, events, count)]);
    fflush(stdout);
  }
  return 0;
}
