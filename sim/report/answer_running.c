/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/answer_running.h"

#include <math.h>
#include "report/json.h"
#include "report/words.h"

static void add(fc_text *out, fc_lang lang, const char *en, const char *ko)
{
    fc_text_add(out, FC_PICK(lang, en, ko));
}

static void add_money(fc_text *out, const fc_summary *s, double amount, fc_lang lang)
{
    size_t from = out->length;
    fc_add_money(out, amount, s->fleet.currency, lang);
    fc_glue(out, from);
}

/* 120 GWh; 7.5만 tCO2eq */
static void add_energy(fc_text *out, double kwh)
{
    bool large = kwh >= 1e9;
    fc_text_printf(out, "%.3g\x1f%s", kwh / (large ? 1e9 : 1e6), large ? "TWh" : "GWh");
}

static void add_carbon(fc_text *out, const fc_running_facts *r, int basis, fc_lang lang)
{
    double t = r->carbon[basis];
    size_t from = out->length;
    if (lang == FC_LANG_KO)
        fc_text_printf(out, t >= 1e4 ? "%.3g만 tCO2eq" : "%.3g tCO2eq", t >= 1e4 ? t / 1e4 : t);
    else
        fc_text_printf(out, t >= 1e3 ? "%.3g kt CO2eq" : "%.3g t CO2eq", t >= 1e3 ? t / 1e3 : t);
    fc_text_printf(out, FC_PICK(lang, " (%s)", "(%s)"),
                   FC_PICK(lang, fc_carbon_bases[basis].en, fc_carbon_bases[basis].ko));
    fc_glue(out, from);
}

void fc_say_running_cost_line(const fc_summary *s, fc_lang lang, fc_text *line)
{
    const fc_running_facts *r = &s->running;
    if (!(r->cost_5y > 0)) return;
    add(line, lang, "  Running cost, first five years of service: ", " ○ 구매 후 5년 운영비 ");
    add_money(line, s, r->cost_5y, lang);
    if (r->electricity_5y > 0) {
        add(line, lang, " (electricity ", "(전기요금 ");
        add_money(line, s, r->electricity_5y, lang);
        fc_text_add(line, ")");
    }
    if (r->unfunded_5y > 0) {
        add(line, lang, "; not funded ", " 중 예산 미반영 ");
        add_money(line, s, r->unfunded_5y, lang);
    }
    if (r->unpaid >= 0.5) {
        add(line, lang, "; off for want of it ", ", 운영비 부족 정지 평균 ");
        size_t from = line->length;
        fc_add_count(line, r->unpaid, lang);
        fc_glue(line, from);
        add(line, lang, " GPUs on average", "");
    }
}

void fc_say_energy_line(const fc_summary *s, fc_lang lang, fc_text *line)
{
    const fc_running_facts *r = &s->running;
    double contract = s->at_focus.value[FC_M_contract_power];
    const char *before = "";
    if (!(r->energy > 0)) return;
    fc_text_printf(line, FC_PICK(lang, "  In %d: ", " ○ ’%02d년 "),
                   FC_PICK(lang, r->year, r->year % 100));
    if (r->peak_power > 0 && contract > 0) {
        size_t from = line->length;
        add(line, lang, "peak ", "최대수요 ");
        fc_add_power(line, r->peak_power, lang);
        add(line, lang, " of ", "/계약전력 ");
        fc_add_power(line, contract, lang);
        add(line, lang, " contracted", "");
        fc_glue(line, from);
        before = ", ";
    }
    fc_text_printf(line, FC_PICK(lang, "%s", "%s연 "), before);
    add_energy(line, r->energy);
    if (r->carbon[r->headline] > 0) {
        fc_text_add(line, ", ");
        add_carbon(line, r, (int)r->headline, lang);
    }
    if (r->water_over > 0)
        fc_text_printf(line,
                       FC_PICK(lang,
                               ", %.0f\x1f"
                               "days over a water permit",
                               ", 취수 허가량 초과 %.0f일"),
                       ceil(r->water_over));
}

/* ---- the annex ------------------------------------------------------------------------------- */

static void row(fc_text *out, fc_lang lang, const char *en, const char *ko)
{
    fc_text_add(out, "  ");
    fc_add_cell(out, FC_PICK(lang, en, ko), 34, false);
}

static void money_row(fc_text *out, const fc_summary *s, fc_lang lang, const char *en,
                      const char *ko, double amount)
{
    if (isnan(amount)) return;
    row(out, lang, en, ko);
    fc_add_money(out, amount, s->fleet.currency, lang);
    fc_text_add(out, "\n");
}

void fc_answer_running(const fc_summary *s, fc_lang lang, fc_text *out)
{
    const fc_running_facts *r = &s->running;
    if (isnan(r->energy)) return;
    fc_text_printf(out, FC_PICK(lang, "\nRunning in %d, medians\n", "\n%d년 운영(중앙값)\n"),
                   r->year);
    row(out, lang, "electricity", "전력 사용량");
    add_energy(out, r->energy);
    fc_text_add(out, "\n");
    money_row(out, s, lang, "electricity bills", "전기요금", r->electricity);
    if (!isnan(r->demand_share)) {
        row(out, lang, "of it demand charge", "기본요금 비중");
        fc_add_share(out, r->demand_share, lang);
        fc_text_add(out, "\n");
    }
    money_row(out, s, lang, "running cost", "운영비", r->cost);
    money_row(out, s, lang, "paid", "지급액", r->paid);
    money_row(out, s, lang, "cost of a GPU-hour, present values", "GPU 시간당 비용(현재가치)",
              r->gpu_hour);
    for (int b = 0; b < FC_N_CARBON_BASES; b++) {
        if (isnan(r->carbon[b])) continue;
        row(out, lang, "emissions", "온실가스 배출량");
        add_carbon(out, r, b, lang);
        fc_text_add(out, "\n");
    }
    if (!isnan(r->water)) {
        row(out, lang, "water", "물 사용량");
        fc_add_whole(out, (int64_t)r->water);
        add(out, lang, " m3\n", "㎥\n");
    }
}

/* ---- JSON ------------------------------------------------------------------------------------ */

json_t *fc_running_json(const fc_summary *s, bool *failed)
{
    const fc_running_facts *r = &s->running;
    const struct {
        const char *key;
        double value;
    } rows[] = {
        {"energy", r->energy},
        {"peak_power", r->peak_power},
        {"contract_power", s->at_focus.value[FC_M_contract_power]},
        {"electricity_bill", r->electricity},
        {"demand_share", r->demand_share},
        {"running_cost", r->cost},
        {"running_paid", r->paid},
        {"running_5y", r->cost_5y},
        {"electricity_5y", r->electricity_5y},
        {"unfunded_5y", r->unfunded_5y},
        {"cost_per_gpu_hour", r->gpu_hour},
        {"unpaid_mean", r->unpaid},
        {"water", r->water},
        {"water_over", r->water_over},
    };
    if (isnan(r->energy)) return json_null();
    json_t *o = json_object(), *carbon = json_object();
    fc_json_put(o, "year", json_integer(r->year), failed);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fc_json_put(o, rows[i].key, fc_json_number(rows[i].value), failed);
    for (int b = 0; b < FC_N_CARBON_BASES; b++)
        fc_json_put(carbon, fc_carbon_bases[b].id, fc_json_number(r->carbon[b]), failed);
    fc_json_put(o, "carbon", carbon, failed);
    fc_json_put(o, "carbon_headline", fc_json_text(fc_carbon_bases[r->headline].id), failed);
    return o;
}
