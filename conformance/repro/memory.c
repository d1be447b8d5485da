static int uvt_fail_at, uvt_calls, uvt_live;

static int uvt_refused(void) {
  __atomic_add_fetch(&uvt_calls, 1, __ATOMIC_SEQ_CST);
  return uvt_fail_at > 0 && --uvt_fail_at == 0;
}

static void *uvt_counted(void *block) {
  if (block != NULL)
    __atomic_add_fetch(&uvt_live, 1, __ATOMIC_SEQ_CST);
  return block;
}

static void *uvt_malloc(size_t size) {
  void *block = uvt_refused() ? NULL : uvt_counted(malloc(size));
  if (block != NULL)
    memset(block, 0xA5, size);
  return block;
}

static void *uvt_calloc(size_t count, size_t size) {
  return uvt_refused() ? NULL : uvt_counted(calloc(count, size));
}

static void *uvt_realloc(void *old, size_t size) {
  void *block = uvt_refused() ? NULL : realloc(old, size);
  if (old == NULL)
    uvt_counted(block);
  return block;
}

static void uvt_free(void *block) {
  if (block != NULL)
    __atomic_sub_fetch(&uvt_live, 1, __ATOMIC_SEQ_CST);
  free(block);
}

__attribute__((constructor)) static void uvt_install_allocator(void) {
  uv_replace_allocator(uvt_malloc, uvt_realloc, uvt_calloc, uvt_free);
}

static void uvt_alloc_fail(int nth) {
  uvt_fail_at = nth;
}

static int uvt_alloc_calls(void) {
  return uvt_calls;
}

static int uvt_alloc_live(void) {
  return uvt_live;
}

static void uvt_alloc_free(void *block) {
  uvt_free(block);
}
