/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a plan says of demand. */
#include <math.h>

#include "jobs/jobs.h"
#include "model/demand.h"
#include "model/plan_check.h"

static int check_param(const fc_plan *plan, const char *name, fc_param p, const char *what,
                       fc_diag *diag)
{
    return p < plan->n_params ? FC_OK : fc_plan_wrong(diag, name, "no such %s", what);
}

int fc_plan_check_profile(const char *name, const double *share, int n, fc_diag *diag)
{
    double sum = 0;

    for (int i = 0; share && i < n; i++) {
        if (!(share[i] >= 0)) return fc_plan_wrong(diag, name, "a negative share of a profile");
        sum += share[i];
    }
    if (share && !(fabs(sum - 1) < 1e-9))
        return fc_plan_wrong(diag, name, "shares of a profile that do not sum to 1");
    return FC_OK;
}

int fc_plan_check_models(const fc_plan *plan, const char *name, const fc_refs *refs, fc_diag *diag)
{
    for (uint32_t i = 0; i < refs->n; i++) {
        if (!refs->index || refs->index[i] < 0 || (uint32_t)refs->index[i] >= plan->n_accelerators)
            return fc_plan_wrong(diag, name, "no such model");
    }
    return FC_OK;
}

static int check_class(const fc_plan *plan, int32_t fleet, const fc_user_class *c, fc_diag *diag)
{
    const fc_demand_spec *spec = &plan->fleets[fleet].demand;
    const fc_param params[] = {c->arrivals, c->gpus,     c->duration,      c->estimate,
                               c->patience, c->priority, c->load,          c->checkpoint,
                               c->share,    c->quota,    c->offshore_price};
    int ret = FC_OK;

    if (!c->name) return fc_plan_wrong(diag, NULL, "a class of users without a name");
    if (c->fleet != fleet) return fc_plan_wrong(diag, c->name, "a class of another fleet");
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        ret = fc_first(ret, check_param(plan, c->name, params[i], "parameter", diag));
    if (!c->arrivals || !c->gpus || (!c->duration && c->access == FC_NONE))
        ret =
            fc_first(ret, fc_plan_wrong(diag, c->name, "jobs without arrivals, GPUs or duration"));
    if (c->work < 0 || c->work >= FC_N_WORKLOADS)
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such kind of work"));
    if (c->leaves < FC_LEAVES_NEVER_RUN || c->leaves > FC_LEAVES_AT_ARRIVAL)
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such way to leave"));
    ret = fc_first(ret, fc_plan_check_applicants(plan, spec, c, diag));
    if ((c->access == FC_NONE && (c->pool == FC_NONE) != (spec->n_pools == 0)) ||
        (c->pool != FC_NONE && (uint32_t)c->pool - spec->first_pool >= spec->n_pools))
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such pool"));
    if (c->offshore_price &&
        (c->offshore_currency < 0 || (uint32_t)c->offshore_currency >= plan->n_currencies))
        ret = fc_first(ret, fc_plan_wrong(diag, c->name, "no such price currency"));
    ret = fc_first(ret, fc_plan_check_profile(c->name, c->hours.share, FC_HOURS, diag));
    ret = fc_first(ret, fc_plan_check_profile(c->name, c->days.share, FC_WEEKDAYS, diag));
    ret = fc_first(ret, fc_plan_check_models(plan, c->name, &c->models, diag));
    return fc_first(ret, fc_plan_check_models(plan, c->name, &c->prefers, diag));
}

static int check_spec(const fc_plan *plan, const fc_fleet *fleet, fc_diag *diag)
{
    const fc_demand_spec *spec = &fleet->demand;
    int ret = FC_OK;

    if (spec->detail < FC_DETAIL_FLUID || spec->detail > FC_DETAIL_WINDOWS)
        ret = fc_first(ret, fc_plan_wrong(diag, fleet->name, "no such detail of demand"));
    if (spec->policy < 0 || !fc_policy_at((unsigned)spec->policy))
        ret = fc_first(ret, fc_plan_wrong(diag, fleet->name, "no such scheduling policy"));
    if (spec->overrun != FC_OVERRUN_EXTEND && spec->overrun != FC_OVERRUN_KILL)
        ret = fc_first(ret, fc_plan_wrong(diag, fleet->name, "no such overrun"));
    if (spec->placement != FC_PLACEMENT_POOLED && spec->placement != FC_PLACEMENT_SERVERS)
        ret = fc_first(ret, fc_plan_wrong(diag, fleet->name, "no such placement"));
    for (int i = 0; i < FC_N_WORKLOADS; i++)
        ret = fc_first(
            ret, check_param(plan, fleet->name, spec->work_per_result[i], "work_per_result", diag));
    ret = fc_first(ret, check_param(plan, fleet->name, spec->packing, "packing", diag));
    ret = fc_first(ret,
                   check_param(plan, fleet->name, spec->window_length, "length of windows", diag));
    ret = fc_first(
        ret, check_param(plan, fleet->name, spec->windows_a_quarter, "number of windows", diag));
    ret = fc_first(ret, check_param(plan, fleet->name, spec->rebound, "rebound", diag));
    ret = fc_first(ret, check_param(plan, fleet->name, spec->run_work, "run_work", diag));
    return fc_first(ret, check_param(plan, fleet->name, spec->run_mfu, "run_mfu", diag));
}

/* Of indices that have been checked. */
static int check_models_in_all(const fc_plan *plan, int32_t fleet, fc_diag *diag)
{
    int32_t *model = fc_arena_array(plan->arena, plan->n_accelerators + 1, sizeof *model);
    uint32_t n = 0;

    if (!model) return FC_E_NOMEM;
    fc_demand_list_models(plan, fleet, model, &n);
    if (n <= FC_MAX_GROUPS) return FC_OK;
    return fc_plan_wrong(diag, plan->fleets[fleet].name, "demand of a fleet of %u models, above %d",
                         n, FC_MAX_GROUPS);
}

int fc_plan_check_demand(const fc_plan *plan, fc_diag *diag)
{
    uint32_t pool = 0, class = 0;
    int ret = fc_plan_check_grants(plan, diag);

    if (ret != FC_OK) return ret; /* classes refer to calls */

    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const fc_demand_spec *spec = &plan->fleets[f].demand;
        const char *name = plan->fleets[f].name;

        ret = fc_first(ret, check_spec(plan, &plan->fleets[f], diag));
        if (spec->n_pools && (spec->first_pool != pool || spec->n_pools > plan->n_pools - pool))
            return fc_first(ret, fc_plan_wrong(diag, name, "pools out of order"));
        if (spec->n_classes &&
            (spec->first_class != class || spec->n_classes > plan->n_classes - class))
            return fc_first(ret, fc_plan_wrong(diag, name, "classes of users out of order"));
        if (spec->n_classes > UINT16_MAX)
            return fc_first(ret, fc_plan_wrong(diag, name, "too many classes of users"));
        pool += spec->n_pools;
        class += spec->n_classes;
        for (uint32_t i = 0; i < spec->n_pools; i++) {
            const fc_pool *p = &plan->pools[spec->first_pool + i];
            if (!p->share || p->share >= plan->n_params)
                ret = fc_first(ret, fc_plan_wrong(diag, p->name, "a pool without a share"));
        }
        for (uint32_t i = 0; i < spec->n_classes; i++)
            ret = fc_first(
                ret, check_class(plan, (int32_t)f, &plan->classes[spec->first_class + i], diag));
        if (ret == FC_OK && spec->n_classes + spec->n_services > 0)
            ret = check_models_in_all(plan, (int32_t)f, diag);
    }
    if (pool != plan->n_pools || class != plan->n_classes)
        ret = fc_first(ret, fc_plan_wrong(diag, NULL, "demand that belongs to no fleet"));
    return ret;
}
