/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/drivers.h"
#include "analysis/facts.h"
#include "kernel/date.h"
#include "kernel/estimate.h"
#include "store/design.h"

/* Where the figures come from. */
typedef struct source {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    int64_t run;
    const char *fleet;
    fc_run_blocks blocks;
    double level;      /* confidence of the intervals */
    fc_arena *samples; /* values of all replications, until the next figure is made of others */
} source;

static int nomem(const source *from)
{
    return fc_fail(from->diag, FC_E_NOMEM, NULL, NULL);
}

static int outcome(const source *from, const char *metric, const char *entity, fc_sample *out)
{
    return fc_store_outcome(from->store, from->samples, from->run, metric, entity, from->diag, out);
}

/* Nothing is made of the samples so far any more: memory is that of a few at a time, whatever the
 * number of figures. */
static int next_figure(source *from)
{
    fc_arena_free(from->samples);
    from->samples = fc_arena_create();
    return from->samples ? FC_OK : nomem(from);
}

/* ---- shares and quantiles -------------------------------------------------------------------- */

static fc_chance no_chance(const source *from)
{
    return (fc_chance){.p = NAN, .interval = fc_wilson_interval(0, 0, from->level)};
}

/* Of values that are 0 or 1, or NaN. */
static fc_chance chance_of(const source *from, const double *hit, const fc_sample *sample)
{
    fc_chance out = no_chance(from);
    for (size_t i = 0; i < sample->n; i++) {
        out.n += isnan(hit[i]) ? 0 : 1;
        out.hits += hit[i] > 0.5;
    }
    if (out.n == 0) return out;
    fc_estimate e = fc_estimate_of(hit, sample->replication, sample->n, from->blocks.independent);
    out.p = e.mean = (double)out.hits / (double)out.n;
    out.interval = fc_share_interval(&e, from->level);
    return out;
}

/* Of the dates, those before `limit`; or those that are not. */
static int chance_of_dates(const source *from, const fc_sample *dates, double limit, bool before,
                           fc_chance *out)
{
    double *hit = malloc((dates->n + 1) * sizeof *hit);
    if (!hit) return nomem(from);
    for (size_t i = 0; i < dates->n; i++) hit[i] = (dates->value[i] < limit) == before;
    *out = chance_of(from, hit, dates);
    free(hit);
    return FC_OK;
}

static int outcome_spread(const source *from, const char *metric, fc_spread *out, double *mean)
{
    return fc_outcome_spread(from->store, from->run, metric, from->fleet, from->diag, out, mean);
}

/* ---- the target ------------------------------------------------------------------------------ */

static const char *const reached_metrics[FC_N_MILESTONES] = {
    "reached_contracted", "reached_delivered", "reached_energised", "reached_in_service",
    "reached_allocated"};

/* Not reached (NULL) becomes INFINITY. */
static int reached(const source *from, const char *entity, fc_milestone milestone, fc_sample *out)
{
    int ret = outcome(from, reached_metrics[milestone], entity, out);
    if (ret) return ret;
    double *dates = fc_arena_array(from->samples, out->n + 1, sizeof *dates);
    if (!dates) return nomem(from);
    for (size_t i = 0; i < out->n; i++) dates[i] = isnan(out->value[i]) ? INFINITY : out->value[i];
    out->value = dates;
    return FC_OK;
}

static int summarise_target(source *from, const fc_run_info *run, fc_target_facts *t)
{
    int ret;
    bool within = t->by >= run->start_day && t->by < run->end_day;
    fc_sample met, held;
    for (fc_milestone m = FC_CONTRACTED; m < FC_N_MILESTONES; m++) {
        fc_sample dates;
        if ((ret = next_figure(from)) || (ret = reached(from, t->entity, m, &dates))) return ret;
        /* By its date is before the end of that day. */
        t->reached_by[m] = no_chance(from);
        if (within &&
            (ret = chance_of_dates(from, &dates, (double)t->by + 1, true, &t->reached_by[m])))
            return ret;
        if (fc_spread_of(dates.value, dates.n, &t->reached[m])) return nomem(from);
        if (m != t->counted_at) continue;
        ret = chance_of_dates(from, &dates, INFINITY, false, &t->not_reached);
        if (ret) return ret;
    }
    if ((ret = next_figure(from)) || (ret = outcome(from, "met", t->entity, &met)) ||
        (ret = outcome(from, "held", t->entity, &held)))
        return ret;
    t->met = chance_of(from, met.value, &met);
    t->held = chance_of(from, held.value, &held);
    return fc_outcome_spread(from->store, from->run, "count_by", t->entity, from->diag, &t->count,
                             NULL);
}

/* ---- the fleet over time --------------------------------------------------------------------- */

/* Fills in one metric of every standing. */
static int add_metric(const source *from, int metric, size_t n, fc_standing **list)
{
    fc_fan fan;
    int ret = fc_fan_make(from->store, from->arena, from->run, fc_metrics[metric].id, from->fleet,
                          from->diag, &fan);
    for (size_t i = 0; i < n && !ret; i++)
        list[i]->value[metric] = fc_fan_at(&fan, FC_FAN_P50, list[i]->day);
    return ret;
}

/* The last month end that is not after a day: the day itself, or one of the month before; the day
 * itself where none lies within the run. */
static int64_t month_end_by(int64_t day, int64_t start)
{
    fc_date date = fc_date_of_days(day);
    if (date.day == fc_month_days(date.year, date.month)) return day;
    int64_t before = day - date.day;
    return before >= start ? before : day;
}

/* The last days of the calendar years in the horizon, and its own last day. */
static int make_years(const source *from, fc_summary *s)
{
    int64_t last = s->run.end_day - 1;
    int first_year = fc_date_of_days(s->run.start_day).year;
    int last_year = fc_date_of_days(last).year;
    size_t n = (size_t)last_year - (size_t)first_year + 1;
    fc_standing *years = fc_arena_array(from->arena, n, sizeof *years);
    if (!years) return nomem(from);
    for (size_t i = 0; i < n; i++) {
        int64_t day = fc_date_days((fc_date){first_year + (int)i, 12, 31});
        years[i].day = day < last ? day : last;
    }
    s->years = years;
    s->n_years = n;
    s->focus = s->target.path && s->target.by <= last ? s->target.by : last;
    s->at_focus.day = month_end_by(s->focus, s->run.start_day);
    s->before.day = fc_date_days((fc_date){fc_date_of_days(s->focus).year - 1, 12, 31});
    fc_standing **all = fc_arena_array(from->arena, n + 2, sizeof *all);
    if (!all) return nomem(from);
    for (size_t i = 0; i < n; i++) all[i] = &years[i];
    all[n] = &s->at_focus;
    all[n + 1] = &s->before;
    for (size_t i = 0; i < n + 2; i++)
        for (int m = 0; m < FC_N_METRICS; m++) all[i]->value[m] = NAN;
    int ret = FC_OK;
    for (int m = 0; m < FC_N_METRICS && !ret; m++)
        if (fc_metrics[m].kind == FC_KIND_SERIES) ret = add_metric(from, m, n + 2, all);
    return ret;
}

/* ---- what held it up ------------------------------------------------------------------------- */

static int by_charge(const void *a, const void *b)
{
    const fc_cause_facts *x = a, *y = b;
    if (x->gpu_days < y->gpu_days || x->gpu_days > y->gpu_days)
        return x->gpu_days < y->gpu_days ? 1 : -1;
    return (int)x->cause - (int)y->cause;
}

/* Whether anything was announced for the fleet. */
static bool announced(const fc_summary *s)
{
    for (size_t i = 0; i < s->n_years; i++)
        if (s->years[i].value[FC_M_gpus_announced] > 0) return true;
    return false;
}

static int summarise_delay(const source *from, fc_summary *s)
{
    double charged = 0;
    for (fc_cause c = 0; c < FC_N_CAUSES; c++) {
        fc_spread spread;
        double mean = 0;
        const char *entity =
            fc_arena_printf(from->arena, "%s.delay.%s", from->fleet, fc_causes[c].id);
        if (!entity) return nomem(from);
        int ret =
            fc_outcome_spread(from->store, from->run, "delay", entity, from->diag, &spread, &mean);
        if (ret) return ret;
        s->causes[c] = (fc_cause_facts){.cause = c, .gpu_days = mean > 0 ? mean : 0};
        charged += s->causes[c].gpu_days;
    }
    for (fc_cause c = 0; c < FC_N_CAUSES; c++)
        s->causes[c].share = charged > 0 ? s->causes[c].gpu_days / charged : 0;
    qsort(s->causes, FC_N_CAUSES, sizeof *s->causes, by_charge);
    s->charged = announced(s) ? charged : NAN;
    return FC_OK;
}

/* ---- what it hangs on ------------------------------------------------------------------------ */

static bool constant(const fc_sample *sample)
{
    for (size_t i = 1; i < sample->n; i++)
        if (sample->value[i] < sample->value[0] || sample->value[i] > sample->value[0])
            return false;
    return true;
}

/* The headline as one number a replication, more is better: how early the target is reached (the
 * horizon's end where it is not); the count on its date where that does not vary, and without a
 * target the number in service at the end. */
static int headline(const source *from, const fc_summary *s, fc_sample *out)
{
    const fc_target_facts *t = &s->target;
    int ret;
    if (!t->path) return outcome(from, "gpus_in_service", from->fleet, out);
    if ((ret = reached(from, t->entity, t->counted_at, out))) return ret;
    double *early = fc_arena_array(from->samples, out->n + 1, sizeof *early);
    if (!early) return nomem(from);
    for (size_t i = 0; i < out->n; i++) early[i] = -fmin(out->value[i], (double)s->run.end_day);
    out->value = early;
    return constant(out) ? outcome(from, "count_by", t->entity, out) : FC_OK;
}

static int summarise_drivers(source *from, fc_summary *s)
{
    fc_sample sample;
    if (s->n < FC_DRIVERS_MIN_N) return FC_OK;
    int ret = next_figure(from);
    if (!ret) ret = headline(from, s, &sample);
    if (ret) return ret;
    for (size_t i = 0; i < sample.n; i++)
        if (isnan(sample.value[i])) return FC_OK;
    return fc_drivers_rank(from->store, from->arena, from->run, &sample, from->blocks.point,
                           FC_N_TOP_DRIVERS, from->diag, s->drivers, &s->n_drivers);
}

/* The blocks that have a replication. */
static int count_independent(const source *from, fc_summary *s)
{
    fc_sample sample;
    s->n = s->independent = (size_t)s->run.replications;
    if (from->blocks.independent <= 1) return FC_OK;
    int ret = outcome(from, "gpus_in_service", s->fleet.name, &sample);
    if (ret) return ret;
    fc_estimate e =
        fc_estimate_of(sample.value, sample.replication, sample.n, from->blocks.independent);
    s->independent = (size_t)e.blocks;
    return FC_OK;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int summarise(source *from, fc_summary *out)
{
    const char *fleet = from->fleet = out->fleet.name;
    const int64_t days[2] = {out->run.start_day, out->run.end_day};
    int ret = out->target.path ? summarise_target(from, &out->run, &out->target) : FC_OK;
    if (ret || (ret = make_years(from, out)) ||
        (ret = outcome_spread(from, "idle_contracted", &out->idle, &out->idle_mean)) ||
        (ret = outcome_spread(from, "failures", &out->failures, NULL)) ||
        (ret = outcome_spread(from, "repair_share", &out->repair_share, NULL)) ||
        (ret = fc_money_facts_make(from->store, from->arena, from->run, fleet, days,
                                   out->at_focus.day, from->diag, &out->money)) ||
        (ret = summarise_delay(from, out)) ||
        (ret =
             fc_running_facts_make(from->store, from->arena, from->run, fleet,
                                   fc_date_of_days(out->focus).year, from->diag, &out->running)) ||
        (ret = fc_demand_facts_make(from->store, from->arena, from->run, fleet, from->diag,
                                    &out->demand)) ||
        (ret = summarise_drivers(from, out)))
        return ret;
    return fc_inputs_count(from->store, from->arena, from->run, from->diag, &out->inputs);
}

int fc_summary_make(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_summary *out)
{
    source from = {.store = store, .arena = arena, .diag = diag, .run = run};
    *out = (fc_summary){0};
    int ret = fc_run_find(store, arena, run, diag, &out->run);
    if (!ret) ret = fc_target_find(store, arena, &out->run, diag, &out->target);
    if (!ret) ret = fc_fleet_find(store, arena, run, out->target.fleet, diag, &out->fleet);
    if (!ret) ret = fc_bodies_find(store, arena, run, out->fleet.name, diag, out->bodies);
    if (!ret) ret = fc_store_run_blocks(store, run, diag, &from.blocks);
    if (!ret) ret = fc_store_level(store, run, diag, &from.level);
    if (!ret) ret = next_figure(&from);
    if (!ret) ret = count_independent(&from, out);
    out->level = from.level;
    if (!ret) ret = summarise(&from, out);
    fc_arena_free(from.samples);
    return ret;
}
