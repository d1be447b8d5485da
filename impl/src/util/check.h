/* What must hold. UVI_ASSERT is for the library's own invariants, in debug and sanitizer builds
 * alone; uvi_fatal() is for misuse and for failures that leave nothing sensible to do, in every
 * build. */
#ifndef UVI_UTIL_CHECK_H_
#define UVI_UTIL_CHECK_H_

/* Says what happened on stderr and aborts. */
_Noreturn void uvi_fatal(const char *what);

#if defined(UVI_DEBUG) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UVI_CHECKED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UVI_CHECKED 1
#endif
#endif

#ifdef __SANITIZE_THREAD__
#define UVI_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UVI_TSAN 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UVI_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UVI_SANITIZED 1
#endif
#endif

#define UVI_STRING_(x) #x
#define UVI_STRING(x) UVI_STRING_(x)

#ifdef UVI_CHECKED
#define UVI_ASSERT(condition)                                                                      \
  ((condition) ? (void) 0 : uvi_fatal(__FILE__ ":" UVI_STRING(__LINE__) ": " #condition))
#else
#define UVI_ASSERT(condition) ((void) sizeof((condition) ? 1 : 0))
#endif

#endif
