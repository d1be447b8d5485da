/* Whether functions given to pthread_atfork() have to run when a child is started. */
#ifndef UVI_LINUX_ATFORK_USERS_H_
#define UVI_LINUX_ATFORK_USERS_H_

#include <stdbool.h>

/* True if anything that is loaded could have registered some, but for libraries that do so to guard their
 * own state. Any thread. */
bool uvi_atfork_is_used(void);

#endif
