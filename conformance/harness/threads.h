/* What the rest of the harness wants from threads.c. */
#ifndef UVSPEC_THREADS_H_
#define UVSPEC_THREADS_H_

void uvt_threads_join_all(void);
/* True in a child that uvt_fork() made. */
int uvt_in_forked_child(void);

#endif
