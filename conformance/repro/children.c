enum { UVT_RECIPES = 8, UVT_WORDS = 10, UVT_CONTAINERS = 64 };

/* What the pointers of one uv_process_options_t point to. */
static struct uvt_recipe {
  uv_process_options_t *options;
  char *args[UVT_WORDS + 1];
  char *env[UVT_WORDS + 1];
  uv_stdio_container_t stdio[UVT_CONTAINERS];
} uvt_recipes[UVT_RECIPES];

static struct uvt_recipe *uvt_recipe_of(uv_process_options_t *options) {
  for (int i = 0; i < UVT_RECIPES; i++) {
    if (uvt_recipes[i].options == options || uvt_recipes[i].options == NULL) {
      uvt_recipes[i].options = options;
      return &uvt_recipes[i];
    }
  }
  abort();
}

static void uvt_add_word(char **words, const char *word) {
  int count = 0;
  while (words[count] != NULL)
    count++;
  if (count == UVT_WORDS)
    abort();
  words[count] = (char *) (uintptr_t) word;
  words[count + 1] = NULL;
}

static void uvt_program(uv_process_options_t *options, const char *file) {
  struct uvt_recipe *recipe = uvt_recipe_of(options);
  memset(options, 0, sizeof *options);
  options->file = file;
  options->args = recipe->args;
  recipe->args[0] = recipe->env[0] = NULL;
  uvt_add_word(recipe->args, file);
}

static void uvt_argument(uv_process_options_t *options, const char *text) {
  uvt_add_word(uvt_recipe_of(options)->args, text);
}

static void uvt_script(uv_process_options_t *options, const char *text) {
  uvt_program(options, "/bin/sh");
  uvt_argument(options, "-c");
  uvt_argument(options, text);
}

static void uvt_variable(uv_process_options_t *options, const char *text) {
  struct uvt_recipe *recipe = uvt_recipe_of(options);
  if (*text != '\0')
    uvt_add_word(recipe->env, text);
  options->env = recipe->env;
}

static uv_stdio_container_t *uvt_container_of(uv_process_options_t *options, int fd) {
  struct uvt_recipe *recipe = uvt_recipe_of(options);
  if (fd >= UVT_CONTAINERS)
    abort();
  options->stdio = recipe->stdio;
  while (options->stdio_count <= fd)
    recipe->stdio[options->stdio_count++].flags = UV_IGNORE;
  return &recipe->stdio[fd];
}

static void uvt_child_fd(uv_process_options_t *options, int fd, int from) {
  uv_stdio_container_t *container = uvt_container_of(options, fd);
  container->flags = UV_INHERIT_FD;
  container->data.fd = from;
}

static void uvt_child_stream(uv_process_options_t *options, int fd, int flags,
                             uv_stream_t *stream) {
  uv_stdio_container_t *container = uvt_container_of(options, fd);
  container->flags = (uv_stdio_flags) flags;
  container->data.stream = stream;
}
