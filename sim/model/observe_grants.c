/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is observed of grants and users.
 */
#include <math.h>

#include "model/world.h"

double fc_users_non_capital(const fc_world *world, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    double held[] = {[FC_REGION_ANY] = 0, [FC_REGION_CAPITAL] = 0, [FC_REGION_NON_CAPITAL] = 0};
    double told = 0;

    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        const fc_user_class *class = &world->plan->classes[i];

        held[class->region] += class->access == FC_NONE ? world->classes[i].work.held
                                                        : world->grants.tallies[i].active;
    }
    told = held[FC_REGION_CAPITAL] + held[FC_REGION_NON_CAPITAL];
    return told > 0 ? held[FC_REGION_NON_CAPITAL] / told : NAN;
}

double fc_grant_metric(fc_world *world, int metric, int32_t fleet)
{
    const fc_demand_spec *spec = &world->plan->fleets[fleet].demand;
    double wanted = 0, given = 0, ungranted = 0, paid = 0;

    if (metric == FC_M_gini_users) return fc_users_gini(world, fleet);
    if (metric == FC_M_top10_share) return fc_users_top10(world, fleet);
    for (uint32_t i = spec->first_class; i < spec->first_class + spec->n_classes; i++) {
        const fc_grant_tally *tally = &world->grants.tallies[i];

        wanted += (double)tally->wanted;
        given += (double)tally->given;
        ungranted += tally->ungranted;
        paid += tally->paid;
    }
    if (metric == FC_M_co_payments) return paid;
    if (metric == FC_M_unmet_no_grant) return ungranted / FC_HOUR;
    return wanted > 0 ? given / wanted : NAN;
}

double fc_grant_class_metric(fc_world *world, int metric, uint32_t class)
{
    const fc_grant_tally *tally = &world->grants.tallies[class];
    bool any = fc_histogram_count(&tally->wait) > 0;

    switch (metric) {
    case FC_M_projects_granted:
        return (double)tally->granted;
    case FC_M_projects_left:
        return (double)tally->left;
    case FC_M_projects_reclaimed:
        return (double)tally->reclaimed;
    case FC_M_grant_wanted:
        return (double)tally->wanted;
    case FC_M_grant_given:
        return (double)tally->given;
    case FC_M_grant_reclaimed:
        return (double)tally->taken;
    case FC_M_grant_hours:
        return tally->active / FC_HOUR;
    case FC_M_grant_wait_p50:
        return any ? fc_histogram_quantile(&tally->wait, 0.5) / FC_DAY : NAN;
    case FC_M_grant_wait_p95:
        return any ? fc_histogram_quantile(&tally->wait, 0.95) / FC_DAY : NAN;
    case FC_M_grant_wait_p99:
        return any ? fc_histogram_quantile(&tally->wait, 0.99) / FC_DAY : NAN;
    default:
        return fc_histogram_mean(&tally->wait) / FC_DAY;
    }
}
