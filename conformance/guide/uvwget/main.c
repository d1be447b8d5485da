/* uvwget URL…: downloads into 1.download, 2.download … with libcurl, which keeps its sockets to itself: the
 * loop polls them, and tells it which are ready. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "guide.h"

struct watch {
  uv_poll_t poll;
  curl_socket_t socket;
};

static uv_loop_t *loop;
static uv_timer_t timeout;
static CURLM *multi;
static int failed;

static void finish(CURL *easy, CURLcode result) {
  char *url = NULL;
  FILE *file = NULL;
  curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **) &file);
  guide_say("%s: %s", url, result == CURLE_OK ? "done" : curl_easy_strerror(result));
  failed += result != CURLE_OK;
  curl_multi_remove_handle(multi, easy);
  curl_easy_cleanup(easy);
  failed += fclose(file) != 0;
}

static void act(curl_socket_t socket, int flags) {
  int running, left;
  CURLMsg *message;
  curl_multi_socket_action(multi, socket, flags, &running);
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg == CURLMSG_DONE)
      finish(message->easy_handle, message->data.result);
  }
}

static void on_ready(uv_poll_t *poll, int status, int events) {
  const struct watch *watch = (const struct watch *) poll;
  int flags = status < 0 ? CURL_CSELECT_ERR : 0;
  flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
  flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
  act(watch->socket, flags);
}

static void on_timeout(uv_timer_t *timer) {
  (void) timer;
  act(CURL_SOCKET_TIMEOUT, 0);
}

static int want_timeout(CURLM *handle, long timeout_ms, void *data) {
  (void) handle;
  (void) data;
  if (timeout_ms < 0)
    MUST(uv_timer_stop(&timeout));
  else
    MUST(uv_timer_start(&timeout, on_timeout, (uint64_t) timeout_ms, 0));
  return 0;
}

static int want_socket(CURL *easy, curl_socket_t socket, int action, void *data, void *known) {
  struct watch *watch = known;
  (void) easy;
  (void) data;
  if (action == CURL_POLL_REMOVE) {
    if (watch != NULL) {
      MUST(uv_poll_stop(&watch->poll));
      guide_close((uv_handle_t *) &watch->poll);
      curl_multi_assign(multi, socket, NULL);
    }
    return 0;
  }
  if (watch == NULL) {
    watch = guide_alloc(sizeof(*watch));
    watch->socket = socket;
    watch->poll.data = watch;
    MUST(uv_poll_init_socket(loop, &watch->poll, socket));
    curl_multi_assign(multi, socket, watch);
  }
  int events = action != CURL_POLL_OUT ? UV_READABLE : 0;
  events |= action != CURL_POLL_IN ? UV_WRITABLE : 0;
  MUST(uv_poll_start(&watch->poll, events, on_ready));
  return 0;
}

static void add_download(const char *url, int number) {
  char name[32];
  snprintf(name, sizeof(name), "%d.download", number);
  FILE *file = fopen(name, "w");
  CURL *easy = curl_easy_init();
  if (file == NULL || easy == NULL)
    MUST(UV_EIO);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, file);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, file);
  curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(easy, CURLOPT_URL, url);
  curl_multi_add_handle(multi, easy);
}

int main(int argc, char **argv) {
  loop = uv_default_loop();
  if (curl_global_init(CURL_GLOBAL_ALL) != 0 || (multi = curl_multi_init()) == NULL)
    return 1;
  MUST(uv_timer_init(loop, &timeout));
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, want_socket);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, want_timeout);
  for (int i = 1; i < argc; i++)
    add_download(argv[i], i);
  MUST(uv_run(loop, UV_RUN_DEFAULT));
  curl_multi_cleanup(multi); /* which may close sockets that it kept */
  curl_global_cleanup();
  guide_run(loop);
  return failed ? 1 : 0;
}
