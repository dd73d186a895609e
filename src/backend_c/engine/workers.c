/* Native threads that share out the items of one call; none outlives it. */

#include "engine/workers.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

typedef struct Team {
    WorkFunction *function;
    void *work;
    size_t count;
    atomic_size_t next;   /* the item to be begun next */
    atomic_size_t failed; /* the lowest item that failed, or `count` */
} Team;

typedef struct Worker {
    Team *team;
    int number;
    pthread_t thread;
} Worker;

static void
note_failure(Team *team, size_t item)
{
    size_t lowest = atomic_load(&team->failed);
    while (item < lowest && !atomic_compare_exchange_weak(&team->failed, &lowest, item)) {
        /* `lowest` is what another worker has put there meanwhile */
    }
}

/* Items are handed out one by one, so that uneven ones leave nobody idle, and in their order: when
   one has failed, those before it have been begun, and those after it need not be. */
static void
work_on(Team *team, int number)
{
    size_t item;
    while ((item = atomic_fetch_add(&team->next, 1)) < atomic_load(&team->failed)) {
        if (!team->function(team->work, number, item)) {
            note_failure(team, item);
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

/* Starts threads up to that count, as far as they can be had. Returns how many there are. */
static int
start(Worker *threads, Team *team, int count)
{
    sigset_t all, former;
    int started = 0;
    /* The process's signals are for threads that Python knows: a system call of theirs is to be
       interrupted. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    while (started < count) {
        Worker *worker = &threads[started];
        *worker = (Worker){.team = team, .number = started + 1};
        if (pthread_create(&worker->thread, NULL, thread_main, worker) != 0) {
            break;
        }
        started++;
    }
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    return started;
}

size_t
workers_run(WorkFunction *function, void *work, size_t count, int workers)
{
    Team team = {.function = function, .work = work, .count = count};
    Worker threads[WORKERS_MAX - 1];
    assert(workers >= 1 && workers <= WORKERS_MAX);
    atomic_init(&team.next, 0);
    atomic_init(&team.failed, count);
    int started = start(threads, &team, workers - 1);
    work_on(&team, 0);
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i].thread, NULL);
    }
    return atomic_load(&team.failed);
}
