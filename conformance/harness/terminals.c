/* Pseudo terminals. Their descriptors are the scenario's to close.
 *
 * Its twin for `uvspec repro` is repro/terminals.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "scenario.h"
#include "store.h"

#include <fcntl.h>
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

/* Whether a terminal has a mode on: echo icanon isig iexten icrnl ixon brkint opost onlcr; vmin: its value. */
int uvt_pty_mode(int fd, const char *name) {
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
  uvt_give_up(UVT_UNRESOLVED, "the harness knows no such mode");
  return -1;
}

/* Changes one, as a program did before ours: echo, icrnl, onlcr. */
void uvt_pty_set(int fd, const char *name, int on) {
  struct termios t;
  tcflag_t *word, bit;
  if (tcgetattr(fd, &t) != 0)
    uvt_give_up(UVT_UNRESOLVED, "not a terminal");
  word = strcmp(name, "icrnl") == 0   ? &t.c_iflag
         : strcmp(name, "onlcr") == 0 ? &t.c_oflag
                                      : &t.c_lflag;
  bit = strcmp(name, "icrnl") == 0 ? ICRNL : strcmp(name, "onlcr") == 0 ? ONLCR : ECHO;
  *word = on ? *word | bit : *word & ~bit;
  if (tcsetattr(fd, TCSANOW, &t) != 0)
    uvt_give_up(UVT_UNRESOLVED, "the terminal's mode stays");
}
