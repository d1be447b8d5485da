/* ---- helpers -------------------------------------------------------------------------------- */

#include <stdarg.h>

enum { UVT_EVENTS = 20000, UVT_FIXTURES = 512 };
static struct {
  int failed, events, matched;
  char event[UVT_EVENTS][48];
} * uvt; /* shared with forked children */
static struct {
  const char *name;
  void *memory;
  int is_loop;
  size_t gone; /* its size, once the program has its memory back */
} uvt_fixture[UVT_FIXTURES];
static int uvt_fixtures;

static void uvt_check(const char *call, const char *want, int holds, const char *format, ...) {
  va_list values;
  if (holds)
    return;
  __atomic_add_fetch(&uvt->failed, 1, __ATOMIC_SEQ_CST);
  printf("FAILED  %s\n  wanted: %s\n  seen:   ", call, want);
  va_start(values, format);
  vprintf(format, values);
  va_end(values);
  printf("\n");
}

enum uvt_verdict { UVT_SKIPPED, UVT_UNRESOLVED };

/* What the scenario needs is not there. */
static _Noreturn void uvt_give_up(enum uvt_verdict verdict, const char *reason) {
  printf("%s: %s\n", verdict == UVT_SKIPPED ? "SKIP" : "UNRESOLVED", reason);
  exit(verdict == UVT_SKIPPED ? 77 : 3);
}

static void uvt_forget_failures(void) {
  uvt->failed = 0;
}

static void uvt_at_end(void (*tidy)(void)) {
  atexit(tidy);
}

static void uvt_note(const char *text) {
  int n = __atomic_fetch_add(&uvt->events, 1, __ATOMIC_SEQ_CST);
  if (n >= UVT_EVENTS)
    return;
  for (int i = 0; i < 47 && text[i]; i++)
    uvt->event[n][i] = text[i];
}

static void uvt_event(const char *callback, const void *subject) {
  char text[48];
  const char *name = NULL;
  for (int i = 0; i < uvt_fixtures; i++) {
    if (subject != NULL && uvt_fixture[i].memory == subject)
      name = uvt_fixture[i].name;
  }
  if (name == NULL)
    snprintf(text, sizeof text, "%s", callback);
  else
    snprintf(text, sizeof text, "%s(%s)", callback, name);
  uvt_note(text);
}

static void uvt_dirty(void *memory, size_t size) {
  memset(memory, 0xA5, size);
}

static void uvt_add_fixture(const char *name, void *memory, int is_loop) {
  for (int i = 0; i < uvt_fixtures; i++) {
    if (uvt_fixture[i].memory != memory)
      continue;
    uvt_fixture[i].gone = 0;
    return;
  }
  if (uvt_fixtures == UVT_FIXTURES)
    return;
  uvt_fixture[uvt_fixtures].name = name;
  uvt_fixture[uvt_fixtures].memory = memory;
  uvt_fixture[uvt_fixtures++].is_loop = is_loop;
}

static void uvt_handle(const char *name, uv_handle_t *handle) {
  uvt_add_fixture(name, handle, 0);
}

static void uvt_handle_at(const char *array, int index, uv_handle_t *handle) {
  static char names[UVT_FIXTURES][32];
  static int used;
  char *name = names[used++ % UVT_FIXTURES];
  snprintf(name, sizeof names[0], "%s[%d]", array, index);
  uvt_handle(name, handle);
}

static void uvt_request(const char *name, void *req) {
  uvt_add_fixture(name, req, 0);
}

static void uvt_gone(void *handle, size_t size) {
  uvt_dirty(handle, size);
  for (int i = 0; i < uvt_fixtures; i++) {
    if (uvt_fixture[i].memory == handle)
      uvt_fixture[i].gone = size;
  }
}

static void uvt_check_gone(void) {
  for (int i = 0; i < uvt_fixtures; i++) {
    const unsigned char *memory = uvt_fixture[i].memory;
    size_t at = 0;
    while (at < uvt_fixture[i].gone && memory[at] == 0xA5)
      at++;
    uvt_check("memory of a handle after its close callback", "left alone",
              at == uvt_fixture[i].gone, "%s", uvt_fixture[i].name);
  }
}

static uv_loop_t *uvt_loop(const char *name) {
  uv_loop_t *loop = malloc(sizeof *loop);
  if (loop == NULL)
    abort();
  uvt_dirty(loop, sizeof *loop);
  CHECK_INT(uv_loop_init(loop), ==, 0);
  uvt_add_fixture(name, loop, 1);
  return loop;
}

static void uvt_close_left(uv_handle_t *handle, void *arg) {
  (void) arg;
  if (!uv_is_closing(handle))
    uv_close(handle, NULL);
}

/* Closes what the scenario left open; a loop must then end and close. */
static void uvt_finish(void) {
  for (int i = 0; i < uvt_fixtures; i++) {
    uv_loop_t *loop = uvt_fixture[i].memory;
    if (!uvt_fixture[i].is_loop)
      continue;
    uv_walk(loop, uvt_close_left, NULL);
    for (int turn = 0; turn < 3 && uv_run(loop, UV_RUN_DEFAULT) != 0; turn++)
      continue;
    CHECK_INT(uv_loop_close(loop), ==, 0);
    free(loop);
  }
  uvt_check_gone();
}

static void uvt_repro(void); /* the scenario */

int main(void) {
  uvt = mmap(NULL, sizeof *uvt, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (uvt == MAP_FAILED)
    return 3;
  setvbuf(stdout, NULL, _IONBF, 0);
  printf("libuv %s\n", uv_version_string());
  uvt_repro();
  printf("trace:");
  for (int i = 0; i < uvt->events && i < UVT_EVENTS; i++)
    printf(" %s", uvt->event[i]);
  printf("\n%s\n", uvt->failed ? "FAIL" : "PASS");
  return uvt->failed != 0;
}
