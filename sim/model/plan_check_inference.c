/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a plan says of inference services. */
#include "model/plan_check.h"

static int check_speeds(const fc_plan *plan, const fc_service *s, fc_diag *diag)
{
    const fc_factors *speeds = &s->relative_speed;
    const fc_refs models = {speeds->n, speeds->model};
    int ret = fc_plan_check_models(plan, s->name, &models, diag);

    for (uint32_t i = 0; i < speeds->n; i++) {
        if (!speeds->factor || !speeds->factor[i] || speeds->factor[i] >= plan->n_params)
            return fc_first(ret, fc_plan_wrong(diag, s->name, "no such parameter"));
    }
    return ret;
}

static int check_service(const fc_plan *plan, int32_t fleet, const fc_service *s, fc_diag *diag)
{
    const fc_demand_spec *spec = &plan->fleets[fleet].demand;
    const fc_param params[] = {s->users,          s->tokens_per_user,  s->tokens_per_gpu,
                               s->target_load,    s->replica,          s->at_least,
                               s->scale_up_delay, s->scale_down_delay, s->offshore_price};
    int ret = FC_OK;

    if (!s->name) return fc_plan_wrong(diag, NULL, "an inference service without a name");
    if (s->fleet != fleet) return fc_plan_wrong(diag, s->name, "a service of another fleet");
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        if (params[i] >= plan->n_params)
            ret = fc_first(ret, fc_plan_wrong(diag, s->name, "no such parameter"));
    if (!s->users || !s->tokens_per_user || !s->tokens_per_gpu)
        ret = fc_first(ret, fc_plan_wrong(diag, s->name, "a service without users or tokens"));
    if (s->scaling != FC_SCALING_AUTOSCALED && s->scaling != FC_SCALING_FIXED)
        ret = fc_first(ret, fc_plan_wrong(diag, s->name, "no such scaling"));
    if (s->overflow != FC_OVERFLOW_UNSERVED && s->overflow != FC_OVERFLOW_OFFSHORE)
        ret = fc_first(ret, fc_plan_wrong(diag, s->name, "no such overflow"));
    if ((s->pool == FC_NONE) != (spec->n_pools == 0) ||
        (s->pool != FC_NONE && (uint32_t)s->pool - spec->first_pool >= spec->n_pools))
        ret = fc_first(ret, fc_plan_wrong(diag, s->name, "no such pool"));
    if (s->offshore_price &&
        (s->offshore_currency < 0 || (uint32_t)s->offshore_currency >= plan->n_currencies))
        ret = fc_first(ret, fc_plan_wrong(diag, s->name, "no such price currency"));
    ret = fc_first(ret, fc_plan_check_profile(s->name, s->hours.share, FC_HOURS, diag));
    ret = fc_first(ret, fc_plan_check_profile(s->name, s->days.share, FC_WEEKDAYS, diag));
    ret = fc_first(ret, check_speeds(plan, s, diag));
    return fc_first(ret, fc_plan_check_models(plan, s->name, &s->models, diag));
}

int fc_plan_check_inference(const fc_plan *plan, fc_diag *diag)
{
    uint32_t service = 0;
    int ret = FC_OK;

    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const fc_demand_spec *spec = &plan->fleets[f].demand;

        if (spec->n_services &&
            (spec->first_service != service || spec->n_services > plan->n_services - service))
            return fc_first(
                ret, fc_plan_wrong(diag, plan->fleets[f].name, "inference services out of order"));
        service += spec->n_services;
        for (uint32_t i = 0; i < spec->n_services; i++)
            ret = fc_first(ret, check_service(plan, (int32_t)f,
                                              &plan->services[spec->first_service + i], diag));
    }
    for (uint32_t f = 0; f < plan->n_fleets; f++) {
        const fc_fleet *fleet = &plan->fleets[f];

        if (fleet->terms.load_from != FC_LOAD_STATED &&
            (fleet->terms.load_from != FC_LOAD_OF_DEMAND ||
             fleet->demand.n_classes + fleet->demand.n_services == 0))
            ret = fc_first(ret, fc_plan_wrong(diag, fleet->name, "a load of no demand"));
    }
    if (service != plan->n_services)
        ret = fc_first(ret, fc_plan_wrong(diag, NULL, "inference that belongs to no fleet"));
    return ret;
}
