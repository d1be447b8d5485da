/* What the rest of the harness has to do with the test's folder. */
#ifndef UVSPEC_FILES_H_
#define UVSPEC_FILES_H_

/* Closes, removes and restores what the scenario used. For uvt_finish(). */
void uvt_files_end(void);

/* Removes the folder of a test that has not come to its end. */
void uvt_folder_remove(long pid);

#endif
