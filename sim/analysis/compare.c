/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/facts.h"
#include "store/design.h"

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
    fc_arena *samples; /* the values of one row */
    fc_diag *diag;
    fc_comparison *out;
    fc_compare_row *rows;
    fc_fleet_info fleet_a, fleet_b;
    uint32_t block_a, block_b; /* replications of which one depends on the others */
} comparer;

/* As fc_sample, to be filled in. */
typedef struct sample {
    size_t n;
    uint32_t *replication;
    double *value;
} sample;

static int nomem(const comparer *c)
{
    return fc_fail(c->diag, FC_E_NOMEM, NULL, NULL);
}

/* ---- one row --------------------------------------------------------------------------------- */

/* With room for n values; no arrays if there is no memory. */
static sample make_sample(const comparer *c, size_t n)
{
    sample out = {.replication = fc_arena_array(c->samples, n + 1, sizeof(uint32_t)),
                  .value = fc_arena_array(c->samples, n + 1, sizeof(double))};
    if (!out.value) out.replication = NULL;
    return out;
}

/* Keeps what has a value; a date not reached counts as the earlier horizon's end, as does one after
 * it. */
static sample cleaned(const comparer *c, const fc_sample *all, bool date)
{
    double end = (double)c->out->end_day;
    sample out = make_sample(c, all->n);
    for (size_t i = 0; i < all->n && out.replication; i++) {
        double x = all->value[i];
        if (date && !(x < end)) x = end;
        if (isnan(x)) continue;
        out.replication[out.n] = all->replication[i];
        out.value[out.n++] = x;
    }
    return out;
}

/* How many replications both have; which, and their values, go to x and y (with room for all of
 * a's), if given. */
static size_t match(const fc_sample *a, const fc_sample *b, sample *x, sample *y)
{
    size_t n = 0;
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->replication[i] < b->replication[j]) {
            i++;
        } else if (a->replication[i] > b->replication[j]) {
            j++;
        } else {
            if (x && y) {
                x->replication[n] = y->replication[n] = a->replication[i];
                x->value[n] = a->value[i];
                y->value[n] = b->value[j];
            }
            n++, i++, j++;
        }
    }
    return n;
}

/* Whether pairs are of one block only if they are of one block of both runs or more: the least
 * common multiple of the two lengths. */
static uint32_t common_block(uint32_t a, uint32_t b)
{
    uint64_t x = a, y = b;
    while (y) {
        uint64_t rest = x % y;
        x = y;
        y = rest;
    }
    uint64_t multiple = a / x * b;
    return multiple < UINT32_MAX ? (uint32_t)multiple : UINT32_MAX;
}

static bool is_share(const fc_compare_row *row)
{
    return row->metric == FC_M_met || row->metric == FC_M_held;
}

static void count_ahead(fc_compare_row *row, uint64_t above, uint64_t below, size_t n)
{
    if (row->better == 0) return;
    row->ahead_a = row->better > 0 ? above : below;
    row->ahead_b = row->better > 0 ? below : above;
    row->tie = n - above - below;
}

static int compare_pairs(const comparer *c, fc_compare_row *row, const sample *x, const sample *y)
{
    fc_spread spread;
    size_t n = x->n;
    uint64_t above = 0, below = 0;
    double *difference = fc_arena_array(c->samples, n, sizeof *difference);
    if (!difference) return nomem(c);
    for (size_t i = 0; i < n; i++) {
        difference[i] = x->value[i] - y->value[i];
        above += difference[i] > 0;
        below += difference[i] < 0;
    }
    if (fc_spread_of(difference, n, &spread)) return nomem(c);
    fc_estimate e =
        fc_estimate_of(difference, x->replication, n, common_block(c->block_a, c->block_b));
    row->n_a = row->n_b = n;
    row->difference = e.mean;
    row->interval = is_share(row)
                        ? fc_paired_share_interval(&e, (double)above / (double)n,
                                                   (double)below / (double)n, c->out->level)
                        : fc_mean_interval(&e, c->out->level);
    row->median_difference = spread.median;
    count_ahead(row, above, below, n);
    return FC_OK;
}

static int compare_samples(const comparer *c, fc_compare_row *row, const sample *a, const sample *b)
{
    fc_spread sa, sb;
    if (fc_spread_of(a->value, a->n, &sa) || fc_spread_of(b->value, b->n, &sb)) return nomem(c);
    fc_estimate ea = fc_estimate_of(a->value, a->replication, a->n, c->block_a);
    fc_estimate eb = fc_estimate_of(b->value, b->replication, b->n, c->block_b);
    row->n_a = a->n;
    row->n_b = b->n;
    row->difference = row->mean_a - row->mean_b;
    row->median_difference = sa.median - sb.median;
    row->interval = is_share(row) ? fc_share_difference_interval(&ea, &eb, c->out->level)
                                  : fc_mean_difference_interval(&ea, &eb, c->out->level);
    return FC_OK;
}

/* Zeros for the replications of another sample. */
static int zeros(comparer *c, const fc_sample *like, fc_sample *out)
{
    double *value = fc_arena_array(c->samples, like->n + 1, sizeof *value);
    *out = (fc_sample){.n = like->n, .replication = like->replication, .value = value};
    return value ? FC_OK : nomem(c);
}

/* Leaves the replications that both have. */
static int keep_pairs(const comparer *c, sample *a, sample *b)
{
    sample x = make_sample(c, a->n), y = make_sample(c, a->n);
    if (!x.replication || !y.replication) return nomem(c);
    const fc_sample all_a = {a->n, a->replication, a->value};
    const fc_sample all_b = {b->n, b->replication, b->value};
    x.n = y.n = match(&all_a, &all_b, &x, &y);
    *a = x;
    *b = y;
    return FC_OK;
}

static double mean_of(const sample *s)
{
    fc_tally tally = FC_TALLY_EMPTY;
    for (size_t i = 0; i < s->n; i++) fc_tally_add(&tally, s->value[i]);
    return fc_tally_mean(&tally);
}

/* The values so far are not needed any more. */
static int next_row(comparer *c)
{
    fc_arena_free(c->samples);
    c->samples = fc_arena_create();
    return c->samples ? FC_OK : nomem(c);
}

/* Adds the row unless one of the runs does not have it. */
static int add_row(comparer *c, fc_compare_row row, const char *entity_a, const char *entity_b)
{
    fc_sample a, b;
    const fc_metric_info *metric = &fc_metrics[row.metric];
    fc_comparison *out = c->out;
    bool date = strcmp(metric->unit, "date") == 0;
    int ret = next_row(c);
    if (!ret)
        ret = fc_store_outcome(c->store, c->samples, out->a.id, metric->id, entity_a, c->diag, &a);
    if (!ret)
        ret = fc_store_outcome(c->store, c->samples, out->b.id, metric->id, entity_b, c->diag, &b);
    if (ret) return ret;
    /* A cause that one of them cannot have delays it by nothing. */
    if (row.cause != FC_NONE && a.n == 0) ret = zeros(c, &b, &a);
    if (row.cause != FC_NONE && b.n == 0) ret = zeros(c, &a, &b);
    if (ret) return ret;
    sample x = cleaned(c, &a, date), y = cleaned(c, &b, date);
    if (!x.replication || !y.replication) return nomem(c);
    if (out->paired && (ret = keep_pairs(c, &x, &y))) return ret;
    if (x.n == 0 || y.n == 0) return FC_OK;
    row.mean_a = mean_of(&x);
    row.mean_b = mean_of(&y);
    ret = out->paired ? compare_pairs(c, &row, &x, &y) : compare_samples(c, &row, &x, &y);
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

static size_t count_blocks(const fc_sample *s, uint32_t block)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += i == 0 || s->replication[i] / block != s->replication[i - 1] / block;
    return n;
}

/* How many futures there are to pair, and how many of them are independent. */
static int count_futures(comparer *c)
{
    fc_sample a, b;
    fc_comparison *out = c->out;
    int ret = next_row(c);
    if (!ret)
        ret = fc_store_outcome(c->store, c->samples, out->a.id, "gpus_in_service", c->fleet_a.name,
                               c->diag, &a);
    if (!ret)
        ret = fc_store_outcome(c->store, c->samples, out->b.id, "gpus_in_service", c->fleet_b.name,
                               c->diag, &b);
    if (ret) return ret;
    out->n = match(&a, &b, NULL, NULL);
    out->paired = strcmp(out->a.seed, out->b.seed) == 0 && out->n > 0;
    if (!out->paired) out->n = a.n < b.n ? a.n : b.n;
    uint32_t common = common_block(c->block_a, c->block_b);
    size_t blocks_a = count_blocks(&a, out->paired ? common : c->block_a);
    size_t blocks_b = count_blocks(&b, out->paired ? common : c->block_b);
    out->independent = blocks_a < blocks_b ? blocks_a : blocks_b;
    if (out->independent > out->n) out->independent = out->n;
    return FC_OK;
}

static int find_blocks(comparer *c)
{
    fc_run_blocks a, b;
    double level_a, level_b;
    const int64_t run_a = c->out->a.id, run_b = c->out->b.id;
    int ret = fc_store_run_blocks(c->store, run_a, c->diag, &a);
    if (!ret) ret = fc_store_run_blocks(c->store, run_b, c->diag, &b);
    if (!ret) ret = fc_store_level(c->store, run_a, c->diag, &level_a);
    if (!ret) ret = fc_store_level(c->store, run_b, c->diag, &level_b);
    if (ret) return ret;
    c->block_a = a.independent;
    c->block_b = b.independent;
    c->out->level = fmax(level_a, level_b);
    return FC_OK;
}

static int compare(comparer *c, int64_t a, int64_t b)
{
    fc_comparison *out = c->out;
    int ret;
    if ((ret = fc_run_find(c->store, c->arena, a, c->diag, &out->a)) ||
        (ret = fc_run_find(c->store, c->arena, b, c->diag, &out->b)) ||
        (ret = fc_target_find(c->store, c->arena, &out->a, c->diag, &out->target_a)) ||
        (ret = fc_target_find(c->store, c->arena, &out->b, c->diag, &out->target_b)) ||
        (ret = fc_fleet_find(c->store, c->arena, a, out->target_a.fleet, c->diag, &c->fleet_a)) ||
        (ret = fc_fleet_find(c->store, c->arena, b, out->target_b.fleet, c->diag, &c->fleet_b)) ||
        (ret = find_blocks(c)) || (ret = count_futures(c)))
        return ret;
    out->end_day = out->a.end_day < out->b.end_day ? out->a.end_day : out->b.end_day;
    out->same_target = same_target(&out->target_a, &out->target_b);
    out->rows = c->rows;
    for (size_t i = 0; i < N_COMPARED && !ret; i++)
        ret = add_metric(c, compared[i].metric, compared[i].better);
    return ret;
}

int fc_compare_runs(fc_store *store, fc_arena *arena, int64_t a, int64_t b, fc_diag *diag,
                    fc_comparison **result)
{
    comparer c = {.store = store, .arena = arena, .diag = diag};
    c.out = fc_arena_alloc(arena, sizeof *c.out);
    c.rows = fc_arena_array(arena, N_COMPARED + FC_N_CAUSES, sizeof *c.rows);
    int ret = c.out && c.rows ? compare(&c, a, b) : nomem(&c);
    fc_arena_free(c.samples);
    *result = ret ? NULL : c.out;
    return ret;
}
