/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A comparison as a table of 80 columns. */
#include "report/compare_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/words.h"
#include "scenario/quantity.h"

enum { WIDTH = 80, LABEL = 20, VALUE = 9, DIFFERENCE = 9, SHARE = 5 };

typedef struct table {
    const fc_comparison *c;
    fc_lang lang;
    fc_text *out;
    fc_text cell;
} table;

#define SAY(table, en, ko) FC_PICK((table)->lang, en, ko)

static void put(table *t, size_t width, bool right)
{
    fc_add_cell(t->out, t->cell.data ? t->cell.data : "", width, right);
    t->out->failed |= t->cell.failed;
    fc_text_clear(&t->cell);
}

/* Ends a sentence: breaks it to the page's width. */
static void end(table *t)
{
    fc_add_wrapped(t->out, t->cell.data ? t->cell.data : "", 2, WIDTH);
    fc_text_add(t->out, "\n");
    t->out->failed |= t->cell.failed;
    fc_text_clear(&t->cell);
}

/* ---- how each metric is shown ---------------------------------------------------------------- */

typedef struct shown {
    int metric;
    const char *en, *ko;
    double unit_en,
        unit_ko; /* what one of the figure is divided by; dates: of differences; money: 0 */
    int decimals;
} shown;

static const shown rows[] = {
    {FC_M_met, "target met, %", "기한 내 달성, %", 0.01, 0.01, 1},
    {FC_M_held, "held on the date, %", "기한일 유지, %", 0.01, 0.01, 1},
    {FC_M_reached_contracted, "reached; months", "달성 시점; 개월", 30.4375, 30.4375, 1},
    {FC_M_reached_delivered, "reached; months", "달성 시점; 개월", 30.4375, 30.4375, 1},
    {FC_M_reached_energised, "reached; months", "달성 시점; 개월", 30.4375, 30.4375, 1},
    {FC_M_reached_in_service, "reached; months", "달성 시점; 개월", 30.4375, 30.4375, 1},
    {FC_M_reached_allocated, "reached; months", "달성 시점; 개월", 30.4375, 30.4375, 1},
    {FC_M_count_by, "count on the date", "기한일 수량, 장", 1, 1, 0},
    {FC_M_gpus_in_service, "in service at end", "기간 말 가동, 장", 1, 1, 0},
    {FC_M_h100e_in_service, "  in H100e", "  H100 환산", 1, 1, 0},
    {FC_M_idle_contracted, "contracted and idle", "계약 후 미가동, 장", 1, 1, 0},
    {FC_M_delay, "", "", 1e3, 1e3, 0},
    {FC_M_money_paid, "paid, ", "지급, ", 0, 0, 1}, /* in what, say the sums */
    {FC_M_money_lapsed, "lapsed, ", "불용, ", 0, 0, 1},
};

static const shown *shown_of(int metric)
{
    size_t i = 0;
    while (i + 1 < sizeof rows / sizeof *rows && rows[i].metric != metric) i++;
    return &rows[i];
}

static void put_number(table *t, double value, int decimals, bool sign, size_t width)
{
    char digits[64];
    if (!isfinite(value)) {
        fc_text_add(&t->cell, "-");
        put(t, width, true);
        return;
    }
    int n = snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    int whole = decimals ? n - decimals - 1 : n;
    bool zero = strspn(digits, "0.") == (size_t)n;
    if (!zero && (value < 0 || sign)) fc_text_add(&t->cell, value < 0 ? "-" : "+");
    for (int i = 0; i < n; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) fc_text_add(&t->cell, ",");
        fc_text_addn(&t->cell, digits + i, 1);
    }
    put(t, width, true);
}

/* What one of the figures is divided by. */
static double put_label(table *t, const fc_compare_row *row, const shown *as)
{
    double unit = FC_PICK(t->lang, as->unit_en, as->unit_ko);

    if (row->cause != FC_NONE)
        fc_text_printf(&t->cell, "  %s",
                       SAY(t, fc_causes[row->cause].en, fc_causes[row->cause].ko));
    fc_text_add(&t->cell, SAY(t, as->en, as->ko));
    if (unit == 0) {
        double largest = fmax(fabs(row->mean_a), fabs(row->mean_b));
        unit = fc_add_money_unit(&t->cell, largest, row->unit, t->lang);
    }
    put(t, LABEL, false);
    return unit;
}

static void put_share(table *t, uint64_t part, const fc_compare_row *row)
{
    if (row->better == 0 || !t->c->paired)
        fc_text_add(&t->cell, "-");
    else
        fc_text_printf(&t->cell, "%.0f", 100 * (double)part / (double)row->n_a);
    put(t, SHARE, true);
}

/* How far its interval reaches from the difference, at the side where it reaches further. */
static double reach(const fc_compare_row *row)
{
    return fmax(row->interval.high - row->difference, row->difference - row->interval.low);
}

static void put_row(table *t, const fc_compare_row *row)
{
    const shown *as = shown_of(row->metric);
    bool date = strcmp(row->unit, "date") == 0;
    double unit = put_label(t, row, as);
    for (int i = 0; i < 2; i++) {
        double mean = i ? row->mean_b : row->mean_a;
        if (date) {
            fc_add_month(&t->cell, fmin(mean, (double)t->c->end_day - 1), t->c->end_day, t->lang);
            put(t, VALUE, true);
        } else {
            put_number(t, mean / unit, as->decimals, false, VALUE);
        }
    }
    put_number(t, row->difference / unit, as->decimals, true, DIFFERENCE);
    put_number(t, reach(row) / unit, as->decimals, false, VALUE - 1);
    put_number(t, row->median_difference / unit, as->decimals, true, VALUE);
    put_share(t, row->ahead_a, row);
    put_share(t, row->tie, row);
    put_share(t, row->ahead_b, row);
    fc_text_add(t->out, "\n");
}

static void put_heads(table *t)
{
    char reach_head[24];
    snprintf(reach_head, sizeof reach_head, SAY(t, "%.*f%% ±", "%.*f%%±"), t->c->level > 0.95,
             100 * t->c->level);
    const char *const heads[] = {"A",
                                 "B",
                                 SAY(t, "A - B", "A-B"),
                                 reach_head,
                                 SAY(t, "median", "중앙값"),
                                 "A",
                                 SAY(t, "tie", "같음"),
                                 "B"};
    const size_t widths[] = {VALUE, VALUE, DIFFERENCE, VALUE - 1, VALUE, SHARE, SHARE, SHARE};
    fc_text_printf(t->out, "%*s", LABEL, "");
    fc_add_cell(t->out, SAY(t, "mean", "평균"), 2 * VALUE, true);
    fc_add_cell(t->out, SAY(t, "difference", "차이"), DIFFERENCE + 2 * VALUE - 1, true);
    fc_add_cell(t->out, SAY(t, "% ahead", "우세 %"), 3 * SHARE, true);
    fc_text_printf(t->out, "\n%*s", LABEL, "");
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        fc_add_cell(t->out, heads[i], widths[i], true);
    fc_text_add(t->out, "\n");
}

/* ---- sentences ------------------------------------------------------------------------------- */

static void put_target(table *t, const char *who, const fc_target_facts *target)
{
    fc_text_add(&t->cell, who);
    if (!target->path) {
        fc_text_add(&t->cell, SAY(t, "no target", "목표 없음"));
    } else if (t->lang == FC_LANG_KO) {
        fc_add_deadline(&t->cell, target->by, t->lang);
        fc_text_add(&t->cell, " GPU ");
        fc_add_count_exact(&t->cell, target->gpus, t->lang);
        fc_text_printf(&t->cell, " ‘%s’", fc_milestone_word(target->counted_at, t->lang));
    } else {
        fc_add_count_exact(&t->cell, target->gpus, t->lang);
        fc_text_printf(&t->cell, " GPUs %s by ", fc_milestone_word(target->counted_at, t->lang));
        fc_add_deadline(&t->cell, target->by, t->lang);
    }
    end(t);
}

static void put_head(table *t)
{
    const fc_comparison *c = t->c;
    fc_text_printf(&t->cell, SAY(t, "COMPARE A: %s", "【비교】 A: %s"),
                   SAY(t, c->a.title_en, c->a.title_ko));
    if (strcmp(c->a.title_en, c->b.title_en) == 0) fc_text_printf(&t->cell, " (%s)", c->a.name);
    fc_text_printf(&t->cell, " | B: %s", SAY(t, c->b.title_en, c->b.title_ko));
    if (strcmp(c->a.title_en, c->b.title_en) == 0) fc_text_printf(&t->cell, " (%s)", c->b.name);
    if (c->paired) {
        fc_text_add(&t->cell, SAY(t, " | ", " | 모의 "));
        fc_add_whole(&t->cell, (int64_t)c->n);
        fc_text_add(&t->cell, SAY(t, " futures, pair by pair", "회 짝비교"));
    }
    end(t);
    if (!c->paired)
        fc_text_add(t->out,
                    SAY(t, "Not paired (other seeds): intervals are wider, no future is ahead.\n",
                        "짝비교 아님(시드가 다름): 구간이 넓고 우세 비율을 말할 수 없음\n"));
    if (c->independent < c->n) {
        fc_text_printf(&t->cell,
                       SAY(t,
                           "Of a sampled design: the intervals stand on its %zu independent "
                           "points or shifts.",
                           "표본 설계의 실행: 구간은 서로 독립인 설계점(이동) %zu개를 기준으로 "
                           "계산함"),
                       c->independent);
        end(t);
    }
    if (c->level > 0.95) {
        fc_text_printf(&t->cell,
                       SAY(t,
                           "A run was stopped by precision: the intervals have %.1f\x1f%%, as its "
                           "last look had, so that all looks together hold with 95\x1f%%.",
                           "정밀도에 따라 멈춘 실행이 있음: 구간의 신뢰 수준은 마지막 확인 때의 "
                           "%.1f%%(여러 차례 확인한 것을 모두 합치면 95%%)"),
                       100 * c->level);
        end(t);
    }
    if (c->same_target) {
        if (c->target_a.path) put_target(t, SAY(t, "Target: ", "목표: "), &c->target_a);
    } else {
        put_target(t, SAY(t, "Target of A: ", "A의 목표: "), &c->target_a);
        put_target(t, SAY(t, "Target of B: ", "B의 목표: "), &c->target_b);
    }
}

static const fc_compare_row *find(const fc_comparison *c, int metric)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (c->rows[i].metric == metric) return &c->rows[i];
    return NULL;
}

static fc_chance chance_of(double share, size_t n)
{
    return (fc_chance){.hits = (uint64_t)round(share * (double)n), .n = n, .p = share};
}

/* P(met) of both, and in how many futures which is sooner. */
static void put_answer(table *t)
{
    const fc_comparison *c = t->c;
    const fc_compare_row *met = find(c, FC_M_met);
    const fc_compare_row *reached = find(c, FC_M_reached_contracted + (int)c->target_a.counted_at);
    if (!met) return;
    fc_chance a = chance_of(met->mean_a, met->n_a), b = chance_of(met->mean_b, met->n_b);
    fc_text_add(&t->cell, SAY(t, "Answer: P(met) A ", "기한 내 달성 확률: A "));
    size_t from = t->cell.length;
    fc_add_chance(&t->cell, &a, t->lang, false);
    fc_text_add(&t->cell, ", B ");
    fc_add_chance(&t->cell, &b, t->lang, false);
    fc_glue(&t->cell, from);
    if (reached && c->paired)
        fc_text_printf(&t->cell,
                       SAY(t, "; A is sooner in %.0f\x1f%% of futures, B in %.0f\x1f%%",
                           "; 더 이른 모의의 비율: A %.0f%%, B %.0f%%"),
                       100 * (double)reached->ahead_a / (double)reached->n_a,
                       100 * (double)reached->ahead_b / (double)reached->n_a);
    end(t);
}

/* Nothing of it in either run. */
static bool is_empty(const fc_compare_row *row)
{
    return row->mean_a == 0 && row->mean_b == 0 && row->difference == 0 && row->metric != FC_M_met;
}

static void put_rows(table *t)
{
    const fc_comparison *c = t->c;
    bool dates = false, causes = false;
    put_heads(t);
    for (size_t i = 0; i < c->n_rows; i++) {
        const fc_compare_row *row = &c->rows[i];
        if (is_empty(row)) continue;
        if (row->cause != FC_NONE && !causes) {
            fc_text_add(t->out, SAY(t, "shortfall by cause, 1,000 GPU-days\n",
                                    "발표 목표 미달분의 원인, 천 장·일\n"));
            causes = true;
        }
        put_row(t, row);
        dates |= strcmp(row->unit, "date") == 0;
    }
    if (!dates) return;
    fc_text_add(t->out, SAY(t, "Dates not reached count as the end of the horizon, ",
                            "달성하지 못한 모의의 시점은 모의 기간의 끝("));
    fc_add_month(t->out, (double)c->end_day - 1, c->end_day, t->lang);
    fc_text_add(t->out, SAY(t, "\n", ")으로 계산\n"));
}

int fc_comparison_text(const fc_comparison *comparison, fc_lang lang, fc_text *out)
{
    table t = {.c = comparison, .lang = lang, .out = out, .cell = FC_TEXT_EMPTY};
    put_head(&t);
    if (comparison->n_rows == 0) {
        fc_text_add(out, SAY(&t, "Nothing to compare.\n", "비교할 값이 없음\n"));
    } else {
        put_answer(&t);
        fc_text_add(out, "\n");
        put_rows(&t);
    }
    fc_text_free(&t.cell);
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
