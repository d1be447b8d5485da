static void uvt_pty(int fds[2]) {
  fds[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fds[0] == -1 || grantpt(fds[0]) != 0 || unlockpt(fds[0]) != 0)
    abort();
  fds[1] = open(ptsname(fds[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fds[1] == -1)
    abort();
}

static int uvt_pty_slave(void) {
  int fds[2];
  uvt_pty(fds);
  return fds[1];
}

static int uvt_pty_open(int master, const char *access) {
  int fd = open(ptsname(master), (access[0] == 'r' ? O_RDONLY : O_WRONLY) | O_NOCTTY | O_CLOEXEC);
  if (fd == -1)
    abort();
  return fd;
}

static void uvt_pty_size(int fd, int columns, int lines) {
  struct winsize size = {(unsigned short) lines, (unsigned short) columns, 0, 0};
  if (ioctl(fd, TIOCSWINSZ, &size) != 0)
    abort();
}

static tcflag_t *uvt_find_mode(struct termios *t, const char *name, tcflag_t *bit) {
  const struct {
    const char *name;
    tcflag_t *word, bit;
  } modes[] = {
      {"echo", &t->c_lflag, ECHO},     {"icanon", &t->c_lflag, ICANON},
      {"isig", &t->c_lflag, ISIG},     {"iexten", &t->c_lflag, IEXTEN},
      {"icrnl", &t->c_iflag, ICRNL},   {"inpck", &t->c_iflag, INPCK},
      {"istrip", &t->c_iflag, ISTRIP}, {"ixon", &t->c_iflag, IXON},
      {"brkint", &t->c_iflag, BRKINT}, {"opost", &t->c_oflag, OPOST},
      {"onlcr", &t->c_oflag, ONLCR},
  };
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
    if (strcmp(modes[i].name, name) == 0) {
      *bit = modes[i].bit;
      return modes[i].word;
    }
  }
  abort();
}

static int uvt_pty_mode(int fd, const char *name) {
  struct termios t;
  tcflag_t bit, *word;
  if (tcgetattr(fd, &t) != 0)
    return -1;
  if (strcmp(name, "vmin") == 0)
    return t.c_cc[VMIN];
  if (strcmp(name, "vtime") == 0)
    return t.c_cc[VTIME];
  word = uvt_find_mode(&t, name, &bit);
  return (*word & bit) != 0;
}

static void uvt_pty_set(int fd, const char *name, int on) {
  struct termios t;
  tcflag_t bit, *word;
  if (tcgetattr(fd, &t) != 0)
    abort();
  if (strcmp(name, "vmin") == 0 || strcmp(name, "vtime") == 0) {
    t.c_cc[strcmp(name, "vmin") == 0 ? VMIN : VTIME] = (cc_t) on;
  } else {
    word = uvt_find_mode(&t, name, &bit);
    *word = on ? *word | bit : *word & ~bit;
  }
  if (tcsetattr(fd, TCSANOW, &t) != 0)
    abort();
}

static void uvt_new_session(void) {
  if (setsid() == -1)
    abort();
}

static int uvt_has_terminal(void) {
  int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd != -1)
    close(fd);
  return fd != -1;
}
