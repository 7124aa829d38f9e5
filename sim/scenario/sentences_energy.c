/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sentences about electricity, water, emissions and running cost. */
#include "scenario/speaker.h"

/* Bits as spans: "6-8", "11-2"; hours end where the next begins: "9-12". */
static const char *spans(fc_speaker *s, uint32_t mask, int first, int n, int end)
{
    fc_text text = FC_TEXT_EMPTY;
    for (int i = 0; i < n; i++) {
        int length = 0;
        if (!(mask >> (first + i) & 1) || mask >> (first + (i + n - 1) % n) & 1) continue;
        while (length < n && mask >> (first + (i + length) % n) & 1) length++;
        int last = first + (i + length - 1 + end) % n;
        fc_text_printf(&text, "%s%d", text.length ? ", " : "", first + i);
        if (length > 1 || end) fc_text_printf(&text, "-%d", last == 0 ? n : last);
    }
    if (text.length == 0 && mask != 0)
        fc_text_printf(&text, "%d-%d", first, end ? first + n : first + n - 1);
    return fc_words_take(&s->w, &text);
}

static const char *months(fc_speaker *s, uint32_t mask)
{
    return spans(s, mask, 1, 12, 0);
}

static const char *hours(fc_speaker *s, uint32_t mask)
{
    return spans(s, mask, 0, 24, 1);
}

static void say_season(fc_speaker *s, const fc_tariff *t, int index)
{
    static const char *const names[][2] = {
        {"Summer", "여름"}, {"Winter", "겨울"}, {"In other months", "그 밖의 달"}};
    static const char *const periods[][2] = {
        {"off-peak", "경부하"}, {"mid-peak", "중간부하"}, {"peak", "최대부하"}};
    const fc_tariff_season *season = &t->season[index];
    if (index != FC_OTHER_SEASON && !season->months) return;
    bool any = season->mid_hours || season->peak_hours;
    for (int p = 0; p < FC_N_PERIODS; p++) any |= season->price[p].value != 0;
    if (!any) return;
    fc_text_printf(s->out, "  %s", names[index][s->ko]);
    if (index != FC_OTHER_SEASON) SAY(s, " (months %s)", "(%s월)", months(s, season->months));
    if (season->mid_hours)
        SAY(s, "; mid-peak hours %s", "; 중간부하 %s시", hours(s, season->mid_hours));
    if (season->peak_hours)
        SAY(s, "; peak hours %s", "; 최대부하 %s시", hours(s, season->peak_hours));
    for (int p = 0; p < FC_N_PERIODS; p++)
        if (season->price[p].value)
            fc_text_printf(s->out, "; %s %s", periods[p][s->ko],
                           fc_words_param(&s->w, season->price[p].value));
    fc_text_add(s->out, ".\n");
}

static void say_day(fc_speaker *s, const char *en, const char *ko, int rule)
{
    if (rule == FC_AS_WORKDAY) return;
    if (rule == FC_AT_MOST_MID)
        SAY(s, "  Peak hours of %s count as mid-peak.\n", "  %s의 최대부하는 중간부하로 본다.\n",
            s->ko ? ko : en);
    else
        SAY(s, "  All hours of %s are off-peak.\n", "  %s에는 종일 경부하이다.\n", s->ko ? ko : en);
}

void fc_say_tariff(fc_speaker *s, const fc_tariff *t)
{
    SAY(s, "- Tariff %s", "- 요금제 %s", t->name);
    SAY_IF(s, t->energy.value, ": an energy charge of %s where a season has none",
           ": 계절별 단가가 없는 시간의 전력량요금은 %s");
    fc_text_add(s->out, ".\n");
    for (int i = 0; i < FC_N_SEASONS; i++) say_season(s, t, i);
    say_day(s, "Saturdays", "토요일", t->saturday);
    say_day(s, "Sundays", "일요일", t->sunday);
    if (t->n_holidays)
        say_day(s, fc_words_format(&s->w, "%u holidays", t->n_holidays),
                fc_words_format(&s->w, "공휴일 %u일", t->n_holidays), t->holiday);
    SAY_IF(s, t->demand.value, "  Demand charge: %s.\n", "  기본요금은 %s.\n");
    if (t->demand.value && t->demand_months)
        SAY(s, "  Peaks of the months %s are billed in the eleven months after, too.\n",
            "  %s월의 최대수요는 이후 11개월에도 적용된다.\n", months(s, t->demand_months));
    if (t->demand.value && t->off_peak_demand)
        SAY_PLAIN(s, "  Power drawn in off-peak hours only makes no peak.\n",
                  "  경부하 시간에만 쓴 전력은 최대수요에 넣지 않는다.\n");
    SAY_IF(s, t->demand_floor, "  Least share of the contract power that is billed: %s.\n",
           "  계약전력 대비 최저 적용 비율은 %s.\n");
    SAY_IF(s, t->climate.value, "  Climate surcharge: %s.\n", "  기후환경요금은 %s.\n");
    SAY_IF(s, t->fuel.value, "  Fuel adjustment: %s.\n", "  연료비조정요금은 %s.\n");
    SAY_IF(s, t->fund, "  Levy on top: %s.\n", "  기금 부과율은 %s.\n");
    SAY_IF(s, t->vat, "  Value-added tax on top: %s.\n", "  부가가치세율은 %s.\n");
}

#define SAY_TERM(p, en, ko_)                                                                       \
    do {                                                                                           \
        if (p) SAY(s, "%s" en, "%s" ko_, indent, fc_words_param(&s->w, p));                        \
    } while (0)

void fc_say_terms(fc_speaker *s, const fc_terms *t, const char *indent)
{
    if (t->tariff != FC_NONE && s->plan->n_tariffs > 0)
        SAY(s, "%sElectricity is paid by the tariff %s.\n", "%s전기요금제는 %s.\n", indent,
            s->plan->tariffs[t->tariff].name);
    if (t->load_from == FC_LOAD_OF_DEMAND)
        SAY(s, "%sServers that run are loaded as demand uses them.\n",
            "%s가동 서버의 부하율은 이용 수요를 따른다.\n", indent);
    SAY_TERM(t->load, "Servers that run are loaded to %s.\n", "가동 서버의 부하율은 %s.\n");
    SAY_TERM(t->pue, "PUE in operation: %s.\n", "운영 PUE는 %s.\n");
    SAY_TERM(t->summer_pue, "PUE from June to August: %s.\n", "여름(6~8월) PUE는 %s.\n");
    SAY_TERM(t->contract_power, "Contract power: %s.\n", "계약전력은 %s.\n");
    SAY_TERM(t->adder.value, "Regional addition to each kWh: %s.\n", "지역 가산 단가는 %s.\n");
    SAY_TERM(t->ppa_share, "Share of the energy under a power purchase agreement: %s.\n",
             "PPA 전력량 비율은 %s.\n");
    SAY_TERM(t->ppa_price.value, "Its price: %s.\n", "PPA 단가는 %s.\n");
    SAY_TERM(t->wue, "Water used a kWh of IT energy: %s.\n", "IT 전력량당 물 사용량은 %s.\n");
    SAY_TERM(t->water_permit, "Water that may be taken: %s.\n", "취수 허가량은 %s.\n");
    SAY_TERM(t->colocation.value, "Rent of the space: %s.\n", "상면 임차료는 %s.\n");
}

static void say_carbon(fc_speaker *s, const fc_carbon *c)
{
    static const char *const names[][2] = {
#define FC_X(id, en, ko) {en, ko},
        FC_CARBON_TABLE(FC_X)
#undef FC_X
    };
    for (int b = 0; b < FC_N_CARBON_BASES; b++) {
        if (!c->factor[b]) continue;
        SAY(s, "- Emissions, %1$s: %2$s%3$s.\n", "- 온실가스 %1$s: %2$s%3$s.\n", names[b][s->ko],
            fc_words_param(&s->w, c->factor[b]),
            b != c->headline ? ""
            : s->ko          ? "(대표 기준)"
                             : " (the headline's basis)");
    }
}

void fc_say_running_cost(fc_speaker *s, const fc_fleet *f)
{
    const fc_running_cost *r = &f->running;
    fc_say_terms(s, &f->terms, "- ");
    say_carbon(s, &f->carbon);
    SAY_IF(s, r->maintenance, "- Maintenance costs %s of the purchase price.\n",
           "- 유지보수비는 구매가의 %s.\n");
    SAY_IF(s, r->licences.value, "- Licences: %s.\n", "- 소프트웨어 사용료는 %s.\n");
    SAY_IF(s, r->network.value, "- Network: %s.\n", "- 통신비는 %s.\n");
    SAY_IF(s, r->staff.value, "- Operations staff: %s.\n", "- 운영 인건비는 %s.\n");
    SAY_IF(s, r->funded, "- Share of the cost of running everything that is funded: %s.\n",
           "- 전량 가동 비용 가운데 확보되는 비율은 %s.\n");
    if (r->funded && r->arrears == FC_ARREARS_SHUT)
        SAY_PLAIN(s,
                  "  What is owed beyond the limit shuts servers down, those ordered last first.\n",
                  "  체납이 한도를 넘으면 나중에 발주한 서버부터 끈다.\n");
    else if (r->funded)
        SAY_PLAIN(s, "  What is not paid is owed, and everything goes on.\n",
                  "  못 낸 돈은 체납으로 남고 가동은 계속한다.\n");
    SAY_IF(s, r->arrears_limit.value, "  As much may be owed: %s.\n", "  체납 한도는 %s.\n");
    SAY_IF(s, r->written_off, "- A purchase is written off over %s.\n",
           "- 구매가는 %s에 나누어 계산.\n");
}
