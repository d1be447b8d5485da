/* Error codes of getaddrinfo() and getnameinfo(). */
#ifndef UVI_POSIX_EAI_H_
#define UVI_POSIX_EAI_H_

/* The UV_EAI_* code for an EAI_* code. Right after the call: EAI_SYSTEM stands for errno. */
int uvi_translate_eai(int eai);

#endif
