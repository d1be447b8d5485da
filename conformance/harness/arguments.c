/* The arguments that the program was started with, where the system put them.
 *
 * Its twin for `uvspec repro` is repro/arguments.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int count;
static char **arguments;
static int room;

/* The C library gives them to constructors too, those of libraries included. This one comes before the one
 * that runs the suite in a program it is preloaded into. */
__attribute__((constructor(101))) static void note_arguments(int argc, char **argv) {
  count = argc;
  arguments = argv;
  for (int i = 0; i < argc; i++)
    room += (int) strlen(argv[i]) + 1;
}

int uvt_argc(void) {
  return count;
}

char **uvt_argv(void) {
  return arguments;
}

const char *uvt_word(char **words, int index) {
  return words[index];
}

static int read_self(const char *path, char *to, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd == -1 ? 0 : read(fd, to, size - 1);
  if (fd != -1)
    close(fd);
  to[length > 0 ? length : 0] = '\0';
  return (int) (length > 0 ? length : 0);
}

const char *uvt_shown_title(void) {
  static char text[65536];
  read_self("/proc/self/cmdline", text, sizeof text);
  return text;
}

int uvt_shown_words(void) {
  static char text[65536];
  int length = read_self("/proc/self/cmdline", text, sizeof text), words = 0;
  for (int i = 0; i < length; i++)
    words += text[i] != '\0' && (i == 0 || text[i - 1] == '\0');
  return words;
}

int uvt_shown_name(const char *name) {
  char text[64];
  read_self("/proc/self/comm", text, sizeof text);
  text[strcspn(text, "\n")] = '\0';
  return strncmp(text, name, 15) == 0;
}

int uvt_title_room(void) {
  return room - 1;
}
