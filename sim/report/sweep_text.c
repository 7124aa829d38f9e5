/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sweep_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/stats.h"

static const double LEVEL = 0.95;

/* Of values in the order of replications; in blocks where these are the independent ones. */
static fc_sweep_figure measure(const fc_sample *sample, uint32_t block)
{
    fc_tally all = FC_TALLY_EMPTY, means = FC_TALLY_EMPTY, inside = FC_TALLY_EMPTY;
    for (size_t i = 0; i < sample->n; i++) {
        bool next =
            block && i > 0 && sample->replication[i] / block != sample->replication[i - 1] / block;
        if (next && inside.n) fc_tally_add(&means, fc_tally_mean(&inside));
        if (next) inside = FC_TALLY_EMPTY;
        if (isnan(sample->value[i])) continue;
        fc_tally_add(&all, sample->value[i]);
        fc_tally_add(&inside, sample->value[i]);
    }
    if (inside.n) fc_tally_add(&means, fc_tally_mean(&inside));
    return (fc_sweep_figure){.n = (size_t)all.n,
                             .mean = fc_tally_mean(&all),
                             .half = fc_student_half_width(block ? &means : &all, LEVEL)};
}

static fc_sweep_figure measure_share(const fc_sample *sample, uint32_t block)
{
    fc_sweep_figure out = measure(sample, block);
    if (block) return out;
    fc_interval wilson =
        fc_wilson_interval((uint64_t)llround(out.mean * (double)out.n), out.n, LEVEL);
    out.half = (wilson.high - wilson.low) / 2;
    return out;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static int measure_run(fc_store *store, fc_arena *arena, uint32_t block, fc_diag *diag,
                       fc_sweep_row *row)
{
    fc_sample met = {0}, count = {0};
    const char *target = row->run.headline ? strstr(row->run.headline, ".") : NULL;
    if (!target) return FC_OK;
    int ret = fc_store_outcome(store, arena, row->run.id, "met", target + 1, diag, &met);
    if (!ret)
        ret = fc_store_outcome(store, arena, row->run.id, "count_by", target + 1, diag, &count);
    if (ret || met.n == 0) return ret;
    row->met = measure_share(&met, block);
    row->count = measure(&count, block);
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

int fc_sweep_rows(fc_store *store, fc_arena *arena, const int64_t *runs, size_t n, uint32_t block,
                  fc_diag *diag, fc_sweep_row **out, size_t *n_out)
{
    fc_run_info *all = NULL;
    size_t n_all = 0;
    *n_out = 0;
    int ret = fc_store_runs(store, arena, diag, &all, &n_all);
    *out = fc_arena_array(arena, n + 1, sizeof **out);
    if (!ret && !*out) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret) *n_out = find_runs(runs, n, all, n_all, *out);
    for (size_t i = 0; i < *n_out && !ret; i++) {
        fc_arena *own = fc_arena_create(); /* a run's values are many */
        ret = own ? measure_run(store, own, block, diag, &(*out)[i])
                  : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        fc_arena_free(own);
    }
    return ret;
}

/* ---- a line a run ---------------------------------------------------------------------------- */

static void add_right(fc_text *out, const char *text, int width)
{
    fc_text_printf(out, "%*s%s", width - (int)fc_text_width(text), "", text);
}

static void add_head(fc_text *out, const char *headline, int width, fc_lang lang)
{
    bool ko = lang == FC_LANG_KO;
    const char *target = headline ? strrchr(headline, '.') : NULL;
    fc_text met = FC_TEXT_EMPTY, count = FC_TEXT_EMPTY;
    fc_text_printf(&met, "P(%s) %%", target ? target + 1 : "-");
    fc_text_add(&count, ko ? "기한일 수량" : "count by then");
    fc_text_add(out, ko ? "실행" : "run");
    add_right(out, "n", width + 8 - (ko ? 4 : 3));
    add_right(out, met.data ? met.data : "", 18);
    add_right(out, count.data ? count.data : "", 19);
    fc_text_add(out, "\n");
    fc_text_free(&met);
    fc_text_free(&count);
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
        fc_text_printf(out, "%s%*s%8lld", r->run.name,
                       (int)(width - (int)fc_text_width(r->run.name)), "",
                       (long long)r->run.replications);
        if (r->met.n)
            fc_text_printf(out, "%9.1f ± %-6.1f%10.0f ± %-6.0f", 100 * r->met.mean,
                           100 * r->met.half, r->count.mean, r->count.half);
        fc_text_add(out, "\n");
    }
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
