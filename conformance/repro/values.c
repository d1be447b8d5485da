static void uvt_ipv4(struct sockaddr_in *address, const char *text, int port) {
  memset(address, 0, sizeof *address);
  address->sin_family = AF_INET;
  address->sin_port = htons((uint16_t) port);
  if (inet_pton(AF_INET, text, &address->sin_addr) != 1)
    abort();
}

static void uvt_ipv6(struct sockaddr_in6 *address, const char *text, int port) {
  memset(address, 0, sizeof *address);
  address->sin6_family = AF_INET6;
  address->sin6_port = htons((uint16_t) port);
  if (inet_pton(AF_INET6, text, &address->sin6_addr) != 1)
    abort();
}

static const char *uvt_repeated(const char *text, int times) {
  size_t length = strlen(text);
  char *result = malloc(length * (size_t) times + 1); /* for as long as the program runs */
  if (result == NULL)
    abort();
  for (int i = 0; i < times; i++)
    memcpy(result + (size_t) i * length, text, length);
  result[length * (size_t) times] = '\0';
  return result;
}

static int uvt_count_bytes(const void *memory, size_t first, size_t size, int byte) {
  const unsigned char *bytes = (const unsigned char *) memory + first;
  int count = 0;
  for (size_t i = 0; i < size; i++)
    count += bytes[i] == byte;
  return count;
}

static int uvt_same_bytes(const void *a, size_t a_at, const void *b, size_t b_at, size_t size) {
  return memcmp((const char *) a + a_at, (const char *) b + b_at, size) == 0;
}

static void uvt_set_text(char *to, size_t size, const char *text) {
  if (strlen(text) >= size)
    abort();
  memcpy(to, text, strlen(text) + 1);
}

static const char *uvt_address_text(const struct sockaddr *address) {
  static char text[INET6_ADDRSTRLEN + 8];
  const struct sockaddr_in *four = (const struct sockaddr_in *) (const void *) address;
  const struct sockaddr_in6 *six = (const struct sockaddr_in6 *) (const void *) address;
  int is_six = address != NULL && address->sa_family == AF_INET6;
  if (address == NULL || (!is_six && address->sa_family != AF_INET))
    return "no such address";
  const void *bytes = is_six ? (const void *) &six->sin6_addr : (const void *) &four->sin_addr;
  inet_ntop(is_six ? AF_INET6 : AF_INET, bytes, text, sizeof text);
  int port = ntohs(is_six ? six->sin6_port : four->sin_port);
  snprintf(text + strlen(text), sizeof text - strlen(text), " %d", port);
  return text;
}

static void uvt_utf16(uint16_t *to, size_t size, const char *hex) {
  size_t units = 0;
  char *end;
  for (;; hex = end) {
    unsigned long unit = strtoul(hex, &end, 16);
    if (units == size / sizeof *to)
      abort();
    if (end == hex)
      break;
    to[units++] = (uint16_t) unit;
  }
  to[units] = 0;
}

static const char *uvt_utf16_text(const uint16_t *utf16, size_t units) {
  static char results[4][256];
  static unsigned turn;
  char *result = results[turn++ % 4];
  if (units * 5 >= sizeof results[0])
    abort();
  result[0] = 0;
  for (size_t i = 0; i < units; i++)
    sprintf(result + strlen(result), i > 0 ? " %04x" : "%04x", utf16[i]);
  return result;
}
