/* Pseudo terminals. Their descriptors are the scenario's to close.
 *
 * Its twin for `uvspec repro` is repro/terminals.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* The master and the slave. */
void uvt_pty(int fds[2]) {
  fds[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fds[0] == -1 || grantpt(fds[0]) != 0 || unlockpt(fds[0]) != 0)
    uvt_give_up(UVT_UNRESOLVED, "no pseudo terminal");
  fds[1] = open(ptsname(fds[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fds[1] == -1)
    uvt_give_up(UVT_UNRESOLVED, "no other side of the pseudo terminal");
}

static int slaves[64], slave_count;

/* The slave of a new one. Both of its sides are closed at the end of the scenario. */
int uvt_pty_slave(void) {
  if (slave_count + 2 > (int) (sizeof slaves / sizeof slaves[0]))
    uvt_give_up(UVT_UNRESOLVED, "too many terminals");
  uvt_pty(slaves + slave_count);
  slave_count += 2;
  return slaves[slave_count - 1];
}

void uvt_pty_end(void) {
  while (slave_count > 0)
    close(slaves[--slave_count]);
}

/* Opens the slave once more, for "r" or "w" alone. */
int uvt_pty_open(int master, const char *access) {
  int fd = open(ptsname(master), (access[0] == 'r' ? O_RDONLY : O_WRONLY) | O_NOCTTY | O_CLOEXEC);
  if (fd == -1)
    uvt_give_up(UVT_UNRESOLVED, "the pseudo terminal does not open");
  return fd;
}

void uvt_pty_size(int fd, int columns, int lines) {
  struct winsize size = {(unsigned short) lines, (unsigned short) columns, 0, 0};
  if (ioctl(fd, TIOCSWINSZ, &size) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the size stays");
}

/* The modes by name: which word of the settings has which bit. */
static const struct {
  const char *name;
  size_t word;
  tcflag_t bit;
} modes[] = {
    {"echo", offsetof(struct termios, c_lflag), ECHO},
    {"icanon", offsetof(struct termios, c_lflag), ICANON},
    {"isig", offsetof(struct termios, c_lflag), ISIG},
    {"iexten", offsetof(struct termios, c_lflag), IEXTEN},
    {"icrnl", offsetof(struct termios, c_iflag), ICRNL},
    {"inpck", offsetof(struct termios, c_iflag), INPCK},
    {"istrip", offsetof(struct termios, c_iflag), ISTRIP},
    {"ixon", offsetof(struct termios, c_iflag), IXON},
    {"brkint", offsetof(struct termios, c_iflag), BRKINT},
    {"opost", offsetof(struct termios, c_oflag), OPOST},
    {"onlcr", offsetof(struct termios, c_oflag), ONLCR},
};

static tcflag_t *find_mode(struct termios *t, const char *name, tcflag_t *bit) {
  for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
    if (strcmp(modes[i].name, name) == 0) {
      *bit = modes[i].bit;
      return (tcflag_t *) (void *) ((char *) t + modes[i].word);
    }
  }
  uvt_give_up(UVT_UNRESOLVED, "the harness knows no such mode");
  return NULL;
}

/* Whether a terminal has a mode on; -1: not a terminal. "vmin" and "vtime": their values. */
int uvt_pty_mode(int fd, const char *name) {
  struct termios t;
  tcflag_t bit, *word;
  if (tcgetattr(fd, &t) != 0)
    return -1;
  if (strcmp(name, "vmin") == 0)
    return t.c_cc[VMIN];
  if (strcmp(name, "vtime") == 0)
    return t.c_cc[VTIME];
  word = find_mode(&t, name, &bit);
  return (*word & bit) != 0;
}

/* Changes one, as a program did before ours. */
void uvt_pty_set(int fd, const char *name, int on) {
  struct termios t;
  tcflag_t bit, *word;
  if (tcgetattr(fd, &t) != 0)
    uvt_give_up(UVT_UNRESOLVED, "not a terminal");
  if (strcmp(name, "vmin") == 0 || strcmp(name, "vtime") == 0) {
    t.c_cc[strcmp(name, "vmin") == 0 ? VMIN : VTIME] = (cc_t) on;
  } else {
    word = find_mode(&t, name, &bit);
    *word = on ? *word | bit : *word & ~bit;
  }
  if (tcsetattr(fd, TCSANOW, &t) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the terminal's mode stays");
}

/* A session of its own has no controlling terminal. For forked children: a group's leader may not. */
void uvt_new_session(void) {
  if (setsid() == -1)
    uvt_give_up(UVT_UNRESOLVED, "no session");
}

int uvt_has_terminal(void) {
  int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd != -1)
    close(fd);
  return fd != -1;
}
