/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is observed of inference services.
 */
#include <math.h>

#include "model/world.h"

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

double fc_service_metric(fc_world *world, int metric, uint32_t index)
{
    const fc_service_work *sum = &world->services[index].sum;
    double lasted = world->demands[world->plan->services[index].fleet].now;

    switch (metric) {
    case FC_M_service_wanted:
        return ratio(sum->wanted, lasted);
    case FC_M_service_peak:
        return sum->peak;
    case FC_M_service_held:
        return ratio(sum->held, lasted);
    case FC_M_service_given:
        return ratio(sum->given, lasted);
    case FC_M_service_load:
        return ratio(sum->used, sum->held);
    case FC_M_service_tokens:
        return sum->tokens_served;
    case FC_M_service_home_share:
        return ratio(sum->tokens_served, sum->tokens_came);
    case FC_M_service_served:
        return sum->served / FC_HOUR;
    case FC_M_service_offshore:
        return sum->offshore / FC_HOUR;
    case FC_M_service_unserved:
        return sum->unserved / FC_HOUR;
    case FC_M_service_too_few:
        return sum->unmet[FC_UNSERVED_TOO_FEW] / FC_HOUR;
    case FC_M_service_wrong_model:
        return sum->unmet[FC_UNSERVED_WRONG_MODEL] / FC_HOUR;
    case FC_M_service_starting:
        return sum->unmet[FC_UNSERVED_STARTING] / FC_HOUR;
    default:
        return NAN;
    }
}
