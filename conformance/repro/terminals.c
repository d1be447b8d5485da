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

static int uvt_pty_mode(int fd, const char *name) {
  struct termios t;
  if (tcgetattr(fd, &t) != 0)
    return -1;
  if (strcmp(name, "echo") == 0)
    return (t.c_lflag & ECHO) != 0;
  if (strcmp(name, "icanon") == 0)
    return (t.c_lflag & ICANON) != 0;
  if (strcmp(name, "isig") == 0)
    return (t.c_lflag & ISIG) != 0;
  if (strcmp(name, "iexten") == 0)
    return (t.c_lflag & IEXTEN) != 0;
  if (strcmp(name, "icrnl") == 0)
    return (t.c_iflag & ICRNL) != 0;
  if (strcmp(name, "ixon") == 0)
    return (t.c_iflag & IXON) != 0;
  if (strcmp(name, "brkint") == 0)
    return (t.c_iflag & BRKINT) != 0;
  if (strcmp(name, "opost") == 0)
    return (t.c_oflag & OPOST) != 0;
  if (strcmp(name, "onlcr") == 0)
    return (t.c_oflag & ONLCR) != 0;
  if (strcmp(name, "vmin") == 0)
    return t.c_cc[VMIN];
  abort();
}

static void uvt_pty_set(int fd, const char *name, int on) {
  struct termios t;
  tcflag_t *word, bit;
  if (tcgetattr(fd, &t) != 0)
    abort();
  word = strcmp(name, "icrnl") == 0   ? &t.c_iflag
         : strcmp(name, "onlcr") == 0 ? &t.c_oflag
                                      : &t.c_lflag;
  bit = strcmp(name, "icrnl") == 0 ? ICRNL : strcmp(name, "onlcr") == 0 ? ONLCR : ECHO;
  *word = on ? *word | bit : *word & ~bit;
  if (tcsetattr(fd, TCSANOW, &t) != 0)
    abort();
}
