/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/answer_use.h"

#include <math.h>
#include <stdio.h>

#include "report/json.h"
#include "report/words.h"

/* A share of the work wanted that waits at the end, below which nothing is said of it. */
static const double WORTH_SAYING = 0.01;

static void share(fc_text *line, const char *name, double value, fc_lang lang)
{
    fc_text_printf(line, "%s ", name);
    size_t from = line->length;
    fc_add_share(line, value, lang);
    fc_glue(line, from);
}

/* For a grant, or for the start of a job; NaN: not known. */
static double median_wait(const fc_class_facts *class)
{
    return isnan(class->to_grant) ? class->wait[0] : class->to_grant;
}

/* Days from two on, hours below. */
static void wait(fc_text *line, const fc_class_facts *class, fc_lang lang)
{
    double hours = median_wait(class);
    bool days = hours >= 48;
    double n = days ? hours / 24 : hours;
    size_t from = line->length;
    fc_text_printf(line, n < 10 && n > 0 ? "%s %.1f" : "%s %.0f", class->name, n);
    fc_text_add(line, days ? FC_PICK(lang, " days", "일") : FC_PICK(lang, " hours", "시간"));
    fc_glue(line, from);
}

/* Three significant figures. */
static double rounded(double n)
{
    double unit = n < 1000 ? 1 : pow(10, floor(log10(n)) - 2);

    return round(n / unit) * unit;
}

/* What is neither served nor left unserved: where nobody gives up, service looks perfect. */
static void remains(const fc_demand_facts *d, fc_lang lang, fc_text *line)
{
    if (d->lost_share > WORTH_SAYING)
        share(line, FC_PICK(lang, "; of what was held lost", "; 점유 시간 중 유실"), d->lost_share,
              lang);
    if (d->killed_share > 0)
        share(
            line,
            FC_PICK(lang, "; of jobs killed as they overran", "; 전체 작업 중 시간 초과 강제 종료"),
            d->killed_share, lang);
    if (!(d->backlog_share > WORTH_SAYING)) return;
    fc_text_add(line, FC_PICK(lang, "; ", "; 기간 말 대기 "));
    size_t from = line->length;
    fc_add_whole(line, llround(rounded(d->backlog)));
    fc_text_add(line, FC_PICK(lang, " GPU-hours still wait at the end", " GPU 시간"));
    fc_glue(line, from);
}

void fc_say_use(const fc_demand_facts *d, fc_lang lang, fc_text *line)
{
    if (!(d->allocation > 0)) return;
    fc_text_add(line, FC_PICK(lang, "Use: of running GPU-hours ", "□ (이용) 가동 GPU 시간 중 "));
    share(line, FC_PICK(lang, "allocated", "배정"), d->allocation, lang);
    share(line, FC_PICK(lang, ", used", ", 실사용"), d->utilisation, lang);
    if (d->granted_share >= 0)
        share(line, FC_PICK(lang, "; granted, of what projects asked for,", "; 신청 대비 배정"),
              d->granted_share, lang);
    if (d->unmet_share > 0)
        share(line, FC_PICK(lang, "; of demand left unserved", "; 수요 중 미충족"), d->unmet_share,
              lang);
    if (d->home_share < 1)
        share(line, FC_PICK(lang, ", served at home", ", 국내 처리"), d->home_share, lang);
    remains(d, lang, line);
    bool first = true;
    for (size_t i = 0; i < d->n_classes; i++) {
        if (isnan(median_wait(&d->classes[i]))) continue;
        fc_text_add(line, first ? FC_PICK(lang, "; median wait ", "; 대기(중앙값) ") : ", ");
        wait(line, &d->classes[i], lang);
        first = false;
    }
    if (d->top10_share >= 0)
        share(line, FC_PICK(lang, "; held by the top ten users", "; 상위 10개 이용자 비중"),
              d->top10_share, lang);
    if (d->gini >= 0)
        fc_text_printf(line, FC_PICK(lang, ", Gini %.2f", ", 지니계수 %.2f"), d->gini);
}

static void gpus(fc_text *line, const char *name, double n, fc_lang lang)
{
    fc_text_printf(line, "%s ", name);
    fc_add_count(line, n, lang);
}

/* "chat 98 % (needs 213 GPUs, has 208)"; where models differ in speed both count such of speed 1.
 */
static void service(fc_text *line, const fc_demand_entity *e, fc_lang lang)
{
    const fc_spread *given = &e->value[FC_M_service_given];
    const fc_spread *has = given->n > 0 ? given : &e->value[FC_M_service_held];
    size_t from = line->length;

    fc_text_printf(line, "%s ", e->name);
    fc_add_share(line, e->value[FC_M_service_home_share].median, lang);
    fc_glue(line, from);
    gpus(line, FC_PICK(lang, " (needs", "(필요"), e->value[FC_M_service_wanted].median, lang);
    fc_text_add(line, FC_PICK(lang, " GPUs", ""));
    gpus(line, FC_PICK(lang, ", has", ", 확보"), has->median, lang);
    if (given->n > 0) fc_text_add(line, FC_PICK(lang, " of relative speed 1", ", 속도 1 기준"));
    fc_text_add(line, ")");
}

void fc_say_services(const fc_demand_details *d, fc_lang lang, fc_text *line)
{
    bool first = true;
    for (size_t i = 0; i < d->n; i++) {
        const fc_demand_entity *e = &d->entity[i];
        if (e->scope != FC_SCOPE_SERVICE || e->value[FC_M_service_home_share].n == 0) continue;
        fc_text_add(line, first ? FC_PICK(lang, "  Inference, tokens served at home: ",
                                          " ○ 추론 서비스 국내 처리: ")
                                : ", ");
        service(line, e, lang);
        first = false;
    }
}

/* ---- the annex ------------------------------------------------------------------------------- */

enum { NAME = 16, CELL = 9 };

static void cell(fc_text *out, double hours)
{
    char text[40] = "-";
    if (isfinite(hours)) snprintf(text, sizeof text, "%.*f", hours < 10 ? 2 : 0, hours);
    fc_add_cell(out, text, CELL, true);
}

/* Of hours: `times` 1. */
static void waits_row(fc_text *out, const char *name, const char *of, const double *value,
                      double times)
{
    fc_add_cell(out, name, NAME, false);
    fc_add_cell(out, of, 32, false);
    for (int i = 0; i < FC_N_WAITS; i++) cell(out, value[i] * times);
}

static void grant_waits(fc_text *out, const fc_class_facts *class, fc_lang lang)
{
    const double *days = class->pooled[FC_POOLED_GRANTED];
    waits_row(out, class->name,
              FC_PICK(lang, "for a grant, median of futures", "배정까지, 회차별 중앙값"),
              (double[FC_N_WAITS]){class->to_grant, NAN, NAN}, 1);
    fc_text_add(out, "\n");
    if (isnan(days[0])) return;
    waits_row(out, "", FC_PICK(lang, "for a grant, all futures pooled", "배정까지, 전 회차 통합"),
              days, 24);
    fc_text_add(out, "\n");
}

/* Of those that left or have not started, too, where there are any. */
static void all_waits(fc_text *out, const fc_class_facts *class, fc_lang lang)
{
    const double *all = class->pooled[FC_POOLED_ALL];
    if (!(class->left_share > 0) && !isnan(all[FC_N_WAITS - 1])) return;
    waits_row(out, "", FC_PICK(lang, "all that came, pooled", "이탈·미시작 포함, 전 회차 통합"),
              all, 1);
    fc_text_printf(out, FC_PICK(lang, "; %.1f %% left\n", "; 이탈 %.1f%%\n"),
                   100 * class->left_share);
}

static void class_waits(fc_text *out, const fc_class_facts *class, fc_lang lang)
{
    waits_row(out, class->name, FC_PICK(lang, "started, median of futures", "시작, 회차별 중앙값"),
              class->wait, 1);
    fc_text_add(out, "\n");
    if (isnan(class->pooled[FC_POOLED_STARTED][0])) return;
    waits_row(out, "", FC_PICK(lang, "started, all futures pooled", "시작, 전 회차 통합"),
              class->pooled[FC_POOLED_STARTED], 1);
    fc_text_add(out, "\n");
    all_waits(out, class, lang);
    if (isnan(class->pooled[FC_POOLED_DONE][0])) return;
    waits_row(out, "", FC_PICK(lang, "slowdown (times), pooled", "지연 배율(배), 전 회차 통합"),
              class->pooled[FC_POOLED_DONE], 1);
    fc_text_add(out, "\n");
}

void fc_annex_waits(const fc_demand_facts *d, fc_lang lang, fc_text *out)
{
    bool known = false, grants = false;
    if (!(d->allocation > 0)) return;
    for (size_t i = 0; i < d->n_classes; i++) {
        known |= !isnan(median_wait(&d->classes[i]));
        grants |= !isnan(d->classes[i].to_grant);
    }
    if (!known) {
        fc_text_add(out,
                    FC_PICK(lang, "\nWaits are not known: demand is a flow (detail: fluid)\n",
                            "\n대기 시간은 알 수 없음: 수요를 연속량으로 계산(detail: fluid)\n"));
        return;
    }
    fc_text_add(out, grants ? FC_PICK(lang, "\nWaits for grants and of jobs, hours\n",
                                      "\n배정·작업 대기(시간)\n")
                            : FC_PICK(lang, "\nWaits of jobs, hours\n", "\n작업 대기(시간)\n"));
    fc_add_cell(out, "", NAME + 32, false);
    for (int i = 0; i < FC_N_WAITS; i++) {
        static const char *const en[] = {"50 %", "95 %", "99 %"}, *const ko[] = {"50%", "95%",
                                                                                 "99%"};
        fc_add_cell(out, FC_PICK(lang, en[i], ko[i]), CELL, true);
    }
    fc_text_add(out, "\n");
    for (size_t i = 0; i < d->n_classes; i++) {
        const fc_class_facts *class = &d->classes[i];
        if (!isnan(class->to_grant)) grant_waits(out, class, lang);
        if (!isnan(class->wait[0])) class_waits(out, class, lang);
    }
}
