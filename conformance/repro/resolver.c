static int uvt_gate_at = -1, uvt_eai, uvt_lookups;
static char uvt_name_asked[512];

static void uvt_resolver_gate(int which) {
  __atomic_store_n(&uvt_gate_at, which, __ATOMIC_SEQ_CST);
}

static void uvt_resolver_answer(int eai) {
  __atomic_store_n(&uvt_eai, eai, __ATOMIC_SEQ_CST);
}

static int uvt_resolver_calls(void) {
  return __atomic_load_n(&uvt_lookups, __ATOMIC_SEQ_CST);
}

static const char *uvt_resolver_asked(void) {
  return uvt_name_asked;
}

static int uvt_resolve(const char *name) {
  int which = __atomic_load_n(&uvt_gate_at, __ATOMIC_SEQ_CST);
  snprintf(uvt_name_asked, sizeof uvt_name_asked, "%s", name ? name : "");
  __atomic_add_fetch(&uvt_lookups, 1, __ATOMIC_SEQ_CST);
  if (which >= 0)
    uvt_gate_wait(which);
  errno = EMFILE;
  return __atomic_load_n(&uvt_eai, __ATOMIC_SEQ_CST);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **found) {
  int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
  int error = uvt_resolve(name);
  memcpy(&next, &symbol, sizeof next);
  return error ? error : next(name, service, hints, found);
}

int getnameinfo(const struct sockaddr *address, socklen_t size, char *host, socklen_t host_size,
                char *service, socklen_t service_size, int flags) {
  int (*next)(const struct sockaddr *, socklen_t, char *, socklen_t, char *, socklen_t, int);
  void *symbol = dlsym(RTLD_NEXT, "getnameinfo");
  int error = uvt_resolve("");
  memcpy(&next, &symbol, sizeof next);
  return error ? error : next(address, size, host, host_size, service, service_size, flags);
}
