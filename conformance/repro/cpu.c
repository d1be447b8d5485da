static long uvt_cpu_ms(void) {
  struct timespec used;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return (long) used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

static long uvt_process_cpu_ms(void) {
  struct timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return (long) used.tv_sec * 1000 + used.tv_nsec / 1000000;
}
