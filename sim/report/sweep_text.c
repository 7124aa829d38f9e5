/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sweep_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/stats.h"

static const double LEVEL = 0.95;

typedef struct figure {
    size_t n;
    double mean, half;
} figure;

/* Of values in the order of replications; in blocks where these are the independent ones. */
static figure measure(const fc_sample *sample, uint32_t block)
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
    return (figure){.n = (size_t)all.n,
                    .mean = fc_tally_mean(&all),
                    .half = fc_student_half_width(block ? &means : &all, LEVEL)};
}

static figure measure_share(const fc_sample *sample, uint32_t block)
{
    figure out = measure(sample, block);
    if (block) return out;
    fc_interval wilson =
        fc_wilson_interval((uint64_t)llround(out.mean * (double)out.n), out.n, LEVEL);
    out.half = (wilson.high - wilson.low) / 2;
    return out;
}

static int add_run(fc_store *store, const fc_run_info *run, uint32_t block, int width,
                   fc_diag *diag, fc_text *out)
{
    fc_arena *arena = fc_arena_create();
    const char *target = run->headline ? strstr(run->headline, ".") : NULL;
    fc_sample met = {0}, count = {0};
    int ret = arena ? FC_OK : fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    if (!ret && target)
        ret = fc_store_outcome(store, arena, run->id, "met", target + 1, diag, &met);
    if (!ret && target)
        ret = fc_store_outcome(store, arena, run->id, "count_by", target + 1, diag, &count);
    if (!ret) {
        fc_text_printf(out, "%s%*s%8lld", run->name, (int)(width - (int)fc_text_width(run->name)),
                       "", (long long)run->replications);
        if (met.n) {
            figure p = measure_share(&met, block), c = measure(&count, block);
            fc_text_printf(out, "%9.1f ± %-6.1f%10.0f ± %-6.0f", 100 * p.mean, 100 * p.half, c.mean,
                           c.half);
        }
        fc_text_add(out, "\n");
    }
    fc_arena_free(arena);
    return ret;
}

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

int fc_sweep_text(fc_store *store, const int64_t *runs, size_t n, uint32_t block, fc_lang lang,
                  fc_diag *diag, fc_text *out)
{
    fc_arena *arena = fc_arena_create();
    fc_run_info *all = NULL;
    size_t n_all = 0, first = 0;
    int width = 10;
    if (!arena) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret = fc_store_runs(store, arena, diag, &all, &n_all);
    /* Both lists are short enough for a search, and runs are found in the order made. */
    fc_run_info **list = ret ? NULL : fc_arena_array(arena, n + 1, sizeof *list);
    size_t kept = 0;
    for (size_t i = 0; list && i < n; i++) {
        for (size_t k = 0; k < n_all; k++) {
            size_t at = (first + k) % n_all;
            if (all[at].id != runs[i]) continue;
            list[kept++] = &all[at];
            first = at + 1;
            break;
        }
    }
    for (size_t i = 0; i < kept; i++) {
        int w = (int)fc_text_width(list[i]->name);
        if (w > width) width = w;
    }
    if (kept) add_head(out, list[0]->headline, width, lang);
    for (size_t i = 0; i < kept && !ret; i++)
        ret = add_run(store, list[i], block, width, diag, out);
    if (!ret && (!list || fc_text_failed(out))) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    fc_arena_free(arena);
    return ret;
}
