/* Users and groups. What a uv_passwd_t or uv_group_t points to is one block. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "uv.h"

#include "util/alloc.h"

enum { FIRST_ROOM = 2048 };

static char *put(char **at, const char *text) {
  char *start = *at;
  const size_t size = strlen(text) + 1;

  memcpy(start, text, size);
  *at += size;
  return start;
}

/* Calls `look_up` with ever more room until its answer fits. 0 and the room, which is the caller's. */
static int with_room(int (*look_up)(void *entry, unsigned long id, char *room, size_t size),
                     void *entry, unsigned long id, char **room) {
  for (size_t size = FIRST_ROOM;; size *= 2) {
    int err;

    *room = uvi_malloc(size);
    if (*room == NULL)
      return UV_ENOMEM;
    do {
      err = look_up(entry, id, *room, size);
    } while (err == EINTR);
    if (err == 0)
      return 0;
    uvi_free(*room);
    if (err != ERANGE)
      return -err;
  }
}

static int look_up_user(void *entry, unsigned long id, char *room, size_t size) {
  struct passwd *found;
  const int err = getpwuid_r((uid_t) id, entry, room, size, &found);

  return err == 0 && found == NULL ? ENOENT : err;
}

static int look_up_group(void *entry, unsigned long id, char *room, size_t size) {
  struct group *found;
  const int err = getgrgid_r((gid_t) id, entry, room, size, &found);

  return err == 0 && found == NULL ? ENOENT : err;
}

static int copy_user(const struct passwd *from, uv_passwd_t *to) {
  const char *shell = from->pw_shell != NULL ? from->pw_shell : "";
  char *at = uvi_malloc(strlen(from->pw_name) + strlen(from->pw_dir) + strlen(shell) + 3);

  if (at == NULL)
    return UV_ENOMEM;
  to->username = put(&at, from->pw_name);
  to->homedir = put(&at, from->pw_dir);
  to->shell = put(&at, shell);
  to->uid = from->pw_uid;
  to->gid = from->pw_gid;
  return 0;
}

int uv_os_get_passwd2(uv_passwd_t *pwd, uv_uid_t uid) {
  struct passwd entry;
  char *room;
  int err;

  if (pwd == NULL)
    return UV_EINVAL;
  err = with_room(look_up_user, &entry, uid, &room);
  if (err != 0)
    return err;
  err = copy_user(&entry, pwd);
  uvi_free(room);
  return err;
}

int uv_os_get_passwd(uv_passwd_t *pwd) {
  return uv_os_get_passwd2(pwd, geteuid());
}

void uv_os_free_passwd(uv_passwd_t *pwd) {
  if (pwd == NULL)
    return;
  uvi_free(pwd->username); /* the block */
  pwd->username = NULL;
  pwd->shell = NULL;
  pwd->homedir = NULL;
}

/* The list of members first, for its alignment, then the texts. */
static int copy_group(const struct group *from, uv_group_t *to) {
  size_t count = 0, size = strlen(from->gr_name) + 1;
  char *at;

  for (; from->gr_mem != NULL && from->gr_mem[count] != NULL; count++)
    size += strlen(from->gr_mem[count]) + 1;
  to->members = uvi_malloc((count + 1) * sizeof *to->members + size);
  if (to->members == NULL)
    return UV_ENOMEM;
  at = (char *) (to->members + count + 1);
  to->groupname = put(&at, from->gr_name);
  for (size_t i = 0; i < count; i++)
    to->members[i] = put(&at, from->gr_mem[i]);
  to->members[count] = NULL;
  to->gid = from->gr_gid;
  return 0;
}

int uv_os_get_group(uv_group_t *grp, uv_uid_t gid) {
  struct group entry;
  char *room;
  int err;

  if (grp == NULL)
    return UV_EINVAL;
  err = with_room(look_up_group, &entry, gid, &room);
  if (err != 0)
    return err;
  err = copy_group(&entry, grp);
  uvi_free(room);
  return err;
}

void uv_os_free_group(uv_group_t *grp) {
  if (grp == NULL)
    return;
  uvi_free(grp->members); /* the block */
  grp->members = NULL;
  grp->groupname = NULL;
}
