/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/explain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/facts.h"
#include "model/removal.h"

static const double MONTH = 30.4375; /* days */
static const double LEAST_SHARE = 0.01;

/* The run and one of its counterfactuals. */
typedef struct pair {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    const fc_summary *base;
    int64_t run; /* the counterfactual */
} pair;

static int nomem(const pair *p)
{
    return fc_fail(p->diag, FC_E_NOMEM, NULL, NULL);
}

/* ---- two samples, replication by replication --------------------------------------------------
 */

typedef struct paired {
    size_t n;
    double *before, *after;
} paired;

/* An outcome in both, where both have it; what is missing (NaN) becomes `missing`. */
static int read_pair(const pair *p, const char *metric, const char *entity, double missing,
                     paired *out)
{
    fc_sample a, b;
    int ret = fc_store_outcome(p->store, p->arena, p->base->run.id, metric, entity, p->diag, &a);
    if (!ret) ret = fc_store_outcome(p->store, p->arena, p->run, metric, entity, p->diag, &b);
    if (ret) return ret;
    *out = (paired){.before = fc_arena_array(p->arena, a.n + 1, sizeof(double)),
                    .after = fc_arena_array(p->arena, a.n + 1, sizeof(double))};
    if (!out->before || !out->after) return nomem(p);
    for (size_t i = 0, j = 0; i < a.n && j < b.n;) {
        if (a.replication[i] != b.replication[j]) {
            *(a.replication[i] < b.replication[j] ? &i : &j) += 1;
            continue;
        }
        out->before[out->n] = isnan(a.value[i]) ? missing : a.value[i];
        out->after[out->n++] = isnan(b.value[j]) ? missing : b.value[j];
        i++, j++;
    }
    return FC_OK;
}

/* Adds how much more of a metric there is with the change to *sum, replication by replication. */
static int add_difference(const pair *p, const char *metric, double *sum, size_t *n)
{
    paired both;
    int ret = read_pair(p, metric, p->base->fleet.name, 0, &both);
    if (ret) return ret;
    if (*n > both.n) *n = both.n;
    for (size_t i = 0; i < both.n; i++) sum[i] += both.after[i] - both.before[i];
    return FC_OK;
}

/* Mean and half width of the sum of two metrics' differences. */
static int difference(const pair *p, const char *one, const char *other, double *mean,
                      double *half_width)
{
    size_t n = p->base->n;
    double *sum = fc_arena_array(p->arena, n + 1, sizeof *sum);
    if (!sum) return nomem(p);
    int ret = add_difference(p, one, sum, &n);
    if (!ret) ret = add_difference(p, other, sum, &n);
    if (ret) return ret;
    fc_tally tally = FC_TALLY_EMPTY;
    for (size_t i = 0; i < n; i++) fc_tally_add(&tally, sum[i]);
    *mean = fc_tally_mean(&tally);
    if (half_width) *half_width = fc_student_half_width(&tally, 0.95);
    return FC_OK;
}

/* ---- one counterfactual -----------------------------------------------------------------------
 */

static int months_sooner(const pair *p, fc_gain *out)
{
    static const char *const reached[FC_N_MILESTONES] = {"reached_contracted", "reached_delivered",
                                                         "reached_energised", "reached_in_service",
                                                         "reached_allocated"};
    const fc_target_facts *t = &p->base->target;
    double end = (double)p->base->run.end_day;
    paired both;
    int ret = read_pair(p, reached[t->counted_at], t->entity, end, &both);
    if (ret || both.n == 0) return ret;
    double sum = 0;
    for (size_t i = 0; i < both.n; i++) {
        both.before[i] = (both.before[i] - both.after[i]) / MONTH;
        sum += both.before[i];
    }
    out->n = both.n;
    out->mean_months = sum / (double)both.n;
    fc_sort(both.before, both.n);
    out->months = fc_quantile_sorted(both.before, both.n, 0.5);
    out->months_interval = fc_median_interval(both.before, both.n, 0.95);
    return FC_OK;
}

static fc_chance chance_of(const double *values, size_t n)
{
    fc_chance out = {.p = NAN};
    for (size_t i = 0; i < n; i++) {
        out.n += isnan(values[i]) ? 0 : 1;
        out.hits += values[i] > 0.5;
    }
    if (out.n) out.p = (double)out.hits / (double)out.n;
    out.interval = fc_wilson_interval(out.hits, out.n, 0.95);
    return out;
}

/* Whether it has the run's own target: a policy may have put another in its place. */
static int keeps_target(const pair *p, const fc_run_info *info, bool *keeps)
{
    const fc_target_facts *t = &p->base->target;
    fc_target_facts other;
    int ret = fc_target_find(p->store, p->arena, info, p->diag, &other);
    *keeps = !ret && t->path && other.path && strcmp(t->path, other.path) == 0 &&
             t->by == other.by && t->counted_at == other.counted_at && !(t->gpus < other.gpus) &&
             !(t->gpus > other.gpus);
    return ret;
}

static int compare(const pair *p, const fc_run_info *info, fc_gain *out)
{
    const fc_target_facts *t = &p->base->target;
    bool keeps = false;
    *out = (fc_gain){.months = NAN,
                     .mean_months = NAN,
                     .months_interval = {NAN, NAN},
                     .met_before = {.p = NAN},
                     .met = {.p = NAN}};
    int ret = keeps_target(p, info, &keeps);
    if (!ret && keeps) {
        paired met;
        ret = months_sooner(p, out);
        if (!ret) ret = read_pair(p, "met", t->entity, NAN, &met);
        if (!ret) out->met_before = chance_of(met.before, met.n);
        if (!ret) out->met = chance_of(met.after, met.n);
    }
    if (!ret) ret = difference(p, "gpus_contracted", "gpus_retired", &out->gpus, NULL);
    if (!ret) ret = difference(p, "money_paid", "money_committed", &out->money, &out->half_width);
    return ret;
}

/* ---- all of them ------------------------------------------------------------------------------
 */

size_t fc_explain_causes(const fc_summary *s, fc_cause out[FC_N_CAUSES])
{
    size_t n = 0;
    for (size_t i = 0; i < FC_N_CAUSES; i++) {
        const fc_cause_facts *c = &s->causes[i];
        bool worth = isnan(s->charged) || (s->charged > 0 && c->share >= LEAST_SHARE);
        if (worth && fc_removals[c->cause].en) out[n++] = c->cause;
    }
    return n;
}

/* What a run says that it is, behind the name of the one it is of; NULL: it is none of it. The name
 * alone would be a guess: an edited scenario has the same one. */
static int what_of(const pair *p, const fc_run_info *info, const char **what)
{
    const fc_run_info *base = &p->base->run;
    size_t length = strlen(base->name), n;
    fc_input *list;
    *what = NULL;
    if (strncmp(info->name, base->name, length) != 0 || info->name[length] != ' ' ||
        strcmp(info->seed, base->seed) != 0 || strcmp(info->version, base->version) != 0)
        return FC_OK;
    int ret = fc_store_inputs(p->store, p->arena, info->id, p->diag, &list, &n);
    for (size_t i = 0; i < n && !ret; i++)
        if (strcmp(list[i].path, "counterfactual.of") == 0 &&
            strcmp(list[i].value, base->hash) == 0)
            *what = info->name + length + 1;
    return ret;
}

static double order_of(const fc_gain *gain)
{
    return isnan(gain->months) ? -INFINITY : gain->months;
}

/* Best first; of equal ones the likelier, then the cheaper. */
static int by_gain(const void *a, const void *b)
{
    const fc_gain *x = a, *y = b;
    double d = order_of(y) - order_of(x);
    if (!(d < 0 || d > 0)) d = isnan(x->met.p) || isnan(y->met.p) ? 0 : y->met.p - x->met.p;
    if (!(d < 0 || d > 0)) d = x->money - y->money;
    if (d < 0 || d > 0) return d < 0 ? -1 : 1;
    return strcmp(x->what, y->what);
}

/* Sorts a gain into its place. */
static int place(const pair *p, const char *what, fc_gain gain, fc_explanation *out,
                 fc_cause_gain *causes, fc_gain *options)
{
    static const char without[] = "without ", with[] = "with ";
    const fc_summary *s = p->base;
    if (strncmp(what, without, sizeof without - 1) == 0) {
        gain.what = what + sizeof without - 1;
        for (size_t i = 0; i < FC_N_CAUSES; i++)
            if (strcmp(fc_causes[s->causes[i].cause].id, gain.what) == 0)
                causes[i] = (fc_cause_gain){s->causes[i].cause, gain};
    } else if (strncmp(what, with, sizeof with - 1) == 0) {
        gain.what = what + sizeof with - 1;
        options[out->n_options++] = gain;
    } else {
        const char *plus = strchr(what, '+');
        fc_gain *weaker = fc_arena_alloc(p->arena, sizeof *weaker);
        gain.what = what;
        if (!plus || plus == what) return FC_OK;
        out->currency = fc_arena_strndup(p->arena, what, (size_t)(plus - what) - 1);
        if (!weaker || !out->currency) return nomem(p);
        out->step = strtod(plus + 1, NULL);
        *weaker = gain;
        out->weaker = weaker;
    }
    return FC_OK;
}

/* A policy's title is what stands behind the run's own. */
static const char *own_title(const char *title, const char *base)
{
    size_t n = strlen(base);
    return strncmp(title, base, n) == 0 && strncmp(title + n, ": ", 2) == 0 ? title + n + 2 : title;
}

int fc_explain(fc_store *store, fc_arena *arena, const fc_summary *summary, fc_diag *diag,
               fc_explanation *out)
{
    pair p = {.store = store, .arena = arena, .diag = diag, .base = summary};
    fc_run_info *runs;
    size_t n;
    *out = (fc_explanation){0};
    int ret = fc_store_runs(store, arena, diag, &runs, &n);
    if (ret) return ret;
    fc_cause_gain *causes = fc_arena_array(arena, FC_N_CAUSES, sizeof *causes);
    fc_gain *options = fc_arena_array(arena, n + 1, sizeof *options);
    if (!causes || !options) return nomem(&p);
    for (size_t i = 0; i < n && !ret; i++) {
        const char *what = NULL;
        fc_gain gain;
        p.run = runs[i].id;
        ret = what_of(&p, &runs[i], &what);
        if (ret || !what) continue;
        if ((ret = compare(&p, &runs[i], &gain))) break;
        gain.title_en = own_title(runs[i].title_en, summary->run.title_en);
        gain.title_ko = own_title(runs[i].title_ko, summary->run.title_ko);
        ret = place(&p, what, gain, out, causes, options);
    }
    for (size_t i = 0; i < FC_N_CAUSES; i++)
        if (causes[i].gain.what) causes[out->n_causes++] = causes[i];
    qsort(options, out->n_options, sizeof *options, by_gain);
    out->causes = causes;
    out->options = options;
    return ret;
}
