/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/sentences.h"

#include <string.h>
#include "model/metric_table.h"
#include "scenario/speaker.h"

typedef fc_speaker speaker;

static const char *param(speaker *s, fc_param p)
{
    return fc_words_param(&s->w, p);
}

static const char *day(speaker *s, fc_param p)
{
    return fc_words_day(&s->w, p);
}

/* "solaseado (Solaseado AI centre)" where a title says more than the name. */
static const char *titled(speaker *s, const char *name, const char *title)
{
    if (!title || strcmp(title, name) == 0) return name;
    return fc_words_format(&s->w, s->ko ? "%s(%s)" : "%s (%s)", name, title);
}

/* ---- the whole, and the market --------------------------------------------------------------- */

static void say_opening(speaker *s)
{
    const fc_scenario *sc = s->scenario;
    const char *title = sc->root.title[s->ko], *more = sc->root.description[s->ko];
    fc_text_printf(s->out, "%s\n", title ? title : sc->name);
    if (more) fc_text_printf(s->out, "%s\n", more);
    const char *from = fc_words_date(&s->w, 0);
    const char *to = fc_words_date(&s->w, s->plan->horizon - FC_DAY);
    SAY(s, "Simulates %s to %s, that day included, in %s replications with seed %lld.\n",
        "%s부터 %s까지를 %s회 모의한다(시드 %lld).\n", from, to,
        fc_words_count(&s->w, (double)sc->root.replications), (long long)sc->root.seed);
}

static bool is_held(const fc_plan *plan, int32_t model)
{
    for (uint32_t i = 0; i < plan->n_stocks; i++)
        if (plan->stocks[i].model == model) return true;
    return false;
}

static bool is_in_mix(const fc_mix *mix, int32_t model)
{
    for (uint32_t m = 0; m < mix->n; m++)
        if (mix->model[m] == model) return true;
    return false;
}

/* Whether a programme buys the model, at least in some year or in place of another. */
static bool is_bought(const fc_plan *plan, int32_t model)
{
    for (uint32_t i = 0; i < plan->n_programmes; i++) {
        const fc_programme *p = &plan->programmes[i];
        if (is_in_mix(&p->mix, model)) return true;
        for (uint32_t y = 0; y < p->mix_by_year.n; y++)
            if (is_in_mix(&p->mix_by_year.mix[y], model)) return true;
        for (uint32_t m = 0; m < p->fallback.models.n; m++)
            if (p->fallback.models.index[m] == model) return true;
    }
    return false;
}

/* Whether a budget, a price or a report is in the currency. */
static bool is_paid_in(const fc_plan *plan, int32_t currency)
{
    bool used = false;
    for (uint32_t i = 0; i < plan->n_fleets; i++) used |= plan->fleets[i].currency == currency;
    for (uint32_t i = 0; i < plan->n_budgets; i++) used |= plan->budgets[i].currency == currency;
    for (uint32_t i = 0; i < plan->n_programmes; i++)
        used |= plan->programmes[i].price && plan->programmes[i].price_currency == currency;
    for (uint32_t i = 0; i < plan->n_accelerators; i++)
        used |= plan->accelerators[i].price_currency == currency && is_bought(plan, (int32_t)i);
    return used;
}

static void say_accelerator(speaker *s, const fc_accelerator *a, bool bought)
{
    SAY(s, "- %s comes in units of %s, each rated at %s; one has a peak of %s (dense BF16).\n",
        "- %s: 구매 단위당 %s장, 정격 전력 %s, 장당 최고 성능 %s(dense BF16).\n",
        titled(s, a->name, a->title), param(s, a->per_server), param(s, a->server_power),
        param(s, a->bf16_dense));
    if (a->needs == FC_LIQUID) SAY_PLAIN(s, "  It needs liquid cooling.\n", "  수랭이 필요하다.\n");
    SAY_IF(s, a->peak_power, "  At full load a unit draws %s.\n",
           "  최대 부하 때 구매 단위의 전력은 %s.\n");
    SAY_IF(s, a->idle_power, "  Without load it draws %s.\n", "  부하가 없을 때의 전력은 %s.\n");
    SAY_IF(s, a->servers_per_rack, "  Units that stand in one rack: %s.\n",
           "  랙 하나에 들어가는 구매 단위 수는 %s.\n");
    if (!bought) return;
    if (a->price) SAY(s, "  One costs %s.\n", "  한 장 값은 %s.\n", param(s, a->price));
    if (a->on_sale)
        SAY(s, "  It is delivered from a first day: %s; earlier orders wait.\n",
            "  양산 공급 시작일은 %s. 그 전의 발주는 이날을 기다린다.\n", param(s, a->on_sale));
    if (fc_words_is(&s->w, a->lead_time, 0))
        SAY_PLAIN(s, "  An order is delivered at once.\n", "  발주 즉시 납품된다.\n");
    else
        SAY(s, "  From order to delivery: %s.\n", "  발주에서 납품까지 %s.\n",
            param(s, a->lead_time));
}

/* Whether anybody pays by the tariff. */
static bool is_used(const fc_plan *plan, int32_t tariff)
{
    bool used = false;
    for (uint32_t i = 0; i < plan->n_fleets; i++) used |= plan->fleets[i].terms.tariff == tariff;
    for (uint32_t i = 0; i < plan->n_sites; i++) used |= plan->sites[i].terms.tariff == tariff;
    return used;
}

static void say_market(speaker *s)
{
    const fc_plan *plan = s->plan;
    SAY_PLAIN(s, "\nMarket\n", "\n시장\n");
    for (uint32_t i = 1; i < plan->n_currencies; i++) {
        if (!is_paid_in(plan, (int32_t)i)) continue;
        SAY(s, "- Exchange rate of %s: %s.\n", "- %s 환율: %s.\n", plan->currencies[i].code,
            param(s, plan->currencies[i].per_usd));
        fc_say_walk(s, &plan->currencies[i].walk);
    }
    uint32_t others = 0;
    for (uint32_t i = 0; i < plan->n_accelerators; i++) {
        bool bought = is_bought(plan, (int32_t)i);
        if (bought || is_held(plan, (int32_t)i))
            say_accelerator(s, &plan->accelerators[i], bought);
        else
            others++;
    }
    if (others)
        SAY(s, "- Models of the catalogue that nobody here buys or holds: %u.\n",
            "- 목록에 있으나 아무도 사거나 보유하지 않는 모델: %u개.\n", others);
    for (uint32_t i = 0; i < plan->n_export_rules; i++)
        fc_say_export_rule(s, &plan->export_rules[i]);
    for (uint32_t i = 0; i < plan->n_grid_rules; i++) fc_say_grid_rule(s, &plan->grid_rules[i]);
    for (uint32_t i = 0; i < plan->n_tariffs; i++)
        if (is_used(plan, (int32_t)i)) fc_say_tariff(s, &plan->tariffs[i]);
}

/* ---- a fleet --------------------------------------------------------------------------------- */

static void say_stock(speaker *s, const fc_stock *stock)
{
    const char *where = stock->site != FC_NONE ? s->plan->sites[stock->site].name
                        : s->ko                ? "모형 밖의 시설"
                                               : "outside the modelled sites";
    SAY(s, "- %1$s: %2$s %3$s, %5$s; they enter service %4$s.\n",
        "- %1$s: %3$s %2$s, 가동 시작은 %4$s, 설치 장소는 %5$s.\n", stock->name,
        param(s, stock->count), s->plan->accelerators[stock->model].name, day(s, stock->since),
        where);
}

const char *fc_speaker_refs(fc_speaker *s, const fc_refs *list, fc_entity kind)
{
    const fc_plan *p = s->plan;
    const char **names = fc_arena_array(s->w.arena, list->n + 1, sizeof *names);
    if (!names) {
        s->w.failed = true;
        return "";
    }
    for (uint32_t i = 0; i < list->n; i++) {
        int32_t k = list->index[i];
        names[i] = kind == FC_ENTITY_BUDGET        ? p->budgets[k].name
                   : kind == FC_ENTITY_SITE        ? p->sites[k].name
                   : kind == FC_ENTITY_PROGRAMME   ? p->programmes[k].name
                   : kind == FC_ENTITY_ACCELERATOR ? p->accelerators[k].name
                   : kind == FC_ENTITY_TARGET      ? p->targets[k].name
                   : kind == FC_ENTITY_FLEET       ? p->fleets[k].name
                                                   : p->stocks[k].name;
    }
    return fc_words_list(&s->w, names, list->n);
}

static void say_order_rule(speaker *s, const fc_programme *p)
{
    if (p->rule == FC_RULE_SCHEDULE)
        SAY(s, "  It orders so that in all it has ordered %s, as far as the money reaches.\n",
            "  누계로 %s까지 예산이 닿는 만큼 발주한다.\n", param(s, p->quantity));
    else if (p->rule == FC_RULE_TO_TARGET)
        fc_say_order_for_targets(s, p);
    else if (p->rule == FC_RULE_REFRESH)
        fc_say_refresh(s, p);
    else
        SAY_PLAIN(s, "  It orders for all its free money at each release.\n",
                  "  예산이 배정될 때마다 쓸 수 있는 전액을 발주한다.\n");
    if (p->start)
        SAY(s, "  Its first order is not before this day: %s.\n", "  첫 발주는 %s 이후이다.\n",
            param(s, p->start));
    if (p->at_most)
        SAY(s, "  It buys at most %s.\n", "  최대 구매 수량은 %s.\n", param(s, p->at_most));
}

static void say_programme(speaker *s, const fc_programme *p)
{
    const char *money = fc_speaker_refs(s, &p->pays_from, FC_ENTITY_BUDGET);
    SAY(s, "- Programme %s spends %s.\n", "- 사업 %s: 재원은 %s.\n", p->name, money);
    say_order_rule(s, p);
    fc_say_tender(s, &p->tender);
    fc_say_mix(s, p);
    if (p->price)
        SAY(s, ", at a price of %s each.\n", ", 장당 총단가는 %s.\n", param(s, p->price));
    else
        SAY_PLAIN(s, ", at the catalogue's prices.\n", ", 단가는 목록 가격을 따른다.\n");
    fc_say_payments(s, p);
    fc_say_fallback(s, &p->fallback);
    if (p->host.n)
        SAY(s, "  They go to %s%s.\n", "  설치 부지는 %s%s.\n",
            fc_speaker_refs(s, &p->host, FC_ENTITY_SITE),
            p->host.n == 1 ? ""
            : s->ko        ? "(선호 순)"
                           : ", in this order of preference");
    else
        SAY_PLAIN(s, "  Room and power are no limit to them.\n",
                  "  설치 공간과 전력의 제약은 두지 않는다.\n");
    if (fc_words_is(&s->w, p->install, 0))
        SAY_PLAIN(s, "  Installation takes no time.\n", "  설치에는 시간이 걸리지 않는다.\n");
    else
        SAY(s, "  From energised room to commissioned: %s.\n",
            "  통전된 자리 확보에서 가동까지 %s.\n", param(s, p->install));
    fc_say_life(s, p);
    if (p->announced)
        SAY(s, "  Announced to be in service: %s. Delays are measured against it.\n",
            "  발표된 가동 누계는 %s. 지연은 이를 기준으로 잰다.\n", param(s, p->announced));
}

static void say_target(speaker *s, uint32_t index)
{
    static const char *const milestones[][2] = {[FC_CONTRACTED] = {"contracted", "계약"},
                                                [FC_DELIVERED] = {"delivered", "납품"},
                                                [FC_ENERGISED] = {"energised", "통전"},
                                                [FC_IN_SERVICE] = {"in service", "가동"},
                                                [FC_ALLOCATED] = {"allocated", "배정"}};
    const fc_target *t = &s->plan->targets[index];
    const char *all = s->ko ? "보유분과 사업 전부" : "all of the fleet";
    const char *counted = all;
    if (!t->includes_all) {
        const char *parts[] = {fc_speaker_refs(s, &t->programmes, FC_ENTITY_PROGRAMME),
                               fc_speaker_refs(s, &t->stocks, FC_ENTITY_STOCK)};
        counted = t->stocks.n == 0       ? parts[0]
                  : t->programmes.n == 0 ? parts[1]
                                         : fc_words_list(&s->w, parts, 2);
    }
    SAY(s, "- Target %1$s: %2$s accelerators %3$s by the end of %4$s, counting %5$s%7$s.%6$s\n",
        "- 목표 %1$s: %4$s까지 %2$s %3$s(%5$s 포함%7$s).%6$s\n", t->name, param(s, t->gpus),
        milestones[t->counted_at][s->ko], param(s, t->by), counted,
        (int32_t)index != s->scenario->headline ? ""
        : s->ko                                 ? " 요약은 이 목표로 시작한다."
                                                : " The answer opens with it.",
        t->operator_counts == 0 ? ""
        : s->ko                 ? ", 운영사 자체 사용분 제외"
                                : " without what operators keep for themselves");
}

/* The bodies that it names. */
static void say_bodies(speaker *s, const fc_fleet *f)
{
    bool first = true;
    for (int c = 0; c < FC_N_CAUSES; c++) {
        if (!f->bodies[c].en) continue;
        SAY_PLAIN(s, first ? "  Who can act on delays: " : "; ",
                  first ? "  지연 원인별 소관: " : "; ");
        first = false;
        SAY(s, "%s (%s)", "%s(%s)", s->ko ? fc_causes[c].ko : fc_causes[c].en,
            s->ko ? f->bodies[c].ko : f->bodies[c].en);
    }
    if (!first) fc_text_add(s->out, ".\n");
}

static void say_fleet(speaker *s, const fc_fleet *f)
{
    const fc_plan *p = s->plan;
    fc_text_printf(s->out, "\n%s\n", titled(s, f->name, s->ko ? f->title_ko : f->title_en));
    fc_say_fiscal(s, f);
    for (uint32_t i = 0; i < f->n_stocks; i++) say_stock(s, &p->stocks[f->first_stock + i]);
    for (uint32_t i = 0; i < f->n_budgets; i++) fc_say_budget(s, &p->budgets[f->first_budget + i]);
    for (uint32_t i = 0; i < f->n_programmes; i++)
        say_programme(s, &p->programmes[f->first_programme + i]);
    for (uint32_t i = 0; i < f->n_allotments; i++)
        fc_say_allotment(s, &p->allotments[f->first_allotment + i]);
    for (uint32_t i = 0; i < f->n_sites; i++) {
        const fc_site *site = &p->sites[f->first_site + i];
        fc_say_site(s, site, titled(s, site->name, site->region));
        fc_say_building_money(s, site);
    }
    fc_say_upkeep(s, &f->upkeep);
    fc_say_staff(s, &f->staff);
    fc_say_running_cost(s, f);
    fc_say_demand(s, &f->demand);
    say_bodies(s, f);
    for (uint32_t i = 0; i < f->n_targets; i++) say_target(s, f->first_target + i);
}

/* ---- shocks and policies --------------------------------------------------------------------- */

static void say_start(speaker *s, const fc_driver *d)
{
    const char *name = titled(s, d->name, s->ko ? d->title_ko : d->title_en);
    if (d->at) {
        SAY(s, "- %s: %s", "- %s: 시점은 %s", name, day(s, d->at));
    } else if (d->when_metric != FC_NONE) {
        fc_text dates = FC_TEXT_EMPTY;
        for (uint32_t i = 0; i < d->n_reviews; i++)
            fc_text_printf(&dates, "%s%s", i ? ", " : "", fc_words_date(&s->w, d->reviews[i]));
        const char *reviews = fc_words_take(&s->w, &dates);
        const char *side =
            d->when_compare ? (s->ko ? "이상" : "at least") : (s->ko ? "미만" : "below");
        SAY(s, "- %1$s: at the first review (%2$s) at which %4$s of %3$s is %6$s %5$s",
            "- %1$s: 점검일(%2$s) 가운데 %3$s의 %4$s 값이 처음으로 %5$s %6$s인 날", name, reviews,
            s->plan->fleets[d->when_fleet].name, fc_metrics[d->when_metric].id,
            param(s, d->when_threshold), side);
    } else {
        SAY(s, "- %s: from the start", "- %s: 처음부터", name);
    }
}

/* What a driver changes; keys that change alike are named together. */
static void say_changes(speaker *s, uint32_t driver)
{
    static const char *const under_way[][2] = {
        [FC_KEEP] = {"what is under way stays as it was", "진행 중인 것은 그대로"},
        [FC_RESCALE] = {"what is under way changes in proportion", "진행 중인 것은 비례하여 조정"},
        [FC_REDRAW] = {"what is under way is drawn anew", "진행 중인 것은 다시 추첨"}};
    const fc_change *all = s->plan->changes, *previous = NULL;
    const char *paths = "", *effect = "";
    for (uint32_t i = 0; i <= s->plan->n_changes; i++) {
        bool end = i == s->plan->n_changes;
        if (!end && all[i].driver != driver) continue;
        const char *next = end ? "" : fc_words_change(&s->w, &all[i], "*");
        bool alike = !end && previous && strcmp(next, effect) == 0 &&
                     all[i].in_progress == previous->in_progress;
        if (previous && !alike)
            SAY(s, "  It %s; %s.\n", "  %s(%s).\n", fc_words_change(&s->w, previous, paths),
                under_way[previous->in_progress][s->ko]);
        if (end) return;
        const char *path = s->plan->params[all[i].param].path;
        paths = alike ? fc_words_format(&s->w, "%s, %s", paths, path) : path;
        effect = next;
        previous = &all[i];
    }
}

static void say_driver(speaker *s, uint32_t index)
{
    const fc_driver *d = &s->plan->drivers[index];
    say_start(s, d);
    if (d->until) SAY(s, ", ending %s", ", 끝나는 날은 %s", day(s, d->until));
    if (d->probability && !fc_words_is(&s->w, d->probability, 1))
        SAY(s, "; probability %s", "; 확률 %s", param(s, d->probability));
    fc_text_add(s->out, ".\n");
    say_changes(s, index);
}

static void say_drivers(speaker *s, bool policies)
{
    bool headed = false;
    for (uint32_t i = 0; i < s->plan->n_drivers; i++) {
        if (s->plan->drivers[i].is_policy != policies) continue;
        if (!headed)
            fc_text_add(s->out, policies ? (s->ko ? "\n시행하는 정책\n" : "\nPolicies in force\n")
                                         : (s->ko ? "\n외부충격\n" : "\nWhat may happen\n"));
        headed = true;
        say_driver(s, i);
    }
}

static bool is_in_force(speaker *s, const char *name)
{
    for (size_t i = 0; i < s->scenario->tree->applied_count; i++)
        if (strcmp(s->scenario->tree->applied[i], name) == 0) return true;
    for (uint32_t i = 0; i < s->plan->n_drivers; i++)
        if (s->plan->drivers[i].is_policy && strcmp(s->plan->drivers[i].name, name) == 0)
            return true;
    return false;
}

/* Policies that are part of the values already, and those that nobody has chosen. */
static void say_other_policies(speaker *s)
{
    const fc_tree *tree = s->scenario->tree;
    const fc_entry *all = fc_entry_child(tree->root, "policies");
    if (tree->applied_count)
        SAY(s, "\nWorked into the above from the start: %s.\n",
            "\n처음부터 위에 반영된 정책: %s.\n",
            fc_words_list(&s->w, tree->applied, tree->applied_count));
    fc_text names = FC_TEXT_EMPTY;
    for (const fc_entry *e = all && all->is_map ? all->first : NULL; e; e = e->next)
        if (!is_in_force(s, e->name))
            fc_text_printf(&names, "%s%s", names.length ? ", " : "", e->name);
    bool any = names.length > 0;
    const char *list = fc_words_take(&s->w, &names);
    if (any)
        SAY(s, "\nNot in force, to be chosen with --with: %s.\n",
            "\n시행하지 않는 정책(--with로 선택): %s.\n", list);
}

int fc_scenario_sentences(const fc_scenario *scenario, fc_lang lang, fc_text *out)
{
    speaker s = {.scenario = scenario,
                 .plan = scenario->plan,
                 .w = {.plan = scenario->plan, .lang = lang, .arena = fc_arena_create()},
                 .ko = lang == FC_LANG_KO,
                 .out = out};
    if (!s.w.arena) return FC_E_NOMEM;
    say_opening(&s);
    say_market(&s);
    for (uint32_t i = 0; i < s.plan->n_fleets; i++) say_fleet(&s, &s.plan->fleets[i]);
    say_drivers(&s, false);
    say_drivers(&s, true);
    say_other_policies(&s);
    bool failed = s.w.failed || fc_text_failed(out);
    fc_arena_free(s.w.arena);
    return failed ? FC_E_NOMEM : FC_OK;
}
