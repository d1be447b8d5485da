enum {
  UVT_FDS = 64,
  UVT_LENT = 4,
  UVT_LENT_SIZE = 8192,
  UVT_ROOM = 1 << 17,
  UVT_FILE_TEXT = 1 << 16
};

struct uvt_files {
  char before[PATH_MAX]; /* where the process was; empty: it still is */
  struct {
    int fd;
    dev_t device;
    ino_t inode;
  } opened[UVT_FDS];
  int opened_count;
  uid_t user;
  gid_t group;
  int is_other;
  char lent[UVT_LENT][UVT_LENT_SIZE];
  unsigned lent_count;
};

static struct uvt_files *uvt_files_now(void) {
  static struct uvt_files files;
  return &files;
}

static void uvt_files_end(void);

static void uvt_files_need(int holds, const char *reason) {
  if (holds)
    return;
  printf("UNRESOLVED: %s\n", reason);
  abort();
}

static void uvt_folder_of(long pid, char *path, size_t size) {
  const char *above = getenv("TMPDIR");
  snprintf(path, size, "%s/uvt-folder-%ld", above != NULL && above[0] == '/' ? above : "/tmp", pid);
}

static int uvt_remove_one(const char *path, const struct stat *st, int type, struct FTW *place) {
  (void) st;
  (void) place;
  if (type == FTW_DP || type == FTW_DNR)
    rmdir(path);
  else
    unlink(path);
  return 0;
}

static int uvt_open_up(const char *path, const struct stat *st, int type, struct FTW *place) {
  (void) st;
  (void) place;
  if (type == FTW_D || type == FTW_DNR)
    chmod(path, 0700);
  return 0;
}

static void uvt_folder_remove(long pid) {
  char path[PATH_MAX];
  uvt_folder_of(pid, path, sizeof path);
  if (access(path, F_OK) != 0)
    return;
  nftw(path, uvt_open_up, 16, FTW_PHYS);
  nftw(path, uvt_remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

static void uvt_folder(void) {
  struct uvt_files *files = uvt_files_now();
  char path[PATH_MAX];
  uvt_folder_of(getpid(), path, sizeof path);
  uvt_folder_remove(getpid());
  umask(022);
  atexit(uvt_files_end);
  uvt_files_need(files->before[0] == '\0' && getcwd(files->before, sizeof files->before) != NULL,
                 "no working directory");
  uvt_files_need(mkdir(path, 0755) == 0 && chdir(path) == 0, "no folder for the test");
}

static const char *uvt_inside(const char *name) {
  static char paths[4][PATH_MAX];
  static unsigned turn;
  char *path = paths[turn++ % 4];
  uvt_files_need(getcwd(path, PATH_MAX - 300) != NULL && strlen(name) < 298,
                 "no working directory");
  strcat(strcat(path, "/"), name);
  return path;
}

static void uvt_unprivileged(void) {
  struct uvt_files *files = uvt_files_now();
  const uid_t nobody = 65534;
  if (getuid() != 0)
    return;
  files->user = getuid();
  files->group = getgid();
  /* The saved user stays, so that uvt_finish() can go back. */
  if (setresgid(nobody, nobody, files->group) != 0 || setresuid(nobody, nobody, files->user) != 0)
    abort();
  files->is_other = 1;
}

static void uvt_act_as_nobody(void) {
  struct uvt_files *files = uvt_files_now();
  if (getuid() != 0)
    return;
  files->user = getuid();
  files->group = getgid();
  if (setresuid(files->user, 65534, files->user) != 0)
    abort();
  files->is_other = 1;
}

static void uvt_privileged(void) {
  struct uvt_files *files = uvt_files_now();
  if (!files->is_other)
    return;
  files->is_other = 0;
  uvt_files_need(setresuid(files->user, files->user, files->user) == 0,
                 "no way back to the user before");
  uvt_files_need(setresgid(files->group, files->group, files->group) == 0,
                 "no way back to the group before");
}

static void uvt_set_umask(int mask) {
  umask((mode_t) mask);
}

static void uvt_write_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(fd, bytes, size);
    uvt_files_need(written > 0, "a file cannot be written");
    bytes += written;
    size -= (size_t) written;
  }
}

static void uvt_make_with(const char *path, const char *bytes, size_t size) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  uvt_files_need(fd >= 0, "a file cannot be made");
  uvt_write_all(fd, bytes, size);
  close(fd);
}

static void uvt_make_file(const char *path, const char *text) {
  uvt_make_with(path, text, strlen(text));
}

static void uvt_make_pattern(const char *path, size_t size) {
  char *bytes = malloc(size + 1);
  uvt_files_need(bytes != NULL, "no memory");
  for (size_t i = 0; i < size; i++)
    bytes[i] = (char) (i % 251);
  uvt_make_with(path, bytes, size);
  free(bytes);
}

static void uvt_make_folder(const char *path) {
  uvt_files_need(mkdir(path, 0755) == 0, "a folder cannot be made");
}

static void uvt_make_link(const char *target, const char *path) {
  uvt_files_need(symlink(target, path) == 0, "a symbolic link cannot be made");
}

static void uvt_make_fifo(const char *path) {
  uvt_files_need(mkfifo(path, 0644) == 0, "a named pipe cannot be made");
}

static int uvt_make_block(const char *path) {
  return mknod(path, S_IFBLK | 0600, makedev(7, 77)) == 0;
}

static void uvt_make_socket(const char *path) {
  struct sockaddr_un name;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memset(&name, 0, sizeof name);
  name.sun_family = AF_UNIX;
  uvt_files_need(strlen(path) < sizeof name.sun_path, "too long a name for a socket");
  memcpy(name.sun_path, path, strlen(path));
  uvt_files_need(bind(fd, (struct sockaddr *) &name, sizeof name) == 0, "a socket cannot be made");
  close(fd);
}

static void uvt_set_mode(const char *path, int mode) {
  uvt_files_need(chmod(path, (mode_t) mode) == 0, "the mode stays");
}

static void uvt_set_times(const char *path, long access_s, long change_s) {
  const struct timespec times[2] = {{access_s, 0}, {change_s, 0}};
  uvt_files_need(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0, "the times stay");
}

static void uvt_set_size(const char *path, int64_t size) {
  uvt_files_need(truncate(path, size) == 0, "the size stays");
}

static const char *uvt_file_text(const char *path) {
  static char text[UVT_FILE_TEXT];
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0)
    close(fd);
  text[size > 0 ? size : 0] = '\0';
  return fd < 0 ? "(no such file)" : text;
}

static int64_t uvt_file_pattern(const char *path) {
  static char piece[65536];
  int64_t place = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t size;
  if (fd < 0)
    return -1;
  while ((size = read(fd, piece, sizeof piece)) > 0) {
    for (ssize_t i = 0; i < size && place >= 0; i++)
      place = piece[i] == (char) (place % 251) ? place + 1 : -1;
    if (place < 0)
      break;
  }
  close(fd);
  return place;
}

static const char *uvt_link_text(const char *path) {
  static char text[PATH_MAX];
  ssize_t size = readlink(path, text, sizeof text - 1);
  text[size > 0 ? size : 0] = '\0';
  return size < 0 ? "(no link)" : text;
}

static int uvt_shares_blocks(void) {
#ifdef __linux__
  const unsigned long clone = _IOW(0x94, 9, int); /* FICLONE */
  uvt_make_file("uvt-from", "some text");
  uvt_make_file("uvt-to", "");
  int from = open("uvt-from", O_RDONLY | O_CLOEXEC), to = open("uvt-to", O_WRONLY | O_CLOEXEC);
  int shares = ioctl(to, clone, from) == 0;
  close(from);
  close(to);
  unlink("uvt-from");
  unlink("uvt-to");
  return shares;
#else
  return 0;
#endif
}

static int uvt_fd_open(const char *path, int flags) {
  struct uvt_files *files = uvt_files_now();
  struct stat st;
  int fd = open(path, flags | O_CLOEXEC, 0644);
  uvt_files_need(fd >= 0 && fstat(fd, &st) == 0 && files->opened_count < UVT_FDS,
                 "a file cannot be opened");
  files->opened[files->opened_count].fd = fd;
  files->opened[files->opened_count].device = st.st_dev;
  files->opened[files->opened_count++].inode = st.st_ino;
  return fd;
}

static int uvt_fifo_writer(const char *path) {
  int fd;
  /* It takes until somebody reads, and no time can be told. */
  while ((fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
    uvt_files_need(errno == ENXIO || errno == EINTR, "a named pipe cannot be opened");
  return fd;
}

static int64_t uvt_fd_position(int fd) {
  return lseek(fd, 0, SEEK_CUR);
}

static void uvt_fd_seek(int fd, int64_t position) {
  uvt_files_need(lseek(fd, position, SEEK_SET) == position, "the position stays");
}

static int uvt_fd_flags(int fd) {
  return fcntl(fd, F_GETFL);
}

static int uvt_fd_is(int fd, const char *path) {
  struct stat one, other;
  return fstat(fd, &one) == 0 && lstat(path, &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

static const char *uvt_lent(const char *text) {
  struct uvt_files *files = uvt_files_now();
  char *copy = files->lent[files->lent_count++ % UVT_LENT];
  uvt_files_need(strlen(text) < UVT_LENT_SIZE, "too long a text to lend");
  return strcpy(copy, text);
}

static void uvt_lent_back(void) {
  struct uvt_files *files = uvt_files_now();
  memset(files->lent, 'Z', sizeof files->lent);
}

static char *uvt_room(size_t size) {
  static char room[UVT_ROOM];
  static size_t used;
  char *start = room + used;
  uvt_files_need(size <= sizeof room - used, "too little room");
  memset(start, 0xA5, size);
  used += size;
  return start;
}

static const char *uvt_bytes(const char *memory, size_t size) {
  static char text[4096];
  uvt_files_need(size < sizeof text, "too many bytes to show");
  for (size_t i = 0; i < size; i++) {
    int byte = (unsigned char) memory[i];
    text[i] = byte == 0xA5 ? '?' : byte == 0 ? '0' : byte < ' ' || byte > '~' ? '!' : (char) byte;
  }
  text[size] = '\0';
  return text;
}

static void uvt_files_end(void) {
  struct uvt_files *files = uvt_files_now();
  struct stat st;
  uvt_privileged();
  while (files->opened_count > 0) {
    int fd = files->opened[--files->opened_count].fd;
    /* The library may have closed it, and the number be another file's by now. */
    if (fstat(fd, &st) == 0 && st.st_dev == files->opened[files->opened_count].device &&
        st.st_ino == files->opened[files->opened_count].inode)
      close(fd);
  }
  if (files->before[0] == '\0')
    return;
  uvt_files_need(chdir(files->before) == 0, "no way back to the working directory");
  uvt_folder_remove(getpid());
  files->before[0] = '\0';
}
