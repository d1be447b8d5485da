/* The child of proc-streams; it knows nothing of libuv. */
#include <stdio.h>

int main(void) {
  fprintf(stderr, "written to standard error\n");
  printf("written to standard output\n");
  return fflush(stdout) == 0 && getchar() == EOF ? 0
                                                 : 1; /* there is nothing to read, and no error */
}
