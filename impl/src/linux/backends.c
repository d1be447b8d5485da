/* What Linux offers, best first. */
#include <stddef.h>

#include "backend/backend.h"

const struct uvi_backend *const uvi_backends[] = {
    &uvi_backend_epoll,
    &uvi_backend_poll,
    NULL,
};
