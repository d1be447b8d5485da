/* What the rest of the harness has to do with the test's folder. */
#ifndef UVSPEC_FILES_H_
#define UVSPEC_FILES_H_

/* Removes the folder of a test that has not come to its end. */
void uvt_folder_remove(long pid);

#endif
