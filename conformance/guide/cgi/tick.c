/* What cgi runs; it knows nothing of libuv. */
#include <stdio.h>

int main(void) {
  for (int i = 1; i <= 10; i++) {
    printf("tick %d\n", i);
    if (fflush(stdout) != 0)
      return 1;
  }
  puts("done");
  return 0;
}
