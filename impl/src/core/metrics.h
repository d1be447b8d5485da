/* What a loop counts about itself. */
#ifndef UVI_CORE_METRICS_H_
#define UVI_CORE_METRICS_H_

#include "core/loop.h"

/* Around a poll that sleeps, on the loop's thread. */
void uvi_metrics_idle_begin(struct uvi_metrics *metrics);
void uvi_metrics_idle_end(struct uvi_metrics *metrics);

#endif
