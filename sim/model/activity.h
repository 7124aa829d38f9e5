/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The network of activities that a lot passes through. An activity is one row of fc_activities
 * (activity.c), one name in fc_activity_id (lot.h) and, where it does more than take time, one
 * file: what it waits for, what it is charged to, how long it lasts, what its begin and end do.
 */
#ifndef FC_MODEL_ACTIVITY_H
#define FC_MODEL_ACTIVITY_H

#include "kernel/stats.h"
#include "model/lot.h"
#include "model/plan.h"

struct fc_world;

/* From `from` on, what a step of a lot waited for. */
typedef struct fc_part {
    double from;
    int cause; /* fc_cause */
    /* FUNDING: levels that say why there was no money (funding_gap.h); NULL: not known */
    const fc_level_int *lacked;
} fc_part;
enum { FC_MOST_PARTS = 4 };

typedef fc_param fc_param_of_lot(const struct fc_world *world, const fc_lot *lot);

typedef struct fc_activity {
    const char *done;            /* what its end is called in the log, NULL: not logged */
    unsigned after;              /* set (bits) of activities that must have ended */
    int cause;                   /* fc_cause it is charged to */
    fc_param_of_lot *not_before; /* date before which the duration does not begin; NULL: none */
    fc_param_of_lot *duration;   /* NULL: it waits for a resource, and its file ends it */
    int (*begin)(struct fc_world *world, fc_lot *lot); /* NULL: runs for its duration */
    int (*end)(struct fc_world *world, fc_lot *lot);   /* what its end does to the lot; or NULL */
    int (*open_cause)(const struct fc_world *world, const fc_lot *lot); /* NULL: `cause` */
    /* What it waited for one after the other (how many, the first from its start whatever `from`
     * says); NULL: all of it is charged to one cause. */
    size_t (*parts)(struct fc_world *world, const fc_lot *lot, fc_part out[FC_MOST_PARTS]);
    /* Its time is over: is it done, or does it wait on? NULL: it is done. */
    int (*over)(struct fc_world *world, fc_lot *lot, bool *done);
} fc_activity;

extern const fc_activity fc_activities[FC_N_ACTIVITIES];

/* The activity ends now: does what its row says, and begins what was waiting for it, driven by
 * the prerequisite that ended last (at one instant the first in table order). */
int fc_activity_done(struct fc_world *world, fc_lot *lot, fc_activity_id id);

/* Schedules the end of an activity that has just begun after its duration. An infinite date or
 * duration: it never ends. */
int fc_activity_run(struct fc_world *world, fc_lot *lot, fc_activity_id id);

/* Schedules the end of an activity that is under way for when it is due. */
int fc_activity_schedule_end(struct fc_world *world, fc_lot *lot, fc_activity_id id);
/* It is no longer under way, nor will be. */
void fc_activity_stop(struct fc_world *world, fc_lot *lot, fc_activity_id id);

/* A driver struck parameter p: moves the ends of what is under way. */
int fc_activity_changed(struct fc_world *world, fc_param p, fc_in_progress how);

/* Duration p runs from *began to *due as occurrence k and a change strikes now: moves both, so
 * that (*due - now) / (*due - *began) stays the share left. */
void fc_duration_changed(struct fc_world *world, fc_param p, fc_in_progress how, uint64_t k,
                         double *began, double *due);

/* The parts that are files of their own. */
int fc_tender_begin(struct fc_world *world, fc_lot *lot);
int fc_supply_end(struct fc_world *world, fc_lot *lot);
int fc_licence_begin(struct fc_world *world, fc_lot *lot);
int fc_licence_over(struct fc_world *world, fc_lot *lot, bool *done);
int fc_licence_end(struct fc_world *world, fc_lot *lot);
int fc_shipping_begin(struct fc_world *world, fc_lot *lot);
int fc_shipping_end(struct fc_world *world, fc_lot *lot);
int fc_hosting_begin(struct fc_world *world, fc_lot *lot);
size_t fc_hosting_parts(struct fc_world *world, const fc_lot *lot, fc_part out[FC_MOST_PARTS]);
int fc_crew_begin(struct fc_world *world, fc_lot *lot);
int fc_staff_wait(struct fc_world *world, fc_lot *lot);
int fc_staff_end(struct fc_world *world, fc_lot *lot);
int fc_service_begin(struct fc_world *world, fc_lot *lot);
int fc_service_end(struct fc_world *world, fc_lot *lot);
int fc_term_begin(struct fc_world *world, fc_lot *lot);
int fc_term_over(struct fc_world *world, fc_lot *lot, bool *done);
int fc_term_end_of(struct fc_world *world, fc_lot *lot);
fc_param_of_lot fc_supply_not_before, fc_supply_lead_time, fc_licence_delay, fc_install_duration,
    fc_service_life, fc_term_date, fc_term_duration;

#endif
