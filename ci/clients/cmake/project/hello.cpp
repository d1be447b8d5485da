// A program of many behaviours, for ctest to run.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

int count_generated();

// Holds a folder as a lock: two at once would see it.
static int hold(const std::string &path) {
  if (mkdir(path.c_str(), 0700) != 0) return 1;
  FILE *log = fopen((path + ".log").c_str(), "a");
  fputs("held alone\n", log);
  fclose(log);
  usleep(20000);
  return rmdir(path.c_str()) != 0;
}

int main(int argc, char **argv) {
  std::string what = argc > 1 ? argv[1] : "";
  if (what == "exit") return 1;
  if (what == "abort") abort();
  if (what == "sleep") sleep(50);
  if (what == "lock") return hold(argv[2]);
  if (what == "much") {
    for (int i = 0; i < 20000; i++) puts("a line of much output, to fill the pipe");
    fprintf(stderr, "and the end of it\n");
    return 0;
  }
  if (what == "env") {
    char folder[4096];
    const char *greeting = getenv("GREETING");
    return !(greeting && !strcmp(greeting, "hello") && getcwd(folder, sizeof folder) && !strcmp(folder, "/"));
  }
  printf("%s\n", what == "quick" ? "quick" : "hello from the project");
  return 0;
}
