/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/drivers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"

/* ---- Spearman -------------------------------------------------------------------------------- */

typedef struct place {
    double value;
    size_t at;
} place;

static int by_value(const void *a, const void *b)
{
    double x = ((const place *)a)->value, y = ((const place *)b)->value;
    return (x > y) - (x < y);
}

/* Ranks from 1; ties share their mean. */
static void rank(const double *values, size_t n, place *places, double *ranks)
{
    for (size_t i = 0; i < n; i++) places[i] = (place){values[i], i};
    qsort(places, n, sizeof *places, by_value);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && !(places[j].value > places[i].value);) j++;
        for (size_t k = i; k < j; k++) ranks[places[k].at] = (double)(i + j + 1) / 2;
    }
}

/* Pearson's correlation of ranks: all sums are of halves, exact below some 1e5 values. */
static double correlation(const double *a, const double *b, size_t n)
{
    double mean = (double)(n + 1) / 2, ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < n; i++) {
        ab += (a[i] - mean) * (b[i] - mean);
        aa += (a[i] - mean) * (a[i] - mean);
        bb += (b[i] - mean) * (b[i] - mean);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : NAN;
}

int fc_spearman(const double *a, const double *b, size_t n, double *rho)
{
    *rho = NAN;
    if (n < 2) return FC_OK;
    place *places = malloc(n * sizeof *places);
    double *ranks = malloc(2 * n * sizeof *ranks);
    if (places && ranks) {
        rank(a, n, places, ranks);
        rank(b, n, places, ranks + n);
        *rho = correlation(ranks, ranks + n, n);
    }
    int ret = places && ranks ? FC_OK : FC_E_NOMEM;
    free(places);
    free(ranks);
    return ret;
}

/* ---- the draws that matter ------------------------------------------------------------------- */

/* The draws and outcomes of the replications that have both; a draw that did not happen is later
 * than any date. */
static size_t pair(const fc_sample *draw, const fc_sample *outcome, double *a, double *b)
{
    size_t n = 0;
    for (size_t i = 0, j = 0; i < draw->n && j < outcome->n;) {
        if (draw->replication[i] < outcome->replication[j]) {
            i++;
        } else if (draw->replication[i] > outcome->replication[j]) {
            j++;
        } else {
            a[n] = isnan(draw->value[i]) ? INFINITY : draw->value[i];
            b[n++] = outcome->value[j++];
            i++;
        }
    }
    return n;
}

/* By falling |rho|; equal ones by path. */
static bool is_before(const fc_driver_facts *a, const fc_driver_facts *b)
{
    double x = fabs(a->rho), y = fabs(b->rho);
    return x > y || (!(x < y) && strcmp(a->path, b->path) < 0);
}

static void insert(fc_driver_facts *list, size_t most, size_t *n, fc_driver_facts driver)
{
    size_t at = *n;
    while (at > 0 && is_before(&driver, &list[at - 1])) at--;
    if (at >= most) return;
    if (*n < most) ++*n;
    memmove(&list[at + 1], &list[at], (*n - 1 - at) * sizeof *list);
    list[at] = driver;
}

typedef struct ranking {
    const fc_sample *outcome;
    double *a, *b; /* room for the outcome's values */
    fc_arena *arena;
    uint32_t point;
    size_t most, *n;
    fc_driver_facts *out;
} ranking;

static int rank_draw(void *self, const fc_draw_sample *draw, fc_diag *diag)
{
    ranking *r = self;
    double rho;
    size_t pairs = pair(&draw->sample, r->outcome, r->a, r->b);
    if (fc_spearman(r->a, r->b, pairs, &rho)) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    double points = ceil((double)pairs / r->point);
    if (!(fabs(rho) > 0.1 && fabs(rho) > 3 / sqrt(points - 1))) return FC_OK;
    const char *path = fc_arena_strdup(r->arena, draw->path);
    if (!path) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    insert(r->out, r->most, r->n, (fc_driver_facts){path, rho});
    return FC_OK;
}

int fc_drivers_rank(fc_store *store, fc_arena *arena, int64_t run, const fc_sample *outcome,
                    uint32_t point, size_t most, fc_diag *diag, fc_driver_facts *out, size_t *n)
{
    ranking r = {.outcome = outcome,
                 .a = calloc(outcome->n + 1, sizeof(double)),
                 .b = calloc(outcome->n + 1, sizeof(double)),
                 .arena = arena,
                 .point = point,
                 .most = most,
                 .n = n,
                 .out = out};
    *n = 0;
    int ret = r.a && r.b ? FC_OK : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret && outcome->n > 0) ret = fc_store_each_draw(store, run, diag, rank_draw, &r);
    free(r.a);
    free(r.b);
    return ret;
}
