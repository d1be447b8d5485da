/* The library under test: by path, or linked in. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "harness.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

int uvt_preloaded;

static const char *hidden = "";

void uvt_library_hide(const char *names) {
  hidden = names;
}

static int is_hidden(const char *name) {
  size_t length = strlen(name);
  for (const char *at = hidden; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
    if (strcspn(at, ",") == length && memcmp(at, name, length) == 0)
      return 1;
  }
  return 0;
}

static void note_version(const char *version) {
  if (version != NULL)
    uvt_add_text(uvt_store->version, sizeof uvt_store->version, version);
}

static void note_missing(const char *name) {
  unsigned index = atomic_fetch_add(&uvt_store->missing_count, 1);
  if (index >= UVT_MISSING_MAX)
    return;
  uvt_add_text(uvt_store->missing[index], UVT_MISSING_TEXT, name);
}

/* Where the loader found it, for the report: `libuv.so.1` says little. */
static void note_path(const char *path, void *symbol) {
  Dl_info info;
  char resolved[4096];
  if (symbol != NULL && dladdr(symbol, &info) != 0 && info.dli_fname != NULL)
    path = info.dli_fname;
  if (realpath(path, resolved) != NULL)
    path = resolved;
  uvt_add_text(uvt_store->path, sizeof uvt_store->path, path);
}

#ifdef UVT_SUITE_BINARY
const char *uvt_library_load(const char *path) {
  void *library = dlopen(uvt_preloaded ? NULL : path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL)
    return dlerror();
  void *any = NULL;
  for (int i = 0; i < uvt_symbol_count; i++) {
    void *symbol = is_hidden(uvt_symbols[i].name) ? NULL : dlsym(library, uvt_symbols[i].name);
    memcpy((char *) &uvt_api + uvt_symbols[i].offset, &symbol, sizeof symbol);
    if (symbol == NULL)
      note_missing(uvt_symbols[i].name);
    else
      any = symbol;
  }
  note_path(path, any);
  return NULL;
}

#else
const char *uvt_library_load(const char *path) {
  void *any = NULL;
  for (int i = 0; i < uvt_symbol_count; i++) {
    void *symbol;
    memcpy(&symbol, (char *) &uvt_api + uvt_symbols[i].offset, sizeof symbol);
    if (symbol != NULL)
      any = symbol;
    if (symbol != NULL && !is_hidden(uvt_symbols[i].name))
      continue;
    memset((char *) &uvt_api + uvt_symbols[i].offset, 0, sizeof symbol);
    note_missing(uvt_symbols[i].name);
  }
  note_path(path == NULL ? "" : path, any);
  return NULL;
}
#endif

long uvt_library_symbols(void) {
  return uvt_symbol_count;
}

void uvt_library_note_version(void) {
  if (UVT_HAVE(uv_version_string))
    note_version(uv_version_string());
}
