/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Page one of the answer. */
#include <math.h>
#include <string.h>
#include "kernel/date.h"
#include "report/answer.h"
#include "report/answer_gains.h"
#include "report/answer_lines.h"
#include "report/answer_money.h"
#include "report/answer_running.h"
#include "report/answer_use.h"
#include "report/chart_text.h"
#include "report/words.h"

/* A line under way, in the two languages. */
typedef struct page {
    const fc_summary *s;
    const fc_demand_details *demand;
    const fc_explanation *explanation;
    fc_lang lang;
    fc_text *out;
    fc_text line;
} page;

#define SAY(page, en, ko) FC_PICK((page)->lang, en, ko)

static void add(page *p, const char *en, const char *ko)
{
    fc_text_add(&p->line, SAY(p, en, ko));
}

static void count(page *p, double value)
{
    size_t from = p->line.length;
    fc_add_count(&p->line, value, p->lang);
    fc_glue(&p->line, from);
}

static void money(page *p, fc_metric metric)
{
    size_t from = p->line.length;
    fc_add_money(&p->line, p->s->at_focus.value[metric], p->s->fleet.currency, p->lang);
    fc_glue(&p->line, from);
}

static void watts(page *p, fc_metric metric)
{
    size_t from = p->line.length;
    fc_add_power(&p->line, p->s->at_focus.value[metric], p->lang);
    fc_glue(&p->line, from);
}

static void month(page *p, double day)
{
    size_t from = p->line.length;
    fc_add_month(&p->line, day, p->s->run.end_day, p->lang);
    fc_glue(&p->line, from);
}

static void deadline(page *p, int64_t day)
{
    size_t from = p->line.length;
    fc_add_deadline(&p->line, day, p->lang);
    fc_glue(&p->line, from);
}

/* A chance after the name of what it is of, if any. */
static void chance(page *p, const char *name, const fc_chance *chance, bool word)
{
    size_t from = p->line.length;
    fc_text_printf(&p->line, "%s%s", name, *name ? " " : "");
    fc_add_chance(&p->line, chance, p->lang, word);
    fc_glue(&p->line, from);
}

/* Ends the line: breaks it to the page's width and starts the next. */
static void end(page *p, size_t indent)
{
    fc_add_wrapped(p->out, p->line.data ? p->line.data : "", indent, FC_ANSWER_WIDTH);
    fc_text_add(p->out, "\n");
    p->out->failed |= p->line.failed;
    fc_text_clear(&p->line);
}

static void end_head(page *p)
{
    end(p, p->lang == FC_LANG_KO ? 3 : 2);
}

static void end_sub(page *p)
{
    end(p, p->lang == FC_LANG_KO ? 3 : 4);
}

static void end_sub_if_any(page *p)
{
    if (p->line.length > 0) end_sub(p);
}

/* ---- the lines ------------------------------------------------------------------------------- */

static void header(page *p)
{
    const fc_run_info *run = &p->s->run;
    fc_text_printf(&p->line, SAY(p, "SUMMARY %s | ", "【요약】 %s | "),
                   SAY(p, run->title_en, run->title_ko));
    add(p, "", "모의 기간 ");
    fc_add_month(&p->line, (double)run->start_day, run->end_day, p->lang);
    add(p, " to ", "~");
    fc_add_month(&p->line, (double)run->end_day - 1, run->end_day, p->lang);
    fc_text_add(&p->line, SAY(p, " | ", " | 모의 "));
    fc_add_whole(&p->line, run->replications);
    add(p, run->replications == 1 ? " replication" : " replications", "회");
    if (run->failures > 0) {
        add(p, " (", "(실패 ");
        fc_add_whole(&p->line, run->failures);
        add(p, " failed)", "회)");
    }
    end_head(p);
}

/* P(30,000 GPUs in service by end-2030), then the same at the other milestones. */
static void headline(page *p)
{
    const fc_target_facts *t = &p->s->target;
    const char *milestone = fc_milestone_word(t->counted_at, p->lang);
    if (p->lang == FC_LANG_KO) {
        fc_text_add(&p->line, "□ (결론) ");
        deadline(p, t->by);
        fc_text_add(&p->line, " GPU ");
        fc_add_count_exact(&p->line, t->gpus, p->lang);
        fc_text_printf(&p->line, " ‘%s’ 확률 ", milestone);
    } else {
        fc_text_add(&p->line, "Answer: P(");
        fc_add_count_exact(&p->line, t->gpus, p->lang);
        fc_text_printf(&p->line, " GPUs %s by ", milestone);
        deadline(p, t->by);
        fc_text_add(&p->line, ") = ");
    }
    if (t->by < p->s->run.start_day || t->by >= p->s->run.end_day) {
        add(p, "unknown: its date is outside the horizon", "알 수 없음(기한이 모의 기간 밖)");
        end_head(p);
        return;
    }
    chance(p, "", &t->met, true);
    const char *before = "; ";
    for (fc_milestone m = FC_CONTRACTED; m < FC_N_MILESTONES; m++) {
        if (m == t->counted_at || t->reached[m].n == 0) continue; /* not all are observed */
        fc_text_add(&p->line, before);
        chance(p, fc_milestone_word(m, p->lang), &t->reached_by[m], false);
        before = ", ";
    }
    end_head(p);
}

/* When: median and the range that holds 90 % of futures. */
static void when(page *p)
{
    const fc_target_facts *t = &p->s->target;
    const fc_spread *reached = &t->reached[t->counted_at];
    add(p, "  When: ", " ○ 달성 시점: ");
    if (t->not_reached.n > 0 && t->not_reached.hits == t->not_reached.n) {
        add(p, "in no future by ", "모든 모의에서 ");
        month(p, (double)p->s->run.end_day - 1);
        add(p, "", "까지 미달성");
        end_sub(p);
        return;
    }
    add(p, "median ", "중앙값 ");
    month(p, reached->median);
    /* Where both ends lie beyond the horizon, so does the median. */
    if (!isinf(reached->low)) {
        add(p, ", 90% range ", ", 90% 구간 ");
        month(p, reached->low);
        add(p, " to ", "~");
        month(p, reached->high);
    }
    if (t->not_reached.hits > 0) {
        fc_text_add(&p->line, "; ");
        chance(p, SAY(p, "not within the horizon", "기간 내 미달성"), &t->not_reached, false);
    }
    end_sub(p);
}

/* Whether page one, which rounds, says two different things of them. */
static bool differs(const fc_chance *a, const fc_chance *b)
{
    return a->n > 0 && b->n > 0 && round(20 * a->p) != round(20 * b->p);
}

/* How many on the date. Of the target's own milestone and programmes; H100-equivalents and what
 * has left are the fleet's. */
static void on_the_date(page *p)
{
    const fc_target_facts *t = &p->s->target;
    const fc_standing *at = &p->s->at_focus;
    if (t->count.n == 0) return;
    add(p, "  By ", " ○ ");
    deadline(p, t->by);
    fc_text_printf(&p->line, " %s ", fc_milestone_word(t->counted_at, p->lang));
    count(p, t->count.median);
    if (t->count.low < t->count.high) {
        add(p, " (90% range ", "(90% 구간 ");
        count(p, t->count.low);
        add(p, " to ", "~");
        count(p, t->count.high);
        fc_text_add(&p->line, ")");
    }
    if (differs(&t->met, &t->held)) {
        fc_text_add(&p->line, "; ");
        chance(p, SAY(p, "number still there on that date", "기한일에 수량 유지"), &t->held, false);
    }
    if (at->value[FC_M_h100e_in_service] > 0) {
        add(p, "; whole fleet ", "; 전체 가동분 H100 환산 ");
        count(p, at->value[FC_M_h100e_in_service]);
        add(p, " H100-equivalents (dense BF16)", "(BF16 밀집 기준)");
    }
    double left = at->value[isnan(at->value[FC_M_gpus_left]) ? FC_M_gpus_retired : FC_M_gpus_left];
    if (left > 0) {
        add(p, "; left by term end or age ", "; 협약종료·노후 이탈 ");
        count(p, left);
    }
    end_sub(p);
}

/* Contracted -> delivered -> energised -> in service, at the end of the year before the date. */
static void standing(page *p)
{
    static const fc_metric metrics[FC_N_MILESTONES] = {FC_M_gpus_contracted, FC_M_gpus_delivered,
                                                       FC_M_gpus_energised, FC_M_gpus_in_service,
                                                       FC_M_gpus_allocated};
    const fc_standing *at = &p->s->before;
    if (isnan(at->value[FC_M_gpus_contracted])) at = &p->s->at_focus;
    if (isnan(at->value[FC_M_gpus_contracted])) return;
    add(p, "Standing: ", "□ (현황) ");
    deadline(p, at->day);
    for (fc_milestone m = FC_CONTRACTED; m < FC_N_MILESTONES; m++) {
        if (isnan(at->value[metrics[m]])) continue; /* no users */
        fc_text_add(&p->line, m == FC_CONTRACTED ? " " : SAY(p, " -> ", " → "));
        size_t from = p->line.length;
        fc_text_printf(&p->line, "%s ", fc_milestone_word(m, p->lang));
        fc_add_count(&p->line, at->value[metrics[m]], p->lang);
        fc_glue(&p->line, from);
    }
    add(p, " (medians)", "(중앙값)");
    end_head(p);
}

/* What the shortfall against the announcements is charged to: the first causes, and the rest. */
static void blame(page *p)
{
    enum { NAMED = 4 };
    const fc_summary *s = p->s;
    double rest = 0;
    for (size_t i = 0; i < FC_N_CAUSES && s->causes[i].gpu_days > 0; i++) {
        if (i >= NAMED) {
            rest += s->causes[i].share;
            continue;
        }
        const fc_cause_info *cause = &fc_causes[s->causes[i].cause];
        fc_text_add(&p->line, i ? ", " : "");
        size_t from = p->line.length;
        fc_text_printf(&p->line, "%s ", SAY(p, cause->en, cause->ko));
        fc_add_share(&p->line, s->causes[i].share, p->lang);
        fc_glue(&p->line, from);
    }
    if (rest > 0) {
        add(p, ", other\x1f", ", 기타\x1f");
        size_t from = p->line.length;
        fc_add_share(&p->line, rest, p->lang);
        fc_glue(&p->line, from);
    }
}

static void bottleneck(page *p)
{
    const fc_summary *s = p->s;
    if (isnan(s->idle_mean) || (s->idle_mean < 0.5 && isnan(s->charged))) return;
    add(p, "Bottleneck: ", "□ (병목) 계약 후 미가동 평균 ");
    count(p, s->idle_mean);
    add(p, " contracted GPUs idle on average", "");
    if (s->charged > 0) {
        add(p, "; shortfall against announcements: ", "; 발표 목표 미달 원인: ");
        blame(p);
    } else if (!isnan(s->charged)) {
        add(p, "; no shortfall against announcements", "; 발표 목표 대비 미달 없음");
    } else {
        add(p, "; causes are told against what programmes have 'announced', here nothing",
            "; 사업의 발표 일정(announced)이 없어 원인은 나누지 않음");
    }
    end_head(p);
    if (s->charged > 0) {
        const fc_cause_info *first = &fc_causes[s->causes[0].cause];
        const fc_body *body = &s->bodies[s->causes[0].cause];
        fc_text_printf(&p->line,
                       SAY(p, "  First: %s; who can act: %s", " ○ 1순위 원인: %s(소관: %s)"),
                       SAY(p, first->en, first->ko), SAY(p, body->en, body->ko));
        if (s->causes[0].cause == FC_CAUSE_funding) fc_say_gaps(s, p->lang, &p->line);
        end_sub(p);
    }
    fc_say_removal(p->explanation, s, p->lang, &p->line);
    end_sub_if_any(p);
}

static void budget(page *p)
{
    const fc_standing *at = &p->s->at_focus;
    if (!(at->value[FC_M_money_released] > 0)) return;
    add(p, "Budget: of ", "□ (재정) ");
    if (p->lang == FC_LANG_KO) {
        deadline(p, at->day);
        fc_text_add(&p->line, "까지 배정된 예산 ");
        money(p, FC_M_money_released);
        fc_text_add(&p->line, " 중 지급 ");
    } else {
        money(p, FC_M_money_released);
        fc_text_add(&p->line, " released by ");
        deadline(p, at->day);
        fc_text_add(&p->line, ", paid ");
    }
    money(p, FC_M_money_paid);
    if (at->value[FC_M_money_committed] > 0) {
        add(p, ", ordered and unpaid ", ", 계약 미지급 ");
        money(p, FC_M_money_committed);
    }
    if (at->value[FC_M_money_lapsed] > 0) {
        add(p, ", lapsed ", ", 불용 ");
        money(p, FC_M_money_lapsed);
    }
    end_head(p);
    fc_say_stages(p->s, p->lang, &p->line);
    end_sub_if_any(p);
    fc_say_fiscal_year(p->s, p->lang, &p->line);
    end_sub_if_any(p);
    fc_say_running_cost_line(p->s, p->lang, &p->line);
    end_sub_if_any(p);
    fc_say_weaker(p->explanation, p->lang, &p->line);
    end_sub_if_any(p);
}

static void power(page *p)
{
    const fc_standing *at = &p->s->at_focus;
    if (!(at->value[FC_M_site_power] > 0)) return;
    add(p, "Power: by ", "□ (전력) ");
    deadline(p, at->day);
    add(p, " ", " 통전된 수전용량 ");
    watts(p, FC_M_site_power);
    add(p, " energised at the sites; GPUs in service, wherever they stand, are rated ",
        ", 가동 장비(다른 시설 포함) 정격 IT 전력 ");
    watts(p, FC_M_it_power);
    add(p, " of IT load", "");
    end_head(p);
    fc_say_energy_line(p->s, p->lang, &p->line);
    end_sub_if_any(p);
}

static void use(page *p)
{
    fc_say_use(&p->s->demand, p->lang, &p->line);
    if (p->line.length > 0) end_head(p);
    fc_say_services(p->demand, p->lang, &p->line);
    end_sub_if_any(p);
}

static void options(page *p)
{
    fc_say_options(p->explanation, p->s, p->lang, &p->line);
    if (p->line.length > 0) end_head(p);
}

/* ---- cautions -------------------------------------------------------------------------------- */

/* A draw's path without what all of them share. */
static const char *short_path(const page *p, const char *path)
{
    size_t n = strlen(p->s->fleet.name);
    if (strncmp(path, "fleets.", 7) == 0 && strncmp(path + 7, p->s->fleet.name, n) == 0 &&
        path[7 + n] == '.')
        return path + 8 + n;
    return path;
}

static void tally(page *p, const char **before, size_t n, const char *en, const char *ko)
{
    if (n == 0) return;
    fc_text_add(&p->line, *before);
    if (p->lang == FC_LANG_KO)
        fc_text_printf(&p->line, "%s\x1f%zu건", ko, n);
    else
        fc_text_printf(&p->line, "%zu\x1f%s", n, en);
    *before = ", ";
}

/* What the result hangs on, how sure the inputs are, and whether more replications are needed. */
static void caution(page *p)
{
    const fc_summary *s = p->s;
    const fc_chance *met = &s->target.met;
    double half = 50 * (met->interval.high - met->interval.low);
    const char *before = "";
    add(p, "Caution: ", "□ (유의) ");
    size_t start = p->line.length;
    for (size_t i = 0; i < s->n_drivers; i++) {
        fc_text_add(&p->line, i ? ", " : SAY(p, "driven by ", "결과를 좌우하는 가정: "));
        fc_text_add(&p->line, short_path(p, s->drivers[i].path));
        before = "; ";
    }
    if (s->inputs.assumptions + s->inputs.unverified + s->inputs.unsourced > 0) {
        fc_text_printf(&p->line, SAY(p, "%sof %zu input figures ", "%s입력값 %zu건 중 "), before,
                       s->inputs.figures);
        before = "";
        tally(p, &before, s->inputs.assumptions, "assumed", "가정");
        tally(p, &before, s->inputs.unverified, "unverified", "미확인");
        tally(p, &before, s->inputs.unsourced, "without source", "출처 없음");
        before = "; ";
    }
    if (s->target.path && met->n > 0 && half > 5 && s->independent < s->n)
        fc_text_printf(&p->line,
                       SAY(p,
                           "%s%zu replications at %zu independent points or shifts give P to "
                           "within %.0f points only",
                           "%s모의 %zu회(서로 독립인 설계점·이동 %zu개)로는 확률의 오차가 약 "
                           "±%.0f%%p"),
                       before, s->n, s->independent, half);
    else if (s->target.path && met->n == 1)
        fc_text_printf(&p->line,
                       SAY(p, "%sone replication is one future, no probability",
                           "%s모의 1회는 한 가지 미래일 뿐 확률이 아님"),
                       before);
    else if (s->target.path && met->n > 0 && half > 5)
        fc_text_printf(&p->line,
                       SAY(p, "%s%zu replications give P to within %.0f points only",
                           "%s모의 %zu회로는 확률의 오차가 약 ±%.0f%%p"),
                       before, s->n, half);
    if (p->line.length == start)
        fc_text_clear(&p->line);
    else
        end_head(p);
}

int fc_answer_text(const fc_answer *answer, fc_lang lang, bool full, bool color, fc_text *out)
{
    page p = {.s = &answer->summary,
              .demand = &answer->demand,
              .explanation = &answer->explanation,
              .lang = lang,
              .out = out,
              .line = FC_TEXT_EMPTY};
    header(&p);
    if (p.s->n == 0) {
        add(&p, "No replication has finished.", "끝난 모의가 없음");
        end_head(&p);
    } else {
        if (p.s->target.path) {
            headline(&p);
            when(&p);
            on_the_date(&p);
        }
        standing(&p);
        bottleneck(&p);
        budget(&p);
        power(&p);
        use(&p);
        options(&p);
        caution(&p);
        fc_chart_text(&answer->in_service, &answer->announced, lang, FC_ANSWER_WIDTH, color, out);
        if (full) fc_answer_annex(answer, lang, out);
    }
    fc_text_free(&p.line);
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
