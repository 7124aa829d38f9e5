/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"
#include "fleetcast/results.h"
#include "report/answer.h"
#include "report/chart_svg.h"
#include "report/compare_text.h"

static const fc_report_options defaults = {0};

/* Figures of one page are of one moment: other processes may add to the run while it is read. */
static int read_answer(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                       fc_answer **out)
{
    int ret = fc_store_begin_reading(store, diag);
    if (ret) return ret;
    return fc_store_end_reading(store, fc_answer_make(store, arena, run, diag, out), diag);
}

static int read_comparison(fc_store *store, fc_arena *arena, int64_t a, int64_t b, fc_diag *diag,
                           fc_comparison **out)
{
    int ret = fc_store_begin_reading(store, diag);
    if (ret) return ret;
    return fc_store_end_reading(store, fc_compare_runs(store, arena, a, b, diag, out), diag);
}

/* Hands the text over, or what is left of it back. */
static int finish(int ret, fc_text *text, fc_diag *diag, char **out)
{
    if (!ret && !(*out = fc_text_take(text))) ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    fc_text_free(text);
    return ret;
}

int fc_report_answer(fc_store *store, int64_t run, const fc_report_options *options, fc_diag *diag,
                     char **out)
{
    const fc_report_options *o = options ? options : &defaults;
    fc_arena *arena = fc_arena_create();
    fc_text text = FC_TEXT_EMPTY;
    fc_answer *answer;
    *out = NULL;
    int ret = arena ? read_answer(store, arena, run, diag, &answer) : FC_E_NOMEM;
    if (!ret)
        ret = o->json ? fc_answer_json(answer, &text)
                      : fc_answer_text(answer, o->lang, o->full, o->color, &text);
    fc_arena_free(arena);
    return finish(ret, &text, diag, out);
}

int fc_report_comparison(fc_store *store, int64_t a, int64_t b, const fc_report_options *options,
                         fc_diag *diag, char **out)
{
    const fc_report_options *o = options ? options : &defaults;
    fc_arena *arena = fc_arena_create();
    fc_text text = FC_TEXT_EMPTY;
    fc_comparison *comparison;
    *out = NULL;
    int ret = arena ? read_comparison(store, arena, a, b, diag, &comparison) : FC_E_NOMEM;
    if (!ret)
        ret = o->json ? fc_comparison_json(comparison, &text)
                      : fc_comparison_text(comparison, o->lang, &text);
    fc_arena_free(arena);
    return finish(ret, &text, diag, out);
}

int fc_report_chart(fc_store *store, int64_t run, fc_lang lang, fc_diag *diag, char **out)
{
    fc_text text = FC_TEXT_EMPTY;
    *out = NULL;
    int ret = fc_store_begin_reading(store, diag);
    if (!ret) ret = fc_store_end_reading(store, fc_chart_svg(store, run, lang, diag, &text), diag);
    return finish(ret, &text, diag, out);
}
