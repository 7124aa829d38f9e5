/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a plan says of grants and of users within classes. */
#include <math.h>

#include "model/plan_check.h"

enum { MOST_USERS = 1000000 };

static bool dates_increase(const fc_call *c)
{
    for (uint32_t i = 0; i < c->n_rounds; i++) {
        if (!(fabs(c->rounds[i]) < INFINITY) || (i > 0 && !(c->rounds[i - 1] < c->rounds[i])))
            return false;
    }
    return !c->closes && !c->every;
}

static int check_call(const fc_plan *plan, int32_t fleet, const fc_call *c, fc_diag *diag)
{
    const fc_demand_spec *spec = &plan->fleets[fleet].demand;
    const fc_param params[] = {c->closes,        c->every, c->review,     c->quota,
                               c->share,         c->cap,   c->term,       c->reclaim_every,
                               c->reclaim_below, c->price, c->co_payment, c->regional_bonus};
    int ret = FC_OK;

    if (!c->name) return fc_plan_wrong(diag, NULL, "a call without a name");
    if (c->fleet != fleet) return fc_plan_wrong(diag, c->name, "a call of another fleet");
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        if (params[i] >= plan->n_params)
            ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such parameter"));
    if (!c->term || (c->n_rounds > 0 ? !dates_increase(c) : !c->closes || !c->every))
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "a call without rounds or term"));
    if ((c->reclaim_every == 0) != (c->reclaim_below == 0))
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "half of a rule of reclaim"));
    if ((c->price == 0) != (c->co_payment == 0) ||
        (c->price && (c->price_currency < 0 || (uint32_t)c->price_currency >= plan->n_currencies)))
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "half of a co-payment"));
    if (c->order != FC_CALL_SCORE && c->order != FC_CALL_FIRST_COME)
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such order of applicants"));
    if ((c->pool == FC_NONE) != (spec->n_pools == 0) ||
        (c->pool != FC_NONE && (uint32_t)c->pool - spec->first_pool >= spec->n_pools))
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such pool"));
    for (uint32_t i = 0; i < c->models.n; i++)
        if (!c->models.index || c->models.index[i] < 0 ||
            (uint32_t)c->models.index[i] >= plan->n_accelerators)
            return fc_first(ret, fc_plan_wrong(diag, c->name, "no such model"));
    return ret;
}

/* Whether calls give a pool out. */
static bool gives_out(const fc_plan *plan, const fc_demand_spec *spec, int32_t pool)
{
    for (uint32_t i = 0; i < spec->n_calls; i++) {
        if (plan->calls[spec->first_call + i].pool == pool) return true;
    }
    return false;
}

int fc_plan_check_applicants(const fc_plan *plan, const fc_demand_spec *spec,
                             const fc_user_class *c, fc_diag *diag)
{
    const fc_param params[] = {c->use,       c->skew,          c->jobs.arrivals,
                               c->jobs.gpus, c->jobs.duration, c->jobs.checkpoint};
    int ret = FC_OK;

    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        if (params[i] >= plan->n_params) return fc_plan_wrong(diag, c->name, "no such parameter");
    if (c->users < 0 || c->users > MOST_USERS)
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "a number of users"));
    if (c->jobs.arrivals && (!c->jobs.gpus || !c->jobs.duration))
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "jobs without GPUs or duration"));
    if (c->access == FC_NONE && gives_out(plan, spec, c->pool))
        return fc_first(ret, fc_plan_wrong(diag, c->name, "jobs queue in a pool of grants"));
    if (c->region < FC_REGION_ANY || c->region > FC_REGION_NON_CAPITAL)
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such region"));
    if (c->access == FC_NONE) return ret;
    if ((uint32_t)c->access - spec->first_call >= spec->n_calls)
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such call"));
    if (c->pool != FC_NONE || c->leaves == FC_LEAVES_AT_ARRIVAL)
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "projects with keys of jobs that queue"));
    return ret;
}

int fc_plan_check_grants(const fc_plan *plan, fc_diag *diag)
{
    uint32_t call = 0;
    int ret = FC_OK;

    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const fc_demand_spec *spec = &plan->fleets[f].demand;

        if (spec->n_calls && (spec->first_call != call || spec->n_calls > plan->n_calls - call))
            return fc_first(ret, fc_plan_wrong(diag, plan->fleets[f].name, "calls out of order"));
        call += spec->n_calls;
        for (uint32_t i = 0; i < spec->n_calls; i++)
            ret = fc_first(ret,
                           check_call(plan, (int32_t)f, &plan->calls[spec->first_call + i], diag));
        for (uint32_t i = 0; spec->n_calls > 0 && i < spec->n_services; i++) {
            uint32_t service = spec->first_service + i;
            if (service < plan->n_services && gives_out(plan, spec, plan->services[service].pool))
                ret = fc_first(ret, fc_plan_wrong(diag, plan->services[service].name,
                                                  "a service in a pool of grants"));
        }
    }
    if (call != plan->n_calls)
        ret = fc_first(ret, fc_plan_wrong(diag, NULL, "a call that belongs to no fleet"));
    return ret;
}
