/* Which sanitizer this is compiled with; gcc and clang say so in different ways. */
#ifndef UVSPEC_SANITIZERS_H_
#define UVSPEC_SANITIZERS_H_

#if defined(__SANITIZE_ADDRESS__)
#define UVT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UVT_ASAN 1
#endif
#endif

#if defined(__SANITIZE_THREAD__)
#define UVT_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UVT_TSAN 1
#endif
#endif

#endif
