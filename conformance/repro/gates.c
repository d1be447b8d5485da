static struct { int is_open, waiting, passed; } uvt_gate[8];
static pthread_mutex_t uvt_gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t uvt_gate_change = PTHREAD_COND_INITIALIZER;

static void uvt_gate_wait(int gate) {
  pthread_mutex_lock(&uvt_gate_lock);
  uvt_gate[gate].waiting++;
  pthread_cond_broadcast(&uvt_gate_change);
  while (!uvt_gate[gate].is_open)
    pthread_cond_wait(&uvt_gate_change, &uvt_gate_lock);
  uvt_gate[gate].waiting--;
  uvt_gate[gate].passed++;
  pthread_cond_broadcast(&uvt_gate_change);
  pthread_mutex_unlock(&uvt_gate_lock);
}

static void uvt_gate_open(int gate) {
  pthread_mutex_lock(&uvt_gate_lock);
  uvt_gate[gate].is_open = 1;
  pthread_cond_broadcast(&uvt_gate_change);
  pthread_mutex_unlock(&uvt_gate_lock);
}

static void uvt_gate_shut(int gate) {
  pthread_mutex_lock(&uvt_gate_lock);
  uvt_gate[gate].is_open = 0;
  pthread_mutex_unlock(&uvt_gate_lock);
}

static void uvt_gate_await(int gate, int count) {
  pthread_mutex_lock(&uvt_gate_lock);
  while (uvt_gate[gate].waiting + uvt_gate[gate].passed < count) {
    pthread_cond_wait(&uvt_gate_change, &uvt_gate_lock);
  }
  pthread_mutex_unlock(&uvt_gate_lock);
}

static int uvt_gate_came(int gate) {
  pthread_mutex_lock(&uvt_gate_lock);
  int came = uvt_gate[gate].waiting + uvt_gate[gate].passed;
  pthread_mutex_unlock(&uvt_gate_lock);
  return came;
}
