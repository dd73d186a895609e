/* Native threads that share out the items of one call; none outlives it. */

#include "engine/workers.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

typedef struct Team {
    WorkFunction *function;
    GoOnFunction *goes_on;
    void *work;
    size_t count;
    size_t run;
    atomic_size_t next;   /* the first item that no worker has taken */
    atomic_size_t failed; /* the lowest item that failed, or `count` */
} Team;

typedef struct Worker {
    Team *team;
    int number;
    pthread_t thread;
} Worker;

/* The threads that were started. */
typedef struct Crew {
    Team *team;
    int count;
    Worker threads[WORKERS_MAX - 1];
} Crew;

static void
note_failure(Team *team, size_t item)
{
    size_t lowest = atomic_load(&team->failed);
    while (item < lowest && !atomic_compare_exchange_weak(&team->failed, &lowest, item)) {
        /* `lowest` is what another worker has put there meanwhile */
    }
}

/* Items are handed out in short runs, so that uneven ones leave nobody idle, and in their order:
   when one has failed, those before it have been taken, and those after it need not be begun. */
static void
work_on(Team *team, int number)
{
    bool is_caller = number == 0;
    size_t following = SIZE_MAX; /* the item after this worker's last */
    while (!is_caller || team->goes_on(team->work)) {
        size_t item = atomic_fetch_add(&team->next, team->run);
        size_t end = item + team->run;
        for (; item < end; item++) {
            if (item >= atomic_load(&team->failed)) {
                return;
            }
            if (!team->function(team->work, number, item, item == following)) {
                note_failure(team, item);
            }
            following = item + 1;
        }
    }
}

static void *
thread_main(void *argument)
{
    Worker *worker = argument;
    work_on(worker->team, worker->number);
    return NULL;
}

/* Starts threads up to that count, as far as they can be had. */
static void
start(Crew *self, int count)
{
    sigset_t all, former;
    /* The process's signals are for threads that Python knows: a system call of theirs is to be
       interrupted. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    while (self->count < count) {
        Worker *worker = &self->threads[self->count];
        *worker = (Worker){.team = self->team, .number = self->count + 1};
        if (pthread_create(&worker->thread, NULL, thread_main, worker) != 0) {
            break;
        }
        self->count++;
    }
    pthread_sigmask(SIG_SETMASK, &former, NULL);
}

/* Has no more items begun, and waits for those at hand. */
static void
stop(void *crew)
{
    Crew *self = crew;
    atomic_store(&self->team->next, self->team->count);
    for (int i = 0; i < self->count; i++) {
        pthread_join(self->threads[i].thread, NULL);
    }
}

size_t
workers_run(WorkFunction *function, GoOnFunction *goes_on, void *work, size_t count, size_t run,
            int workers)
{
    Team team = {
        .function = function, .goes_on = goes_on, .work = work, .count = count, .run = run};
    Crew crew = {.team = &team};
    assert(workers >= 1 && workers <= WORKERS_MAX);
    atomic_init(&team.next, 0);
    atomic_init(&team.failed, count);
    start(&crew, workers - 1);
    /* What the threads work on is of this thread's stack, even if it is ended. */
    pthread_cleanup_push(stop, &crew);
    work_on(&team, 0);
    pthread_cleanup_pop(1);
    return atomic_load(&team.failed);
}
