/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The term of the contract under which a lot is operated: so long from its commissioning, or until
 * a date (one commissioned later leaves at once). When it ends, the lot is disposed of, is
 * transferred to the operator, or its term is renewed for a share of its servers, as far as the
 * money free in the programme's budgets pays for it that day.
 *
 * Where not all is renewed, nothing that is in repair on that day is; what is renewed goes on as a
 * lot of its own. A renewed term lasts a day at least.
 */
#include <math.h>

#include "model/world.h"

static const fc_term *term_of(const fc_world *world, const fc_lot *lot)
{
    static const fc_term none = {0};
    int32_t programme = world->holdings[lot->holding].programme;

    return programme == FC_NONE ? &none : &world->plan->programmes[programme].term;
}

fc_param fc_term_date(const fc_world *world, const fc_lot *lot)
{
    return lot->renewals > 0 ? 0 : term_of(world, lot)->ends;
}

fc_param fc_term_duration(const fc_world *world, const fc_lot *lot)
{
    return lot->renewals > 0 ? term_of(world, lot)->renewal : term_of(world, lot)->lasts;
}

int fc_term_begin(fc_world *world, fc_lot *lot)
{
    const fc_term *term = term_of(world, lot);

    if (fc_without(world, FC_CAUSE_retired)) return FC_OK;
    if (!fc_param_given(term->lasts) && !fc_param_given(term->ends)) return FC_OK;
    return fc_activity_run(world, lot, FC_A_TERM);
}

/* ---- renewal ------------------------------------------------------------------------------- */

/* Pays for the renewal of up to `servers` from the budgets in turn: *paid are those that the money
 * reaches for. Where `settle` is false nothing is paid, only counted. */
static int pay(fc_world *world, const fc_lot *lot, int64_t servers, bool settle, int64_t *paid)
{
    const fc_term *term = term_of(world, lot);
    const fc_holding *holding = &world->holdings[lot->holding];
    const fc_refs *budgets = &world->plan->programmes[holding->programme].pays_from;
    double now = fc_now(world), price = fc_param_at(world->params, term->cost, now);

    *paid = 0;
    if (!(price >= 0.0)) return fc_out_of_domain(world, holding->path, "the cost of a renewal");
    for (uint32_t i = 0; i < budgets->n && *paid < servers; i++) {
        int32_t budget = budgets->index[i], currency = world->plan->budgets[budget].currency;
        int64_t free = fc_account_of(world, (uint32_t)budget, FC_LINE_GPU)->free;
        double a_server = price * fc_exchange(world, term->cost_currency, currency, now) *
                          pow(10.0, world->plan->currencies[currency].minor_digits) *
                          (double)lot->per_server;
        int64_t n = servers - *paid, cost = 0;

        if (a_server * (double)n > (double)free) n = (int64_t)floor((double)free / a_server);
        while (n > 0 && rint(a_server * (double)n) > (double)free) n--;
        cost = (int64_t)rint(a_server * (double)n);
        *paid += n;
        if (!settle || cost == 0) continue;
        int ret = fc_budget_commit(world, (uint32_t)budget, FC_LINE_GPU, cost);
        if (ret == FC_OK) ret = fc_budget_pay(world, (uint32_t)budget, FC_LINE_GPU, cost, cost);
        if (ret != FC_OK) return ret;
    }
    return FC_OK;
}

static int renew(fc_world *world, fc_lot *lot)
{
    fc_param renewal = term_of(world, lot)->renewal;
    fc_step *step = &lot->step[FC_A_TERM];
    double lasts = INFINITY;

    lot->renewals++;
    world->fleets[lot->fleet].renewed += lot->gpus;
    if (fc_param_given(renewal))
        lasts = fmax(fc_param_draw(world->params, renewal, fc_now(world), lot->id), FC_DAY);
    if (isnan(lasts)) return fc_out_of_domain(world, "term.renewal", "a duration");
    step->start = step->began = fc_now(world);
    step->due = step->began + lasts;
    step->end = INFINITY;
    int ret = fc_log(world, "renewed", world->holdings[lot->holding].path, lot->index,
                     (double)lot->gpus, "GPU");
    return ret == FC_OK ? fc_activity_schedule_end(world, lot, FC_A_TERM) : ret;
}

/* How many servers of the lot are renewed; paid for. */
static int renewable(fc_world *world, const fc_lot *lot, int64_t *out)
{
    const fc_term *term = term_of(world, lot);
    double share = fc_param_or(world->params, term->renewed, fc_now(world), 1.0);
    int64_t all = fc_lot_servers(lot);
    int64_t failed = (lot->count[FC_ST_REPAIR] + lot->per_server - 1) / lot->per_server;
    int64_t n = (int64_t)floor((double)all * fmin(fmax(share, 0.0), 1.0) * (1 + 1e-12));
    int ret = FC_OK;

    if (n > all) n = all;
    if (fc_param_given(term->cost)) ret = pay(world, lot, n, false, &n);
    if (n < all && n > all - failed) n = all - failed;
    if (ret == FC_OK && fc_param_given(term->cost)) ret = pay(world, lot, n, true, &n);
    *out = n;
    return ret;
}

int fc_term_over(fc_world *world, fc_lot *lot, bool *done)
{
    int64_t servers = 0;
    fc_lot *branch = NULL;
    int ret = FC_OK;

    if (term_of(world, lot)->then != FC_TERM_RENEW) return FC_OK;
    if ((ret = renewable(world, lot, &servers)) != FC_OK || servers == 0) return ret;
    if (servers == fc_lot_servers(lot)) {
        *done = false;
        return renew(world, lot);
    }
    if ((ret = fc_lot_branch(world, lot, servers, &branch)) != FC_OK) return ret;
    ret = fc_activity_schedule_end(world, branch, FC_A_SERVICE);
    return ret == FC_OK ? renew(world, branch) : ret;
}

int fc_term_end_of(fc_world *world, fc_lot *lot)
{
    const fc_term *term = term_of(world, lot);
    int how = term->then == FC_TERM_RENEW ? term->otherwise : term->then;

    return fc_lot_leave(world, lot, how == FC_TERM_TRANSFER ? FC_ST_TRANSFERRED : FC_ST_RETIRED);
}
