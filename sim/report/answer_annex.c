/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The annex of the answer: exact values, intervals and tables. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "kernel/date.h"
#include "report/answer_gains.h"
#include "report/answer_lines.h"
#include "report/answer_money.h"
#include "report/answer_running.h"
#include "report/answer_use.h"
#include "report/words.h"
#include "scenario/quantity.h"

typedef struct annex {
    const fc_summary *s;
    fc_lang lang;
    fc_text *out;
    fc_text cell;
} annex;

#define SAY(annex, en, ko) FC_PICK((annex)->lang, en, ko)

/* Writes what was put into `cell` and empties it. */
static void put(annex *a, size_t width, bool right)
{
    fc_add_cell(a->out, a->cell.data ? a->cell.data : "", width, right);
    a->out->failed |= a->cell.failed;
    fc_text_clear(&a->cell);
}

static void put_text(annex *a, const char *text, size_t width, bool right)
{
    fc_add_cell(a->out, text, width, right);
}

/* ---- the target ------------------------------------------------------------------------------ */

static void date_cell(annex *a, double day, size_t width)
{
    char text[FC_DATE_TEXT];
    if (isinf(day))
        fc_text_add(&a->cell, SAY(a, "not reached", "미달성"));
    else if (isnan(day))
        fc_text_add(&a->cell, "-");
    else
        fc_text_add(&a->cell, fc_date_format(fc_date_of_days((int64_t)floor(day)),
                                             SAY(a, FC_DATE_ISO, FC_DATE_KO_DOTS), text));
    put(a, width, true);
}

static void target(annex *a)
{
    const fc_target_facts *t = &a->s->target;
    fc_text_printf(a->out, SAY(a, "\nTarget %s, ", "\n목표 %s, 모의 "), t->path);
    fc_add_whole(a->out, (int64_t)a->s->n);
    fc_text_add(a->out, SAY(a, " futures\n", "회\n"));
    put_text(a, "", 12, false);
    char head[48];
    snprintf(head, sizeof head, SAY(a, "by its date (%.*f %% CI)", "기한 내(%.*f%% 신뢰구간)"),
             a->s->level > 0.95, 100 * a->s->level);
    put_text(a, head, 24, true);
    put_text(a, SAY(a, "date: 5 %", "시점 5%"), 14, true);
    put_text(a, SAY(a, "median", "중앙값"), 14, true);
    put_text(a, SAY(a, "95 %\n", "95%\n"), 15, true);
    for (fc_milestone m = FC_CONTRACTED; m < FC_N_MILESTONES; m++) {
        if (m == FC_ALLOCATED && t->reached[m].n == 0) continue; /* not observed */
        put_text(a, fc_milestone_word(m, a->lang), 12, false);
        fc_add_chance_exact(&a->cell, &t->reached_by[m], a->lang);
        put(a, 24, true);
        date_cell(a, t->reached[m].low, 14);
        date_cell(a, t->reached[m].median, 14);
        date_cell(a, t->reached[m].high, 14);
        fc_text_add(a->out, "\n");
    }
    fc_text_add(&a->cell, SAY(a, "Still there on the date: ", "기한일에 수량 유지: "));
    fc_add_chance_exact(&a->cell, &t->held, a->lang);
    fc_text_add(&a->cell, SAY(a, "; not within the horizon: ", "; 기간 내 미달성: "));
    fc_add_chance_exact(&a->cell, &t->not_reached, a->lang);
    if (a->s->level > 0.95)
        fc_text_printf(
            &a->cell,
            SAY(a,
                ". Stopped by precision: the intervals have %.1f\x1f%%, so that all looks "
                "together hold with 95\x1f%%",
                ". 정밀도에 따라 멈춘 실행: 구간의 신뢰 수준은 %.1f%%(여러 차례 확인한 것을 "
                "모두 합치면 95%%)"),
            100 * a->s->level);
    fc_add_wrapped(a->out, a->cell.data ? a->cell.data : "", 2, FC_ANSWER_WIDTH);
    fc_text_add(a->out, "\n");
    a->out->failed |= a->cell.failed;
    fc_text_clear(&a->cell);
}

/* ---- year by year ---------------------------------------------------------------------------- */

/* A column of the tables: a metric, its heading, what one of its units is divided by. */
typedef struct column {
    fc_metric metric;
    const char *en, *ko;
    double unit;
    int decimals;
} column;

static void number(annex *a, double value, const column *c)
{
    char digits[64];
    if (isnan(value)) {
        fc_text_add(&a->cell, "-");
    } else {
        int n = snprintf(digits, sizeof digits, "%.*f", c->decimals, value / c->unit);
        int whole = c->decimals ? n - c->decimals - 1 : n;
        for (int i = 0; i < n; i++) {
            if (i > 0 && i < whole && (whole - i) % 3 == 0 && digits[i - 1] != '-')
                fc_text_add(&a->cell, ",");
            fc_text_addn(&a->cell, digits + i, 1);
        }
    }
}

static void number_cell(annex *a, double value, const column *c)
{
    number(a, value, c);
    put(a, 11, true);
}

static void years(annex *a, const char *title, const column *columns, size_t n)
{
    fc_text_printf(a->out, "\n%s\n", title);
    put_text(a, "", 11, false);
    for (size_t i = 0; i < n; i++) put_text(a, SAY(a, columns[i].en, columns[i].ko), 11, true);
    fc_text_add(a->out, "\n");
    for (size_t y = 0; y < a->s->n_years; y++) {
        const fc_standing *year = &a->s->years[y];
        fc_add_deadline(&a->cell, year->day, a->lang);
        put(a, 11, false);
        for (size_t i = 0; i < n; i++) number_cell(a, year->value[columns[i].metric], &columns[i]);
        fc_text_add(a->out, "\n");
    }
}

static void all_years(annex *a)
{
    static const column fleet[] = {
        {FC_M_gpus_announced, "announced", "발표 목표", 1, 0},
        {FC_M_gpus_contracted, "contracted", "계약", 1, 0},
        {FC_M_gpus_delivered, "delivered", "납품", 1, 0},
        {FC_M_gpus_energised, "energised", "통전", 1, 0},
        {FC_M_gpus_in_service, "in service", "가동", 1, 0},
        {FC_M_gpus_retired, "retired", "이탈 누계", 1, 0},
    };
    static const column power[] = {
        {FC_M_h100e_in_service, "H100e", "H100 환산", 1, 0},
        {FC_M_gpus_waiting, "waiting", "납품 대기", 1, 0},
        {FC_M_gpus_shortfall, "shortfall", "미달분", 1, 0},
        {FC_M_gpus_in_repair, "in repair", "수리 중", 1, 0},
        {FC_M_site_power, "site MW", "수전 MW", 1e6, 1},
        {FC_M_it_power, "IT MW", "IT MW", 1e6, 1},
    };
    const double released = a->s->at_focus.value[FC_M_money_released];
    fc_text in = FC_TEXT_EMPTY, title = FC_TEXT_EMPTY;
    const double unit = fc_add_money_unit(&in, released, a->s->fleet.currency, a->lang);
    const column money[] = {
        {FC_M_money_released, "released", "배정", unit, 1},
        {FC_M_money_committed, "unpaid", "미지급", unit, 1},
        {FC_M_money_paid, "paid", "지급", unit, 1},
        {FC_M_money_lapsed, "lapsed", "불용", unit, 1},
    };
    years(a, SAY(a, "Accelerators (medians)", "GPU(장, 중앙값)"), fleet, 6);
    years(a,
          SAY(a, "Compute, obstacles and power (medians; IT: rated load in service)",
              "연산 능력, 장애, 전력(중앙값; IT는 가동 장비 정격)"),
          power, 6);
    if (released > 0) {
        fc_text_printf(
            &title,
            SAY(a, "Budgets, %s, all lines, so far (medians)", "예산(%s, 전 비목 누계, 중앙값)"),
            in.data ? in.data : "");
        years(a, title.data ? title.data : "", money, 4);
    }
    a->out->failed |= title.failed || in.failed;
    fc_text_free(&title);
    fc_text_free(&in);
}

static void fiscal_years(annex *a)
{
    static const char *const heads[][2] = {
        {"available", "예산현액"}, {"spent", "집행"},  {"really spent", "실집행"},
        {"carried over", "이월"},  {"lapsed", "불용"}, {"ahead", "차년도 부담"},
    };
    enum { N_HEADS = sizeof heads / sizeof *heads };
    const fc_money_facts *m = &a->s->money;
    double largest = 0;
    if (m->n_years == 0) return;
    for (size_t y = 0; y < m->n_years; y++) largest = fmax(largest, m->years[y].available);
    fc_text_add(a->out, SAY(a, "\nFiscal years, ", "\n회계연도별 결산("));
    const double unit = fc_add_money_unit(a->out, largest, a->s->fleet.currency, a->lang);
    const column money = {.unit = unit, .decimals = 1};
    fc_text_add(a->out, SAY(a, ", all lines (medians)\n", ", 전 비목, 중앙값)\n"));
    put_text(a, "", 4, false);
    for (int i = 0; i < N_HEADS; i++) put_text(a, SAY(a, heads[i][0], heads[i][1]), 12, true);
    fc_text_add(a->out, "\n");
    for (size_t y = 0; y < m->n_years; y++) {
        const fc_fiscal_facts *f = &m->years[y];
        const double cells[N_HEADS] = {f->available,    f->spent,  f->really_spent,
                                       f->carried_over, f->lapsed, f->ahead};
        fc_text_printf(a->out, "%d", f->year);
        for (int i = 0; i < N_HEADS; i++) {
            number(a, cells[i], &money);
            put(a, 12, true);
        }
        fc_text_add(a->out, "\n");
    }
}

/* ---- causes, draws --------------------------------------------------------------------------- */

/* What was lacking, below the cause. */
static void gaps(annex *a)
{
    for (int g = 0; g < FC_N_GAPS; g++) {
        const column plain = {.unit = 1};
        if (!(a->s->money.gaps[g] > 0)) continue;
        fc_text_printf(&a->cell, " - %s", SAY(a, fc_gaps[g].en, fc_gaps[g].ko));
        put(a, 26, false);
        number_cell(a, a->s->money.gaps[g], &plain);
        fc_text_add(a->out, "\n");
    }
}

static void causes(annex *a)
{
    if (!(a->s->charged > 0)) return;
    fc_text_add(a->out, SAY(a, "\nShortfall against announcements, GPU-days (mean)\n",
                            "\n발표 목표 미달분의 원인(장·일, 평균)\n"));
    for (size_t i = 0; i < FC_N_CAUSES && a->s->causes[i].gpu_days > 0; i++) {
        const fc_cause_facts *c = &a->s->causes[i];
        const column plain = {.unit = 1};
        put_text(a, SAY(a, fc_causes[c->cause].en, fc_causes[c->cause].ko), 14, false);
        number_cell(a, c->gpu_days, &plain);
        fc_text_printf(&a->cell, SAY(a, "%.1f %%", "%.1f%%"), 100 * c->share);
        put(a, 9, true);
        fc_text_printf(a->out, "  %s\n",
                       SAY(a, a->s->bodies[c->cause].en, a->s->bodies[c->cause].ko));
        if (c->cause == FC_CAUSE_funding) gaps(a);
    }
}

static void drivers(annex *a)
{
    if (a->s->n_drivers == 0) return;
    fc_text_add(a->out,
                SAY(a,
                    "\nDraws that go with the headline (rank correlation; +: more or later is "
                    "better)\n",
                    "\n결론을 좌우하는 불확실 입력(순위상관; 양수: 크거나 늦을수록 유리)\n"));
    for (size_t i = 0; i < a->s->n_drivers; i++)
        fc_text_printf(a->out, "%+.2f  %s\n", a->s->drivers[i].rho, a->s->drivers[i].path);
}

static void repair(annex *a)
{
    const fc_summary *s = a->s;
    if (!(s->failures.high > 0)) return;
    fc_text_printf(a->out,
                   SAY(a, "\nServer failures %.0f (%.0f to %.0f); in repair %.2f %% of the time\n",
                       "\n서버 고장 %.0f건(%.0f~%.0f), 수리 중 비율 %.2f%%\n"),
                   s->failures.median, s->failures.low, s->failures.high,
                   100 * s->repair_share.median);
}

void fc_answer_annex(const fc_answer *answer, fc_lang lang, fc_text *out)
{
    const fc_summary *summary = &answer->summary;
    annex a = {.s = summary, .lang = lang, .out = out, .cell = FC_TEXT_EMPTY};
    if (summary->target.path) target(&a);
    all_years(&a);
    fiscal_years(&a);
    causes(&a);
    fc_answer_running(summary, lang, out);
    fc_annex_waits(&summary->demand, lang, out);
    fc_annex_gains(&answer->explanation, summary, lang, out);
    drivers(&a);
    repair(&a);
    fc_text_printf(out,
                   SAY(&a, "\nrun %s, seed %s, fleetcast %s, scenario %.12s\n",
                       "\n실행 %s, 시드 %s, fleetcast %s, 시나리오 %.12s\n"),
                   summary->run.name, summary->run.seed, summary->run.version, summary->run.hash);
    fc_text_free(&a.cell);
}
