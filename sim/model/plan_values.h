/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values of the plan, the parameters that hold them, and the shocks and policies that change them.
 * Part of plan.h.
 */
#ifndef FC_MODEL_PLAN_VALUES_H
#define FC_MODEL_PLAN_VALUES_H

#include <stdbool.h>
#include <stdint.h>
#include "kernel/distribution.h"

enum { FC_NONE = -1 };

typedef struct fc_refs {
    uint32_t n;
    const int32_t *index;
} fc_refs;

/* ---- values ------------------------------------------------------------------------------
 *
 * A value is a small expression: a number; a calendar path whose points are values; a quantity
 * nobody knows (drawn once a replication); or one that varies (drawn at every occurrence), whose
 * distribution's parameters may themselves be unknown.
 *
 * An argument of a distribution is a number or an unknown. A point of a path is a number, an
 * unknown or a value that varies; points that vary share one key, so that an occurrence keeps its
 * uniform whatever the date, and between two such points of a LINEAR path their quantiles are
 * interpolated. A number may be NaN: not given until a change sets it. */

typedef enum fc_form {
    FC_FORM_NUMBER,  /* number */
    FC_FORM_STEP,    /* calendar path, right-continuous steps: args at times */
    FC_FORM_LINEAR,  /* calendar path, straight lines between points */
    FC_FORM_UNKNOWN, /* distribution over args, drawn once a replication */
    FC_FORM_VARIES,  /* distribution over args, drawn at each occurrence */
} fc_form;

typedef struct fc_value {
    fc_form form;
    double number;
    fc_distribution_kind kind; /* UNKNOWN, VARIES: which distribution the args parametrise */
    uint32_t n_args;
    const uint32_t *args; /* indices into plan->values, each below this value's own index */
    const double *times;  /* STEP, LINEAR: n_args increasing times; before the first: `number` */
    const fc_distribution *table; /* DISCRETE, EMPIRICAL: ready-made (args unused) */
    uint64_t key;   /* UNKNOWN, VARIES: stream key of its draws, not 0; equal keys share uniforms */
    int32_t factor; /* UNKNOWN: row of plan->cholesky, or FC_NONE */
    uint32_t draw;  /* UNKNOWN: its place among plan->draw_names (fc_plan_finish fills it in) */
    const char *path; /* fleets.korea.sites.a.phases.first.build; of equal keys the same */
} fc_value;

/* What a change (shock, policy) does to work that is in progress when it strikes. */
typedef enum fc_in_progress {
    FC_KEEP,    /* what has begun ends as it was going to (contracts) */
    FC_RESCALE, /* the share left x the new duration from the same uniform */
    FC_REDRAW,  /* the remaining time is drawn anew, given the time elapsed */
} fc_in_progress;

/* A parameter is a scenario key that holds a value, and the changes that may strike it.
 * Entities hold its index; 0 is the parameter that was not given (reads as NaN). */
typedef uint32_t fc_param;

/* A parameter for each of some models. */
typedef struct fc_factors {
    uint32_t n;
    const int32_t *model; /* plan->accelerators */
    const fc_param *factor;
} fc_factors;

typedef struct fc_param_info {
    uint32_t value;                   /* index into plan->values */
    uint32_t first_change, n_changes; /* plan->changes, grouped by parameter */
    const char *path;
} fc_param_info;

typedef enum fc_change_op { FC_SET, FC_SCALE, FC_ADD } fc_change_op;

typedef struct fc_change {
    fc_param param;
    uint32_t driver; /* plan->drivers */
    fc_change_op op;
    uint32_t value; /* SET: evaluated with the parameter's own uniforms */
    fc_in_progress in_progress;
} fc_change;

/* A shock or a policy: from when, until when, with what probability; or when a metric crosses a
 * threshold at one of its review dates. */
typedef struct fc_driver {
    const char *name;
    bool is_policy;
    /* Drawn once a replication; no change may strike them. In force from `at` (0: the start)
     * until `until` (0: for ever; exclusive), if it happens at all (`probability` 0: surely). */
    fc_param at, until, probability;
    /* state-dependent (`at` is then 0): from the first review at which the metric compares so */
    int when_metric; /* fc_metric, or FC_NONE */
    int32_t when_fleet;
    int when_compare; /* 0: below, 1: at or above */
    fc_param when_threshold;
    uint32_t n_reviews;
    const double *reviews;           /* n_reviews dates, never decreasing */
    uint64_t key;                    /* stream of whether it happens */
    const char *title_en, *title_ko; /* for reports; NULL: none */
} fc_driver;

#endif
