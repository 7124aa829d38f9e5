/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What one replication's parameters are made of. Private to params*.c.
 */
#ifndef FC_MODEL_PARAMS_STATE_H
#define FC_MODEL_PARAMS_STATE_H

#include "model/params.h"

/* A value that is drawn. */
typedef struct fc_source {
    uint32_t value;
    bool fixed;              /* the distribution is the same in every replication */
    fc_distribution d;       /* in this replication */
    double drawn;            /* UNKNOWN: in this replication */
    fc_quantile_table *room; /* VARIES: for the distribution's table, NULL if it needs none */
} fc_source;

/* How to read a parameter with the least work. */
typedef struct fc_shortcut {
    enum { FC_READ_PLAIN, FC_READ_VARIES, FC_READ_FULLY } how;
    uint32_t source; /* of an unchanged UNKNOWN or VARIES */
    double plain;    /* PLAIN: the reading at any time, in this replication */
} fc_shortcut;

typedef struct fc_driver_state {
    double from, until; /* in force on [from, until) */
    bool happens;
} fc_driver_state;

struct fc_params {
    const fc_plan *plan;
    uint32_t replication;
    fc_shortcut *shortcuts; /* a parameter each */
    uint32_t n_sources;
    fc_source *sources;    /* in the order of plan->values */
    uint32_t *source_of;   /* value -> its source; of no meaning for values that are not drawn */
    uint64_t *keys;        /* of each unknown draw */
    double *uniforms;      /* of each unknown draw */
    uint32_t *factor_draw; /* row of the copula -> its draw */
    double *normals;       /* the copula's independent normals */
    fc_driver_state *drivers;
    uint32_t *by_date; /* drivers in the order their changes apply */
    uint32_t *rank;    /* driver -> its place in by_date */
    uint32_t *changes; /* plan->changes, each parameter's in the order they apply */
    fc_arena *arena;   /* holds everything above, and this */
};

/* Draws dates and occurrence of every driver. */
void fc_params_begin_drivers(fc_params *params);

#endif
