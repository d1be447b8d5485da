/* Error codes and their texts. */
#ifndef UVI_CORE_ERRORS_H_
#define UVI_CORE_ERRORS_H_

/* Frees what texts for unknown codes have taken; pointers to these are void then. */
void uvi_errors_shutdown(void);

#endif
