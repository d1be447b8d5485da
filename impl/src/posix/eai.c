#include "posix/eai.h"

#include <errno.h>
#include <netdb.h>

#include "uv.h"

int uvi_translate_eai(int eai) {
  switch (eai) {
    case 0:
      return 0;
    case EAI_AGAIN:
      return UV_EAI_AGAIN;
    case EAI_BADFLAGS:
      return UV_EAI_BADFLAGS;
    case EAI_FAIL:
      return UV_EAI_FAIL;
    case EAI_FAMILY:
      return UV_EAI_FAMILY;
    case EAI_MEMORY:
      return UV_EAI_MEMORY;
    case EAI_NONAME:
      return UV_EAI_NONAME;
    case EAI_OVERFLOW:
      return UV_EAI_OVERFLOW;
    case EAI_SERVICE:
      return UV_EAI_SERVICE;
    case EAI_SOCKTYPE:
      return UV_EAI_SOCKTYPE;
    case EAI_SYSTEM:
      return errno != 0 ? -errno : UV_EAI_FAIL;
#ifdef EAI_ADDRFAMILY
    case EAI_ADDRFAMILY:
      return UV_EAI_ADDRFAMILY;
#endif
#ifdef EAI_CANCELED
    case EAI_CANCELED:
      return UV_EAI_CANCELED;
#endif
#ifdef EAI_NODATA
    case EAI_NODATA:
      return UV_EAI_NODATA;
#endif
    default: /* one that no system we know of has */
      return UV_EAI_FAIL;
  }
}
