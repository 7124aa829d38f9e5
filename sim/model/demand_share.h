/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What classes of users get of a pool of several models where it is not enough for all, each class
 * being able to use some of the models only. Private to the model.
 *
 * Every class is held back in proportion to what it wants, and by no more than it has to be: the
 * parts 0 <= p <= 1 that classes get of what they want are lexicographically greatest. The least
 * part is as great as can be, then the next, and so on (weighted max-min fairness; Megiddo 1974,
 * "Optimal flows in networks with multiple sources and sinks", Mathematical Programming 7:97). By
 * the theorem of Hall (1935) the least part is the least of
 *
 *     room of the models U / what is wanted by those who can use nothing but U
 *
 * over all sets of models U, and 1. It is that of everybody who can use nothing but the worst U;
 * they have all of U, and the others share the rest among themselves in the same way. So no model
 * is given out twice, and none is left over beside somebody who could use it. The worst U is found
 * by Newton's method for the least ratio (Dinkelbach 1967, "On nonlinear fractional programming",
 * Management Science 13:492) over maximum flows (Edmonds and Karp 1972, Journal of the ACM 19:248).
 */
#ifndef FC_MODEL_DEMAND_SHARE_H
#define FC_MODEL_DEMAND_SHARE_H

#include "jobs/capacity.h"

/* GPU-seconds that there are in a step, model by model: `part` of what `gpus` GPUs have in it, less
 * what is taken already. */
typedef struct fc_supply {
    uint32_t n_groups; /* models */
    double part, step;
    double gpus[FC_MAX_GROUPS], taken[FC_MAX_GROUPS];
} fc_supply;

/* ... of a set of models; 0: of all. */
double fc_supply_of(const fc_supply *supply, uint32_t groups);

typedef struct fc_claim {
    uint32_t groups; /* bit g: it can use model g; 0: all of them */
    double wants;    /* GPU-seconds */
    double part;     /* of these, what it gets; of nothing, any */
    /* Belong to fc_share_out. */
    double from[FC_MAX_GROUPS]; /* what it is given of each model */
    double needs;               /* ... and lacks still */
    uint32_t usable, via;
    bool open, reached;
} fc_claim;

/* Sets the parts. Where all can use all models these are the same: room / sum of what is wanted. */
void fc_share_out(fc_claim *claims, uint32_t n, const fc_supply *supply);

#endif
