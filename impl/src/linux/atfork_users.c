/* The C library does not tell whether pthread_atfork() was called. It can only have been called by what
 * refers to it, and what is loaded says what it refers to. Looking through that takes some tens of
 * microseconds, and is done again only after something was loaded. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "linux/atfork_users.h"

#include <elf.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* They take locks, or note that the process is another one. */
static const char *const harmless[] = {
    "libuv.so",      "libbsd.so",    "libcap-ng.so",   "libcrypto.so",      "libgc.so",
    "libgcrypt.so",  "libgnutls.so", "libnpth.so",     "libp11-kit.so",     "libpsx.so",
    "libsystemd.so", "libudev.so",   "libjemalloc.so", "libnss_systemd.so", NULL};

struct tables {
  const ElfW(Sym) * symbols;
  const char *names;
  size_t count; /* of symbols that are not defined there; others may be among them */
};

static bool is_harmless(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;

  for (int i = 0; harmless[i] != NULL; i++) {
    if (strncmp(name, harmless[i], strlen(harmless[i])) == 0)
      return true;
  }
  return false;
}

/* Some systems leave addresses relative to where the object lies. */
static const void *at_address(const struct dl_phdr_info *info, ElfW(Addr) address) {
  ElfW(Addr) base = info->dlpi_addr;

  return (const void *) (uintptr_t) (address < base ? address + base : address);
}

/* False if it cannot be told. Symbols that are defined elsewhere come before those that a GNU hash table
 * knows. */
static bool find_tables(const struct dl_phdr_info *info, const ElfW(Dyn) * entry,
                        struct tables *tables) {
  memset(tables, 0, sizeof *tables);
  for (; entry->d_tag != DT_NULL; entry++) {
    const void *at;

    if (entry->d_tag != DT_SYMTAB && entry->d_tag != DT_STRTAB && entry->d_tag != DT_HASH &&
        entry->d_tag != DT_GNU_HASH)
      continue;
    at = at_address(info, entry->d_un.d_ptr);
    if (entry->d_tag == DT_SYMTAB)
      tables->symbols = at;
    else if (entry->d_tag == DT_STRTAB)
      tables->names = at;
    else if (tables->count == 0)
      tables->count = ((const uint32_t *) at)[1];
  }
  return tables->symbols != NULL && tables->names != NULL && tables->count > 0;
}

static bool refers_to_it(const struct tables *tables) {
  for (size_t i = 1; i < tables->count; i++) {
    const ElfW(Sym) *symbol = &tables->symbols[i];
    const char *name = tables->names + symbol->st_name;

    if (symbol->st_shndx == SHN_UNDEF &&
        (strcmp(name, "__register_atfork") == 0 || strcmp(name, "pthread_atfork") == 0))
      return true;
  }
  return false;
}

static int look_at(struct dl_phdr_info *info, size_t size, void *found) {
  struct tables tables;

  (void) size;
  if (is_harmless(info->dlpi_name))
    return 0;
  for (unsigned i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

    if (segment->p_type != PT_DYNAMIC)
      continue;
    if (find_tables(info, (const void *) (uintptr_t) (info->dlpi_addr + segment->p_vaddr),
                    &tables) &&
        refers_to_it(&tables))
      *(bool *) found = true;
  }
  return *(bool *) found;
}

/* How often something was loaded, ever. */
static int count_loads(struct dl_phdr_info *info, size_t size, void *count) {
  (void) size;
  *(unsigned long long *) count = info->dlpi_adds;
  return 1;
}

bool uvi_atfork_is_used(void) {
  static _Atomic(unsigned long long) known; /* twice the loads, plus the answer */
  unsigned long long loads = 0;
  unsigned long long last = atomic_load_explicit(&known, memory_order_relaxed);
  bool found = false;

  (void) dl_iterate_phdr(count_loads, &loads);
  if (last / 2 == loads && loads > 0)
    return last & 1;
  (void) dl_iterate_phdr(look_at, &found);
  atomic_store_explicit(&known, 2 * loads + found, memory_order_relaxed);
  return found;
}
