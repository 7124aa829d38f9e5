/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/facts.h"

/* What is compared, in the order of the report. The entity is the headline target, the fleet, or a
 * cause of delay of the fleet, by the metric's scope. */
static const struct {
    int metric, better;
} compared[] = {
    {FC_M_met, 1},
    {FC_M_held, 1},
    {FC_M_reached_contracted, -1}, /* of these the headline's own milestone */
    {FC_M_reached_delivered, -1},
    {FC_M_reached_energised, -1},
    {FC_M_reached_in_service, -1},
    {FC_M_reached_allocated, -1},
    {FC_M_count_by, 1},
    {FC_M_gpus_in_service, 1},
    {FC_M_h100e_in_service, 1},
    {FC_M_idle_contracted, -1},
    {FC_M_delay, -1},
    {FC_M_money_paid, 0},
    {FC_M_money_lapsed, -1},
};
enum { N_COMPARED = sizeof compared / sizeof *compared };

typedef struct comparer {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    fc_comparison *out;
    fc_compare_row *rows;
    fc_fleet_info fleet_a, fleet_b;
} comparer;

static int nomem(const comparer *c)
{
    return fc_fail(c->diag, FC_E_NOMEM, NULL, NULL);
}

/* ---- one row --------------------------------------------------------------------------------- */

/* Keeps what has a value; a date not reached counts as the earlier horizon's end, as does one after
 * it. */
static size_t clean(const fc_sample *sample, bool date, double end, uint32_t *replication,
                    double *value)
{
    size_t n = 0;
    for (size_t i = 0; i < sample->n; i++) {
        double x = sample->value[i];
        if (date && !(x < end)) x = end;
        if (isnan(x)) continue;
        replication[n] = sample->replication[i];
        value[n++] = x;
    }
    return n;
}

static fc_sample cleaned(const comparer *c, const fc_sample *sample, bool date)
{
    uint32_t *replication = fc_arena_array(c->arena, sample->n + 1, sizeof *replication);
    double *value = fc_arena_array(c->arena, sample->n + 1, sizeof *value);
    if (!replication || !value) return (fc_sample){0};
    size_t n = clean(sample, date, (double)c->out->end_day, replication, value);
    return (fc_sample){n, replication, value};
}

/* How many replications both have; their values go to x and y, if given. */
static size_t match(const fc_sample *a, const fc_sample *b, double *x, double *y)
{
    size_t n = 0;
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->replication[i] < b->replication[j]) {
            i++;
        } else if (a->replication[i] > b->replication[j]) {
            j++;
        } else {
            if (x) x[n] = a->value[i];
            if (y) y[n] = b->value[j];
            n++, i++, j++;
        }
    }
    return n;
}

static fc_tally tally_of(const double *values, size_t n)
{
    fc_tally tally = FC_TALLY_EMPTY;
    for (size_t i = 0; i < n; i++) fc_tally_add(&tally, values[i]);
    return tally;
}

static int compare_pairs(const comparer *c, fc_compare_row *row, const double *x, const double *y,
                         size_t n)
{
    fc_paired paired;
    fc_spread spread;
    double *difference = fc_arena_array(c->arena, n, sizeof *difference);
    if (!difference) return nomem(c);
    for (size_t i = 0; i < n; i++) difference[i] = x[i] - y[i];
    int ret = fc_paired_difference(x, y, n, 0.95, &paired);
    if (ret) return fc_fail(c->diag, ret, NULL, fc_metrics[row->metric].id, NULL);
    if (fc_spread_of(difference, n, &spread)) return nomem(c);
    row->n_a = row->n_b = n;
    row->difference = fc_tally_mean(&paired.difference);
    row->half_width = paired.half_width;
    row->median_difference = spread.median;
    if (row->better) {
        row->ahead_a = row->better > 0 ? paired.above : paired.below;
        row->ahead_b = row->better > 0 ? paired.below : paired.above;
        row->tie = paired.equal;
    }
    return FC_OK;
}

/* Welch (1947): independent samples of unequal variance. */
static int compare_samples(const comparer *c, fc_compare_row *row, const fc_sample *a,
                           const fc_sample *b, const fc_tally *ta, const fc_tally *tb)
{
    fc_spread sa, sb;
    if (fc_spread_of(a->value, a->n, &sa) || fc_spread_of(b->value, b->n, &sb)) return nomem(c);
    double va = fc_tally_variance(ta) / (double)a->n, vb = fc_tally_variance(tb) / (double)b->n;
    double df =
        (va + vb) * (va + vb) / (va * va / (double)(a->n - 1) + vb * vb / (double)(b->n - 1));
    row->n_a = a->n;
    row->n_b = b->n;
    row->difference = row->mean_a - row->mean_b;
    row->median_difference = sa.median - sb.median;
    if (a->n < 2 || b->n < 2)
        row->half_width = INFINITY;
    else
        row->half_width = va + vb > 0 ? fc_student_point(df, 0.95) * sqrt(va + vb) : 0;
    return FC_OK;
}

/* Zeros for the replications of another sample. */
static int zeros(comparer *c, const fc_sample *like, fc_sample *out)
{
    double *value = fc_arena_array(c->arena, like->n + 1, sizeof *value);
    *out = (fc_sample){.n = like->n, .replication = like->replication, .value = value};
    return value ? FC_OK : nomem(c);
}

/* Adds the row unless one of the runs does not have it. */
static int add_row(comparer *c, fc_compare_row row, const char *entity_a, const char *entity_b)
{
    fc_sample a, b;
    const fc_metric_info *metric = &fc_metrics[row.metric];
    fc_comparison *out = c->out;
    bool date = strcmp(metric->unit, "date") == 0;
    int ret = fc_store_outcome(c->store, c->arena, out->a.id, metric->id, entity_a, c->diag, &a);
    if (!ret)
        ret = fc_store_outcome(c->store, c->arena, out->b.id, metric->id, entity_b, c->diag, &b);
    if (ret) return ret;
    /* A cause that one of them cannot have delays it by nothing. */
    if (row.cause != FC_NONE && a.n == 0) ret = zeros(c, &b, &a);
    if (row.cause != FC_NONE && b.n == 0) ret = zeros(c, &a, &b);
    if (ret) return ret;
    a = cleaned(c, &a, date);
    b = cleaned(c, &b, date);
    if (!a.replication || !b.replication) return nomem(c);
    double *x = fc_arena_array(c->arena, a.n + 1, sizeof *x);
    double *y = fc_arena_array(c->arena, a.n + 1, sizeof *y);
    if (!x || !y) return nomem(c);
    size_t n = match(&a, &b, x, y);
    if (out->paired ? n == 0 : a.n == 0 || b.n == 0) return FC_OK;
    fc_tally ta = out->paired ? tally_of(x, n) : tally_of(a.value, a.n);
    fc_tally tb = out->paired ? tally_of(y, n) : tally_of(b.value, b.n);
    row.mean_a = fc_tally_mean(&ta);
    row.mean_b = fc_tally_mean(&tb);
    ret =
        out->paired ? compare_pairs(c, &row, x, y, n) : compare_samples(c, &row, &a, &b, &ta, &tb);
    if (!ret) c->rows[out->n_rows++] = row;
    return ret;
}

/* ---- all rows -------------------------------------------------------------------------------- */

static int add_causes(comparer *c, fc_compare_row row)
{
    int ret = FC_OK;
    for (int cause = 0; cause < FC_N_CAUSES && !ret; cause++) {
        const char *a =
            fc_arena_printf(c->arena, "%s.delay.%s", c->fleet_a.name, fc_causes[cause].id);
        const char *b =
            fc_arena_printf(c->arena, "%s.delay.%s", c->fleet_b.name, fc_causes[cause].id);
        if (!a || !b) return nomem(c);
        row.cause = cause;
        ret = add_row(c, row, a, b);
    }
    return ret;
}

static int add_metric(comparer *c, int metric, int better)
{
    const fc_comparison *out = c->out;
    const fc_metric_info *info = &fc_metrics[metric];
    bool money = strcmp(info->unit, "money") == 0;
    fc_compare_row row = {.metric = metric, .cause = FC_NONE, .unit = info->unit, .better = better};
    if (money) {
        if (strcmp(c->fleet_a.currency, c->fleet_b.currency) != 0) return FC_OK;
        row.unit = c->fleet_a.currency;
    }
    if (info->scope == FC_SCOPE_CAUSE) return add_causes(c, row);
    if (info->scope == FC_SCOPE_FLEET) return add_row(c, row, c->fleet_a.name, c->fleet_b.name);
    bool dated = strcmp(info->unit, "date") == 0;
    if (!out->target_a.path || !out->target_b.path) return FC_OK;
    if (dated && metric != FC_M_reached_contracted + (int)out->target_a.counted_at) return FC_OK;
    return add_row(c, row, out->target_a.entity, out->target_b.entity);
}

static bool same_target(const fc_target_facts *a, const fc_target_facts *b)
{
    if (!a->path || !b->path) return !a->path && !b->path;
    return a->by == b->by && a->counted_at == b->counted_at && !(a->gpus < b->gpus) &&
           !(a->gpus > b->gpus);
}

/* How many futures there are to pair. */
static int count_pairs(const comparer *c, size_t *n)
{
    fc_sample a, b;
    const fc_comparison *out = c->out;
    int ret = fc_store_outcome(c->store, c->arena, out->a.id, "gpus_in_service", c->fleet_a.name,
                               c->diag, &a);
    if (!ret)
        ret = fc_store_outcome(c->store, c->arena, out->b.id, "gpus_in_service", c->fleet_b.name,
                               c->diag, &b);
    if (ret) return ret;
    *n = match(&a, &b, NULL, NULL);
    return FC_OK;
}

int fc_compare_runs(fc_store *store, fc_arena *arena, int64_t a, int64_t b, fc_diag *diag,
                    fc_comparison **result)
{
    comparer c = {.store = store, .arena = arena, .diag = diag};
    fc_comparison *out = c.out = fc_arena_alloc(arena, sizeof *out);
    c.rows = fc_arena_array(arena, N_COMPARED + FC_N_CAUSES, sizeof *c.rows);
    *result = NULL;
    if (!out || !c.rows) return nomem(&c);
    int ret;
    if ((ret = fc_run_find(store, arena, a, diag, &out->a)) ||
        (ret = fc_run_find(store, arena, b, diag, &out->b)) ||
        (ret = fc_target_find(store, arena, &out->a, diag, &out->target_a)) ||
        (ret = fc_target_find(store, arena, &out->b, diag, &out->target_b)) ||
        (ret = fc_fleet_find(store, arena, a, out->target_a.fleet, diag, &c.fleet_a)) ||
        (ret = fc_fleet_find(store, arena, b, out->target_b.fleet, diag, &c.fleet_b)) ||
        (ret = count_pairs(&c, &out->n)))
        return ret;
    out->end_day = out->a.end_day < out->b.end_day ? out->a.end_day : out->b.end_day;
    out->same_target = same_target(&out->target_a, &out->target_b);
    out->paired = strcmp(out->a.seed, out->b.seed) == 0 && out->n > 0;
    if (!out->paired)
        out->n = (size_t)(out->a.replications < out->b.replications ? out->a.replications
                                                                    : out->b.replications);
    out->rows = c.rows;
    for (size_t i = 0; i < N_COMPARED && !ret; i++)
        ret = add_metric(&c, compared[i].metric, compared[i].better);
    if (!ret) *result = out;
    return ret;
}
