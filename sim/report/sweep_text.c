/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sweep_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/words.h"
#include "store/design.h"

/* ---- rows ------------------------------------------------------------------------------------ */

static fc_sweep_figure figure_of(const fc_estimate *e, fc_interval interval)
{
    return (fc_sweep_figure){.n = (size_t)e->n, .mean = e->mean, .interval = interval};
}

static int measure_run(fc_store *store, fc_arena *arena, bool sampled, fc_diag *diag,
                       fc_sweep_row *row)
{
    fc_sample met = {0}, count = {0};
    fc_run_blocks blocks = {1, 1};
    const char *target = row->run.headline ? strstr(row->run.headline, ".") : NULL;
    int ret = fc_store_level(store, row->run.id, diag, &row->level);
    if (ret || !target) return ret;
    ret = fc_store_outcome(store, arena, row->run.id, "met", target + 1, diag, &met);
    if (!ret)
        ret = fc_store_outcome(store, arena, row->run.id, "count_by", target + 1, diag, &count);
    if (!ret && sampled) ret = fc_store_run_blocks(store, row->run.id, diag, &blocks);
    if (ret || met.n == 0) return ret;
    fc_estimate share = fc_estimate_of(met.value, met.replication, met.n, blocks.independent);
    fc_estimate mean = fc_estimate_of(count.value, count.replication, count.n, blocks.independent);
    row->met = figure_of(&share, fc_share_interval(&share, row->level));
    row->count = figure_of(&mean, fc_mean_interval(&mean, row->level));
    return FC_OK;
}

/* Both lists are short enough for a search, and runs are found in the order made. */
static size_t find_runs(const int64_t *runs, size_t n, const fc_run_info *all, size_t n_all,
                        fc_sweep_row *rows)
{
    size_t first = 0, kept = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_all; k++) {
            size_t at = (first + k) % n_all;
            if (all[at].id != runs[i]) continue;
            rows[kept++] = (fc_sweep_row){.run = all[at]};
            first = at + 1;
            break;
        }
    return kept;
}

static int make_rows(fc_store *store, fc_arena *arena, const int64_t *runs, size_t n, bool sampled,
                     fc_diag *diag, fc_sweep_row **out, size_t *n_out)
{
    fc_run_info *all = NULL;
    size_t n_all = 0;
    int ret = fc_store_runs(store, arena, diag, &all, &n_all);
    *out = fc_arena_array(arena, n + 1, sizeof **out);
    if (!ret && !*out) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret) *n_out = find_runs(runs, n, all, n_all, *out);
    for (size_t i = 0; i < *n_out && !ret; i++) {
        fc_arena *own = fc_arena_create(); /* a run's values are many */
        ret = own ? measure_run(store, own, sampled, diag, &(*out)[i])
                  : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        fc_arena_free(own);
    }
    return ret;
}

int fc_sweep_rows(fc_store *store, fc_arena *arena, const int64_t *runs, size_t n, bool sampled,
                  fc_diag *diag, fc_sweep_row **out, size_t *n_out)
{
    *out = NULL;
    *n_out = 0;
    int ret = fc_store_begin_reading(store, diag);
    if (ret) return ret;
    ret = make_rows(store, arena, runs, n, sampled, diag, out, n_out);
    return fc_store_end_reading(store, ret, diag);
}

/* ---- a line a run ---------------------------------------------------------------------------- */

static void add_right(fc_text *out, const char *text, int width)
{
    fc_text_printf(out, "%*s%s", width - (int)fc_text_width(text), "", text);
}

enum { N = 8, SHARE = 23, COUNT = 24 }; /* widths */

static void add_head(fc_text *out, const char *headline, int width, fc_lang lang)
{
    const char *target = headline ? strrchr(headline, '.') : NULL;
    fc_text met = FC_TEXT_EMPTY;
    const char *run = FC_PICK(lang, "run", "실행");
    fc_text_printf(&met, "P(%s) %%", target ? target + 1 : "-");
    fc_text_add(out, run);
    add_right(out, "n", width - (int)fc_text_width(run) + N);
    add_right(out, met.data ? met.data : "", SHARE);
    add_right(out, FC_PICK(lang, "count by then", "기한일 수량"), COUNT);
    fc_text_add(out, "\n");
    fc_text_free(&met);
}

/* "64.0 (57.1 to 70.3)" */
static void add_figure(fc_text *out, const fc_sweep_figure *f, double unit, int decimals, int width,
                       fc_lang lang)
{
    fc_text cell = FC_TEXT_EMPTY;
    if (isfinite(f->interval.low))
        fc_text_printf(&cell, FC_PICK(lang, "%.*f (%.*f to %.*f)", "%.*f(%.*f~%.*f)"), decimals,
                       f->mean / unit, decimals, f->interval.low / unit, decimals,
                       f->interval.high / unit);
    else
        fc_text_printf(&cell, "%.*f (-)", decimals, f->mean / unit);
    fc_text_add(out, "  ");
    add_right(out, cell.data ? cell.data : "", width - 2);
    fc_text_free(&cell);
}

/* Says so where not all intervals are of 95 %. */
static void add_levels(fc_text *out, const fc_sweep_row *rows, size_t n, fc_lang lang)
{
    double low = 1, high = 0;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, rows[i].level);
        high = fmax(high, rows[i].level);
    }
    if (n == 0 || !(high > 0.95)) return;
    char range[40];
    int length = snprintf(range, sizeof range, "%.1f", 100 * low);
    if (high > low)
        snprintf(range + length, sizeof range - (size_t)length, FC_PICK(lang, " to %.1f", "~%.1f"),
                 100 * high);
    fc_text_printf(out,
                   FC_PICK(lang,
                           "Stopped by precision: the intervals have %s %%, so that all looks "
                           "together hold with 95 %%.\n",
                           "정밀도에 따라 멈춘 실행: 구간의 신뢰 수준은 %s%%(여러 차례 확인한 것을 "
                           "모두 합치면 95%%)\n"),
                   range);
}

int fc_sweep_text(const fc_sweep_row *rows, size_t n, fc_lang lang, fc_text *out)
{
    int width = 10;
    for (size_t i = 0; i < n; i++) {
        int w = (int)fc_text_width(rows[i].run.name);
        if (w > width) width = w;
    }
    if (n) add_head(out, rows[0].run.headline, width, lang);
    for (size_t i = 0; i < n; i++) {
        const fc_sweep_row *r = &rows[i];
        fc_text_printf(out, "%s%*s%*lld", r->run.name,
                       (int)(width - (int)fc_text_width(r->run.name)), "", N,
                       (long long)r->run.replications);
        if (r->met.n) {
            add_figure(out, &r->met, 0.01, 1, SHARE, lang);
            add_figure(out, &r->count, 1, 0, COUNT, lang);
        }
        fc_text_add(out, "\n");
    }
    add_levels(out, rows, n, lang);
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
