/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Binding of tariffs and running cost: spans of months and hours, holidays, and what the key table
 * cannot say of keys that need one another. */
#include "scenario/bind_energy.h"

#include <stdlib.h>
#include <string.h>
#include "model/tariff.h"

/* ---- spans ---------------------------------------------------------------------------------- */

/* "6" or "11-2"; digits alone. */
static bool read_span(const char *text, int least, int most, int span[2])
{
    char *end = NULL;
    for (int i = 0; i < 2; i++) {
        if (*text < '0' || *text > '9') return false;
        long number = strtol(text, &end, 10);
        if (number < least || number > most) return false;
        span[i] = (int)number;
        if (*end == '\0') {
            if (i == 0) span[1] = -1; /* alone */
            return true;
        }
        if (i == 1 || *end != '-') return false;
        text = end + 1;
    }
    return false;
}

/* Months from 1 to 12, the last one included; hours from 0 to 24, the last one's beginning the end.
 * Both may pass over the year's or the day's end. */
static bool add_span(const char *text, bool hours, uint32_t *mask)
{
    int span[2], n = hours ? 24 : 12, first = hours ? 0 : 1;
    if (!read_span(text, first, hours ? 24 : 12, span)) return false;
    if (span[1] < 0) {
        if (hours && span[0] == 24) return false;
        *mask |= UINT32_C(1) << span[0];
        return true;
    }
    int count = hours ? (span[1] - span[0] + n) % n : (span[1] - span[0] + n) % n + 1;
    if (hours && count == 0) count = span[0] == span[1] ? 0 : n; /* 0-24 */
    for (int i = 0; i < count; i++) *mask |= UINT32_C(1) << ((span[0] - first + i) % n + first);
    return count > 0;
}

int fc_bind_spans(fc_section_binder *s, const fc_key *key, const fc_entry *entry, uint32_t *out)
{
    bool hours = key->type == FC_K_HOURS;
    const fc_node *const *items = NULL;
    size_t count;
    int ret = fc_bind_names(s, entry, &items, &count);
    const char *path = fc_entry_path(s->b.arena, entry);
    if (ret || !path) return ret ? ret : FC_E_NOMEM;
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (add_span(items[i]->text, hours, out)) continue;
        fc_place place = fc_node_place(items[i], path);
        fc_fail(
            s->b.diag, FC_E_VALUE_FORM, &place, items[i]->text,
            hours ? FC_BOTH("hours such as 9-12 (from 9:00 to 12:00) or [9-12, 16-19]",
                            "시간대(예: 9-12 또는 [9-12, 16-19])")
                  : FC_BOTH("months such as 6-8 or [11-12, 1-2]", "월(예: 6-8 또는 [11-12, 1-2])"),
            NULL);
    }
    return FC_OK;
}

/* ---- holidays ------------------------------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int bind_holidays(fc_section_binder *s, const fc_entry *list, fc_tariff *tariff)
{
    const fc_node *const *items = NULL;
    size_t count;
    int ret = fc_bind_names(s, list, &items, &count);
    const char *path = fc_entry_path(s->b.arena, list);
    int64_t *days = fc_arena_array(s->b.arena, count + 1, sizeof *days);
    if (ret || !path || !days) return ret ? ret : FC_E_NOMEM;
    uint32_t n = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        fc_place place = fc_node_place(items[i], path);
        fc_quantity q;
        if (!fc_quantity_parse(items[i]->text, &(fc_unit_want){.dim = FC_DIM_DATE}, &place,
                               s->b.diag, &q))
            days[n++] = (int64_t)q.value;
    }
    qsort(days, n, sizeof *days, by_day);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || days[i] != days[kept - 1]) days[kept++] = days[i];
    tariff->holidays = days;
    tariff->n_holidays = kept;
    return FC_OK;
}

int fc_bind_holidays(fc_section_binder *s)
{
    const fc_roster *tariffs = &s->rosters->of[FC_ENTITY_TARIFF];
    for (uint32_t i = 0; i < tariffs->n; i++) {
        const fc_entry *list = fc_entry_child(tariffs->entry[i], "holidays");
        int ret = list ? bind_holidays(s, list, &s->b.plan->tariffs[i]) : FC_OK;
        if (ret) return ret;
    }
    return FC_OK;
}

/* ---- keys that need one another ------------------------------------------------------------- */

static void missing(fc_section_binder *s, const fc_entry *at, const char *key, const char *why)
{
    fc_place place = fc_entry_key_place(s->b.arena, at);
    fc_fail(s->b.diag, FC_E_KEY_MISSING, &place, key, why, NULL);
}

static void wrong(fc_section_binder *s, const fc_entry *at, const char *why)
{
    fc_place place = fc_entry_place(s->b.arena, at);
    fc_fail(s->b.diag, FC_E_CHANGE, &place, at->name, why, NULL);
}

static void check_tariff(fc_section_binder *s, const fc_tariff *tariff, const fc_entry *entry)
{
    static const char *const seasons[] = {"summer", "winter", "other"};
    bool priced = tariff->energy.value != 0;
    for (int i = 0; i < FC_N_SEASONS; i++) {
        const fc_tariff_season *season = &tariff->season[i];
        const fc_entry *at = fc_entry_child(entry, seasons[i]);
        bool own = season->price[FC_OFF_PEAK].value && season->price[FC_MID_PEAK].value &&
                   season->price[FC_PEAK].value;
        bool there = i == FC_OTHER_SEASON || at;
        if (!priced && there && !own) {
            missing(
                s, entry, "energy",
                FC_BOTH("a price for every hour: here, or off_peak, mid_peak and peak of each "
                        "season",
                        "모든 시간대의 단가: energy를 쓰거나 계절마다 off_peak, mid_peak, peak를 "
                        "모두 쓴다"));
            priced = true; /* once is enough */
        }
        if (season->mid_hours & season->peak_hours)
            wrong(s, fc_entry_child(at, "peak_hours"),
                  FC_BOTH("some of these are among the mid_hours as well",
                          "mid_hours와 겹치는 시간이 있습니다"));
    }
    if (tariff->season[FC_SUMMER].months & tariff->season[FC_WINTER].months)
        wrong(s, fc_entry_child(entry, "winter"),
              FC_BOTH("some of its months are among those of summer as well",
                      "summer와 겹치는 달이 있습니다"));
}

static void check_ppa(fc_section_binder *s, const fc_terms *terms, const fc_entry *entry)
{
    const fc_entry *ppa = fc_entry_child(fc_entry_child(entry, "electricity"), "ppa");
    if (!ppa) return;
    if (!terms->ppa_share) missing(s, ppa, "share", FC_BOTH("share of the energy", "전력량 비율"));
    if (!terms->ppa_price.value)
        missing(s, ppa, "price", FC_BOTH("price of that energy", "그 전력의 단가"));
}

static void check_fleet(fc_section_binder *s, uint32_t index, const fc_entry *entry)
{
    const fc_fleet *fleet = &s->b.plan->fleets[index];
    bool lines = fc_plan_budgets_running(s->b.plan, index);
    const fc_entry *carbon = fc_entry_child(entry, "carbon");
    const fc_entry *cost = fc_entry_child(entry, "running_cost");
    const fc_entry *arrears = fc_entry_child(cost, "arrears");
    const fc_entry *limit = fc_entry_child(cost, "arrears_limit");
    static const char *const names[] = {
#define FC_X(id, en, ko) #id,
        FC_CARBON_TABLE(FC_X)
#undef FC_X
    };
    check_ppa(s, &fleet->terms, entry);
    if (carbon && !fleet->carbon.factor[fleet->carbon.headline])
        missing(s, carbon, names[fleet->carbon.headline],
                FC_BOTH("the factor of the headline's basis", "대표 기준(headline)의 배출계수"));
    if (arrears && fleet->running.arrears == FC_ARREARS_SHUT && !fleet->running.funded && !lines)
        wrong(s, arrears,
              FC_BOTH("all is paid without `funded` or a running line of a budget; write one, or "
                      "delete this",
                      "funded나 예산의 운영비 항목이 없으면 전액을 내므로 체납이 없습니다. 하나를 "
                      "쓰거나 지우십시오"));
    if (limit && fleet->running.arrears != FC_ARREARS_SHUT)
        wrong(s, limit,
              FC_BOTH("only arrears: shut reads it; write that, or delete this",
                      "arrears: shut에서만 쓰입니다. 그렇게 쓰거나 지우십시오"));
}

/* A load that is stated has no say where demand says it. */
static void check_load(fc_section_binder *s, int32_t fleet, const fc_entry *entry)
{
    const fc_fleet *f = &s->b.plan->fleets[fleet];
    const fc_entry *electricity = entry ? fc_entry_child(entry, "electricity") : NULL;
    const fc_entry *load = electricity ? fc_entry_child(electricity, "load") : NULL;
    const fc_entry *from = electricity ? fc_entry_child(electricity, "load_from") : NULL;
    if (f->terms.load_from == FC_LOAD_STATED) return;
    if (load)
        wrong(s, load,
              FC_BOTH("the load is that of demand (load_from): keep one of the two",
                      "부하율은 이용 수요를 따릅니다(load_from). 둘 중 하나만 쓰십시오"));
    if (from && f->demand.n_classes + f->demand.n_services == 0)
        wrong(s, from,
              FC_BOTH("the fleet has no demand: write one, or state the load",
                      "이용 수요(demand)가 없습니다. demand를 쓰거나 부하율을 적으십시오"));
}

void fc_check_energy(fc_section_binder *s)
{
    const fc_plan *plan = s->b.plan;
    const fc_roster *of = s->rosters->of;
    for (uint32_t i = 0; i < plan->n_tariffs; i++)
        check_tariff(s, &plan->tariffs[i], of[FC_ENTITY_TARIFF].entry[i]);
    for (uint32_t i = 0; i < plan->n_fleets; i++) check_fleet(s, i, of[FC_ENTITY_FLEET].entry[i]);
    for (uint32_t i = 0; i < plan->n_fleets; i++)
        check_load(s, (int32_t)i, of[FC_ENTITY_FLEET].entry[i]);
    for (uint32_t i = 0; i < plan->n_sites; i++) {
        check_ppa(s, &plan->sites[i].terms, of[FC_ENTITY_SITE].entry[i]);
        check_load(s, plan->sites[i].fleet, of[FC_ENTITY_SITE].entry[i]);
    }
}
