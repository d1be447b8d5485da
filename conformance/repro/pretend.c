static struct uvt_pretended {
  const char *path, *text; /* no text: nothing that begins so is there */
} uvt_pretended[24];
static int uvt_pretended_count, uvt_pretended_read, uvt_members, uvt_member_length, uvt_user_length;

static void uvt_pretend_file(const char *path, const char *text) {
  uvt_pretended[uvt_pretended_count++] = (struct uvt_pretended){path, text};
}

static void uvt_pretend_nothing(const char *prefix) {
  uvt_pretend_file(prefix, NULL);
}

static int uvt_pretended_reads(void) {
  int reads = uvt_pretended_read;
  uvt_pretended_read = 0;
  return reads;
}

static int uvt_pretends(const char *path) {
  int result = -2;
  for (int i = 0; i < uvt_pretended_count; i++) {
    const char *text = uvt_pretended[i].text;
    if (text == NULL && strncmp(path, uvt_pretended[i].path, strlen(uvt_pretended[i].path)) == 0) {
      errno = ENOENT;
      result = -1;
    }
    if (text == NULL || strcmp(path, uvt_pretended[i].path) != 0)
      continue;
    result = (int) syscall(SYS_memfd_create, "pretended", 1u);
    uvt_pretended_read += write(result, text, strlen(text)) >= 0 && lseek(result, 0, SEEK_SET) == 0;
    return result;
  }
  return result;
}

#define UVT_OPENERS(open_name, fopen_name)                                                         \
  int open_name(const char *path, int flags, ...) {                                                \
    int (*next)(const char *, int, ...);                                                           \
    void *symbol = dlsym(RTLD_NEXT, #open_name);                                                   \
    int fd = uvt_pretends(path);                                                                   \
    va_list more;                                                                                  \
    va_start(more, flags);                                                                         \
    unsigned mode = flags & O_CREAT ? va_arg(more, unsigned) : 0;                                  \
    va_end(more);                                                                                  \
    memcpy(&next, &symbol, sizeof next);                                                           \
    return fd != -2 ? fd : next(path, flags, mode);                                                \
  }                                                                                                \
                                                                                                   \
  FILE *fopen_name(const char *path, const char *mode) {                                           \
    FILE *(*next)(const char *, const char *);                                                     \
    void *symbol = dlsym(RTLD_NEXT, #fopen_name);                                                  \
    int fd = uvt_pretends(path);                                                                   \
    memcpy(&next, &symbol, sizeof next);                                                           \
    return fd >= 0 ? fdopen(fd, "r") : fd == -1 ? NULL : next(path, mode);                         \
  }

UVT_OPENERS(open, fopen)
UVT_OPENERS(open64, fopen64)

static void uvt_pretend_group(int members, int length) {
  uvt_members = members;
  uvt_member_length = length;
}

static const char *uvt_member(int which) {
  static char name[256];
  memset(name, 'a' + which % 26, sizeof name);
  name[uvt_member_length < 255 ? uvt_member_length : 255] = '\0';
  return name;
}

int getgrgid_r(gid_t gid, struct group *group, char *room, size_t size, struct group **found) {
  int (*next)(gid_t, struct group *, char *, size_t, struct group **);
  void *symbol = dlsym(RTLD_NEXT, "getgrgid_r");
  size_t texts = 32 + ((size_t) uvt_members + 1) * sizeof(char *);
  size_t skip = (16 - (size_t) room % 16) % 16;
  memcpy(&next, &symbol, sizeof next);
  if (uvt_members == 0)
    return next(gid, group, room, size, found);
  *found = NULL;
  if (size < skip + texts + (size_t) uvt_members * ((size_t) uvt_member_length + 1))
    return ERANGE;
  uvt_pretended_read++;
  *group = (struct group){.gr_name = strcpy(room + skip, "pretended"), .gr_gid = gid};
  group->gr_mem = (char **) (void *) (room + skip + 32);
  for (int i = 0; i < uvt_members; i++, texts += (size_t) uvt_member_length + 1)
    group->gr_mem[i] = strcpy(room + skip + texts, uvt_member(i));
  group->gr_mem[uvt_members] = NULL;
  *found = group;
  return 0;
}

static void uvt_pretend_user(int length) {
  uvt_user_length = length;
}

int getpwuid_r(uid_t uid, struct passwd *user, char *room, size_t size, struct passwd **found) {
  int (*next)(uid_t, struct passwd *, char *, size_t, struct passwd **);
  void *symbol = dlsym(RTLD_NEXT, "getpwuid_r");
  size_t length = (size_t) uvt_user_length;
  memcpy(&next, &symbol, sizeof next);
  if (length == 0)
    return next(uid, user, room, size, found);
  *found = NULL;
  if (size < 3 * (length + 1))
    return ERANGE;
  uvt_pretended_read++;
  for (size_t i = 0; i < 3; i++) {
    memset(room + i * (length + 1), "nhs"[i], length);
    room[i * (length + 1) + length] = '\0';
  }
  *user = (struct passwd){.pw_name = room, .pw_uid = uid, .pw_gid = 4321};
  user->pw_passwd = user->pw_gecos = room + length;
  user->pw_dir = room + length + 1;
  user->pw_shell = room + 2 * (length + 1);
  *found = user;
  return 0;
}
