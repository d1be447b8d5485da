/* The library's version. */
#include "uv.h"

#include "util/check.h"

unsigned int uv_version(void) {
  return UV_VERSION_HEX;
}

const char *uv_version_string(void) {
#if UV_VERSION_IS_RELEASE
#define SUFFIX ""
#else
#define SUFFIX "-" UV_VERSION_SUFFIX
#endif
  return UVI_STRING(UV_VERSION_MAJOR) "." UVI_STRING(UV_VERSION_MINOR) "." UVI_STRING(
      UV_VERSION_PATCH) SUFFIX;
}
