/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The naive engine's state. Private to naive*.c.
 */
#ifndef FC_TESTS_NAIVE_STATE_H
#define FC_TESTS_NAIVE_STATE_H

#include <math.h>

#include "naive.h"

enum { SECONDS = 60000, GROUPS = 3, SERVERS = 16 };

typedef struct one {
    const fc_job *job;
    outcome *out;
    bool arrived, waiting, running, gone, ever_started;
    double estimate, saved, begun, promise;
    int group;
    int started; /* order of starts */
    int event;   /* running: when its end was scheduled, among all that was scheduled */
    int parts;   /* on servers: what it took, in this order */
    struct {
        int server;
        uint32_t gpus;
    } part[SERVERS];
} one;

typedef enum server_state { OUT, IN, LEAVING, BROKEN } server_state;

typedef struct server {
    server_state state;
    uint32_t free;
    int since; /* when it came to have so many free, among all that happened to servers */
} server;

typedef struct pool {
    uint32_t size; /* GPUs in a server; 0: flat */
    int most;      /* servers, of a flat pool GPUs */
    int64_t free, held, leaving, broken, owed;
    server servers[SERVERS];
} pool;

typedef struct account {
    double average, since;
    uint64_t held;
} account;

/* EASY's reservation; on servers what each can spare. */
typedef struct kept {
    bool made;
    int group;
    double shadow;
    int64_t extra;
    uint32_t spare[SERVERS];
} kept;

typedef struct naive {
    const random_workload *w;
    one jobs[MOST_JOBS];
    int count, groups;
    double now;
    pool pools[GROUPS];
    account accounts[MOST_ACCOUNTS];
    kept kept;
    bool disturbed, ends_matter;
    int starts, scheduled, touched; /* counters of one.started, one.event, server.since */
    int next_change;
    struct {
        double time;
        int event, group, unit;
    } mends[MOST_CHANGES];
    int mend_count;
    char policy[32];
    int64_t line[GROUPS][SECONDS]; /* conservative: GPUs free in each second */
    int horizon;                   /* ... up to this one, by which all could be over */
} naive;

static inline double left(const one *j)
{
    return j->job->duration - j->saved;
}

static inline double expected(const one *j)
{
    return j->estimate - j->saved;
}

static inline double expected_end(const one *j)
{
    return j->begun + expected(j);
}

static inline bool likes(const one *j, int g)
{
    return j->job->preferred >> g & 1;
}

bool naive_is(const naive *n, const char *policy);
bool naive_allowed(const naive *n, const one *j, int group);

/* naive_cluster.c: who lies where. */
void naive_cluster_begin(naive *n);
/* The largest gang that fits on servers of so many free GPUs, of those in service. */
uint32_t naive_room(const pool *p, const uint32_t *free);
/* Whether it would fit on one of these groups if nothing ran there and none were in repair. */
bool naive_could_hold(const naive *n, const one *j, const bool *groups);
bool naive_fits(const naive *n, const one *j, int group);
/* Takes the GPUs; `spare` (NULL: all that is free) bounds what it may take of each server. */
void naive_place(naive *n, one *j, int group, uint32_t *spare);
void naive_release(naive *n, one *j);
/* The changes of this instant, and units that come back. */
void naive_change(naive *n, const fc_capacity_change *c);
void naive_mend(naive *n, int mend);

/* naive.c: starts and stops. */
void naive_start(naive *n, one *j, int group, uint32_t *spare);
void naive_stop(naive *n, one *j);

/* naive_policies.c: one pass. */
void naive_pass(naive *n);

/* naive_fair.c */
void naive_fair_hold(naive *n, const one *j, int sign);
void naive_fair(naive *n);

#endif
