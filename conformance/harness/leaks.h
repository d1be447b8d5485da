/* What a test may not leave behind: descriptors, threads, children, memory. */
#ifndef UVSPEC_LEAKS_H_
#define UVSPEC_LEAKS_H_

enum { UVT_LEAKS_OK = 1, UVT_NO_ALLOCATOR = 2, UVT_NEEDS_FORK = 4 }; /* flags of a test */

/* Notes what is there before the test. */
void uvt_leaks_before(void);
/* Shuts the library down and adds a failed check for each kind of thing that is there now and was not
 * before, or the other way round. Call it after a test whose checks all held: what leaks after a
 * failed one tells nothing. `patience_ms` bounds the wait for threads that are just ending. */
void uvt_leaks_after(unsigned flags, long patience_ms);

#endif
