/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/answer.h"

int fc_answer_make(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_answer **out)
{
    *out = NULL;
    fc_answer *a = fc_arena_alloc(arena, sizeof *a);
    if (!a) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret = fc_summary_make(store, arena, run, diag, &a->summary);
    if (!ret) ret = fc_explain(store, arena, &a->summary, diag, &a->explanation);
    if (!ret) ret = fc_demand_details_make(store, arena, &a->summary, diag, &a->demand);
    const char *fleet = a->summary.fleet.name;
    if (!ret) ret = fc_fan_make(store, arena, run, "gpus_in_service", fleet, diag, &a->in_service);
    if (!ret) ret = fc_fan_make(store, arena, run, "gpus_announced", fleet, diag, &a->announced);
    if (!ret) *out = a;
    return ret;
}
