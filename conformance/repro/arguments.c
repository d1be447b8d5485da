static int uvt_argument_count;
static char **uvt_arguments;
static int uvt_argument_room;

/* The C library gives them to constructors too, those of libraries included. */
__attribute__((constructor(101))) static void uvt_note_arguments(int argc, char **argv) {
  uvt_argument_count = argc;
  uvt_arguments = argv;
  for (int i = 0; i < argc; i++)
    uvt_argument_room += (int) strlen(argv[i]) + 1;
}

static int uvt_argc(void) {
  return uvt_argument_count;
}

static char **uvt_argv(void) {
  return uvt_arguments;
}

static const char *uvt_word(char **words, int index) {
  return words[index];
}

static int uvt_read_self(const char *path, char *to, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd == -1 ? 0 : read(fd, to, size - 1);
  if (fd != -1)
    close(fd);
  to[length > 0 ? length : 0] = '\0';
  return (int) (length > 0 ? length : 0);
}

static const char *uvt_shown_title(void) {
  static char text[65536];
  uvt_read_self("/proc/self/cmdline", text, sizeof text);
  return text;
}

static int uvt_shown_words(void) {
  static char text[65536];
  int length = uvt_read_self("/proc/self/cmdline", text, sizeof text), words = 0;
  for (int i = 0; i < length; i++)
    words += text[i] != '\0' && (i == 0 || text[i - 1] == '\0');
  return words;
}

static int uvt_shown_name(const char *name) {
  char text[64];
  uvt_read_self("/proc/self/comm", text, sizeof text);
  text[strcspn(text, "\n")] = '\0';
  return strncmp(text, name, 15) == 0;
}

static int uvt_title_room(void) {
  return uvt_argument_room - 1;
}
