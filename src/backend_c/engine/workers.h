/* Native threads that share out the items of one call; none outlives it. */

#ifndef ZSTANDARD_ENGINE_WORKERS_H
#define ZSTANDARD_ENGINE_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORKERS_MAX = 256 };

/* Works on an item, in the thread of that worker, and returns whether it succeeded. `follows`: the
   item before was the one that this worker had before, and succeeded. It may touch nothing of
   Python's: only worker 0 is a thread that Python knows. */
typedef bool WorkFunction(void *work, int worker, size_t item, bool follows);

/* Tells, in the calling thread before each of its runs, whether to go on. It may end the thread by
   pthread_exit(), as Python does to threads that outlive it. */
typedef bool GoOnFunction(void *work);

/* Has items 0 to count - 1 worked on, in their order, `run` at a time by whichever worker is free.
   Worker 0 is the calling thread; there are fewer workers where threads cannot be had. Returns the
   lowest item that failed, before which all have succeeded, or `count`. Some that follow a failed
   one are never begun, and after goes_on() returned false no more are. */
size_t workers_run(WorkFunction *function, GoOnFunction *goes_on, void *work, size_t count,
                   size_t run, int workers);

#endif
