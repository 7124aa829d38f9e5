/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The state of failures and repairs: of a fleet, of its pools of spares, of lots that are batched.
 * Private to the model.
 *
 *   upkeep.c   when servers fail: rates, ages
 *   repair.c   what happens then, server by server: crews, spares, replacements
 *   batch.c    both for large lots, step by step
 */
#ifndef FC_MODEL_UPKEEP_H
#define FC_MODEL_UPKEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kernel/calendar.h"
#include "kernel/stats.h"
#include "model/plan.h"

/* A server that does not run: a place in its lot that waits to be filled, or the machine itself. */
typedef struct fc_failed_server {
    int32_t lot;
    bool is_short;
    double born;         /* when it was new (upkeep.c); of no meaning where ages are not kept */
    uint64_t occurrence; /* of what is drawn for this failure */
} fc_failed_server;

/* First come, first served. */
typedef struct fc_server_queue {
    fc_failed_server *servers;
    size_t head, n, capacity;
} fc_server_queue;

/* Spare servers of one model. At any moment free + away = spares + places that wait, but for what
 * left with a lot. */
typedef struct fc_spare_pool {
    int64_t free;
    int64_t away; /* machines that are repaired, wait for a crew, or are to be replaced */
    fc_server_queue places;
} fc_spare_pool;

/* Something that takes time and ends with a machine, or a place, that runs. */
typedef enum fc_repair_kind {
    FC_REPAIR_NONE, /* a free record */
    FC_REPAIR_BY_CREW,
    FC_REPAIR_REPLACE, /* scrapped: until a new server is there */
    FC_REPAIR_SWAP,    /* a spare takes its place */
} fc_repair_kind;

typedef struct fc_repair {
    fc_repair_kind kind;
    fc_failed_server server;
    double began, due;
    fc_handle event;
    uint32_t next_free; /* NONE: the next free record */
} fc_repair;

typedef struct fc_upkeep_state {
    uint64_t key;        /* stream of failures */
    uint64_t scrap_key;  /* stream of what is scrapped */
    int64_t crews, busy; /* crews INT64_MAX: as many as there are failures */
    uint64_t failures, scrapped;
    fc_server_queue to_repair;
    fc_repair *repairs;
    size_t n_repairs, repair_capacity;
    uint32_t first_free;  /* of repairs; UINT32_MAX: none */
    fc_spare_pool *pools; /* one a model; NULL: a failed server waits for its own repair */
    int64_t spares;       /* each pool's, at the start */
    fc_level awaiting;    /* accelerators whose place waits for a spare */
} fc_upkeep_state;

/* Ages of a lot's servers where they differ: when each was new; those that run come first, then
 * those that are off. */
typedef struct fc_server_ages {
    double *born;
    size_t capacity;
} fc_server_ages;

/* A lot that is batched. Its servers are repaired or replaced at the end of a step. */
typedef struct fc_batch {
    double start; /* steps end at start + k x FC_BATCH_STEP */
    size_t step, n_steps;
    double exposure; /* integral of failures expected in the step under way, up to `since` */
    double since;
    int64_t waiting;         /* for a crew */
    int64_t crews, others;   /* at work on its servers; servers that are to be replaced */
    int64_t *by_crew;        /* how many repairs end with step k ... */
    int64_t *by_replacement; /* ... and replacements */
    size_t crew_capacity, replacement_capacity;
    bool stopped; /* its servers have left; the crews at work end what they do */
} fc_batch;

#define FC_BATCH_STEP FC_DAY

#endif
