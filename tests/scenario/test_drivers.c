/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shocks and policies in the plan; what identifies a scenario and its inputs; and that a
 * replication's draws depend on nothing but the seed, the replication and their own names. */
#include "scenario_helper.h"

#include <stdio.h>
#include <string.h>
#include "kernel/stream.h"
#include "model/simulate.h"

#define BUILD "fleets.korea.sites.halls.phases.first.build"
#define AMOUNT "fleets.korea.budgets.main.amount"

static const fc_driver *driver_named(const fc_scenario *s, const char *name)
{
    for (uint32_t i = 0; i < s->plan->n_drivers; i++)
        if (strcmp(s->plan->drivers[i].name, name) == 0) return &s->plan->drivers[i];
    return NULL;
}

/* The i-th change of a parameter. */
static const fc_change *change_of(const fc_scenario *s, const char *path, uint32_t i)
{
    const fc_param_info *info = &s->plan->params[param_at(s, path)];
    assert_true(i < info->n_changes);
    return &s->plan->changes[info->first_change + i];
}

static const fc_value *operand(const fc_scenario *s, const fc_change *change)
{
    return &s->plan->values[change->value];
}

static const fc_value *value_of(const fc_scenario *s, fc_param p)
{
    return &s->plan->values[s->plan->params[p].value];
}

static double date(int year, int month, int day)
{
    return (double)(fc_date_days((fc_date){year, month, day}) -
                    fc_date_days((fc_date){2025, 1, 1})) *
           DAY;
}

/* ---- drivers -------------------------------------------------------------------------------- */

static void test_dated_shock(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE "shocks:\n"
                               "  cut:\n"
                               "    title: {en: The cut, ko: 삭감}\n"
                               "    in_progress: redraw\n"
                               "    at: 2026-01-01\n"
                               "    until: 2028-01-01\n"
                               "    probability: 40 %\n"
                               "    scale: {" AMOUNT ": 0.7}\n"
                               "    add: {" BUILD ": 2 months}\n"
                               "    set: {" BUILD ": 4 months}\n"
                               "  plain:\n"
                               "    at: {unknown: {low: 2026-01-01, high: 2027-01-01}}\n"
                               "    add: {fleets.korea.budgets.main.enacted: 3 months}\n");
    const fc_driver *cut = driver_named(s, "cut");
    assert_int_equal(s->plan->n_drivers, 2);
    assert_false(cut->is_policy);
    assert_string_equal(cut->title_en, "The cut");
    assert_string_equal(cut->title_ko, "삭감");
    assert_number(value_of(s, cut->at), date(2026, 1, 1));
    assert_number(value_of(s, cut->until), date(2028, 1, 1));
    assert_number(value_of(s, cut->probability), 0.4);
    assert_int_equal(cut->when_metric, FC_NONE);
    assert_true(cut->key == fc_stream_key(1, "shocks.cut", "happens"));

    const fc_change *scale = change_of(s, AMOUNT, 0);
    assert_int_equal(scale->op, FC_SCALE);
    assert_int_equal(scale->in_progress, FC_REDRAW);
    assert_number(operand(s, scale), 0.7);
    /* set before add, however they are written; the operands in the key's unit */
    assert_int_equal(change_of(s, BUILD, 0)->op, FC_SET);
    assert_number(operand(s, change_of(s, BUILD, 0)), 4 * MONTH);
    assert_int_equal(change_of(s, BUILD, 1)->op, FC_ADD);
    assert_number(operand(s, change_of(s, BUILD, 1)), 2 * MONTH);

    const fc_driver *plain = driver_named(s, "plain");
    assert_int_equal(value_of(s, plain->at)->form, FC_FORM_UNKNOWN);
    assert_string_equal(value_of(s, plain->at)->path, "shocks.plain.at");
    assert_number(value_of(s, plain->probability), 1);
    assert_true(!plain->until && !plain->title_en);
    const fc_change *later = change_of(s, "fleets.korea.budgets.main.enacted", 0);
    assert_number(operand(s, later), 3 * MONTH);      /* to a date a duration is added */
    assert_int_equal(later->in_progress, FC_RESCALE); /* the key's own */
    fc_scenario_free(s);
}

static void test_state_dependent(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE "shocks:\n"
                               "  behind:\n"
                               "    when:\n"
                               "      metric: gpus_in_service\n"
                               "      fleet: korea\n"
                               "      is: at_least\n"
                               "      threshold: 4000\n"
                               "      reviewed: [2027-07-01, 2026-07-01]\n"
                               "    scale: {" AMOUNT ": 2}\n");
    const fc_driver *d = driver_named(s, "behind");
    assert_true(d->when_metric >= 0 && d->when_fleet == 0 && d->when_compare == 1);
    assert_number(value_of(s, d->when_threshold), 4000);
    assert_int_equal(d->n_reviews, 2);
    assert_true(d->reviews[0] == date(2026, 7, 1) && d->reviews[1] == date(2027, 7, 1));
    assert_int_equal(d->at, 0);
    fc_scenario_free(s);
}

#define TWO_SITES                                                                                  \
    START WORLD                                                                                    \
        "fleets:\n"                                                                                \
        "  korea:\n"                                                                               \
        "    sites:\n"                                                                             \
        "      a: {region: capital, design_pue: 1.3, phases: {p: {power: 1 MW, start: "            \
        "2026-01-01}}}\n"                                                                          \
        "      b: {region: south, design_pue: 1.3, phases: {p: {power: 1 MW, start: 2026-01-01}, " \
        "q: {power: 1 MW, start: 2026-01-01}}}\n"
#define PHASE(site, phase) "fleets.korea.sites." site ".phases." phase ".power"

static void test_selectors(void **state)
{
    (void)state;
    fc_scenario *s = load(
        TWO_SITES "shocks:\n"
                  "  all: {at: 2026-01-01, scale: {\"fleets.*.sites.*.phases.*.power\": 2}}\n"
                  "  south: {at: 2026-01-01,\n"
                  "          set: {\"fleets.korea.sites[region=south].phases.*.power\": 3 MW,\n"
                  "                \"" PHASE("b", "q") "\": 4 MW}}\n");
    assert_int_equal(s->plan->n_changes, 3 + 2 + 1);
    assert_int_equal(s->plan->params[param_at(s, PHASE("a", "p"))].n_changes, 1);
    assert_int_equal(s->plan->params[param_at(s, PHASE("b", "p"))].n_changes, 2);
    /* of two that set the same the one written later comes later, and so prevails */
    assert_number(operand(s, change_of(s, PHASE("b", "q"), 1)), 3e6);
    assert_number(operand(s, change_of(s, PHASE("b", "q"), 2)), 4e6);
    fc_scenario_free(s);
}

#define POLICIES                                                                                   \
    BASE                                                                                           \
        "policies:\n"                                                                              \
        "  cheap: {set: {fleets.korea.programmes.state.price: 50 m KRW}}\n"                        \
        "  law: {at: 2027-01-01, set: {" BUILD ": {unknown: {low: 1 month, high: 2 months}}}}\n"   \
        "  tax: {at: 2028-01-01, probability: {unknown: {low: 10 %, high: 20 %}}, scale: {" AMOUNT \
        ": 0.9}}\n"

static void test_policies(void **state)
{
    (void)state;
    fc_scenario *s = load(POLICIES);
    uint32_t values = s->plan->n_values, params = s->plan->n_params;
    assert_int_equal(s->plan->n_drivers, 0);
    assert_int_equal(s->plan->n_changes, 0);
    fc_scenario_free(s);
    /* those that are not in force leave nothing behind */
    s = load(BASE);
    assert_int_equal(values, s->plan->n_values);
    assert_int_equal(params, s->plan->n_params);
    fc_scenario_free(s);

    s = load_with(POLICIES "active: [tax]\n", NAMES("cheap", "law"), NULL);
    assert_int_equal(s->plan->n_drivers, 2);
    assert_string_equal(s->plan->drivers[0].name, "law"); /* the file's order */
    assert_string_equal(s->plan->drivers[1].name, "tax");
    assert_true(s->plan->drivers[0].is_policy);
    assert_number(value_at(s, "fleets.korea.programmes.state.price"), 50e6);
    assert_int_equal(s->plan->programmes[0].price_currency, 1);
    /* set is drawn with the parameter's own uniform */
    const fc_change *law = change_of(s, BUILD, 0);
    assert_true(operand(s, law)->key == value_at(s, BUILD)->key);
    assert_true(change_of(s, AMOUNT, 0)->driver == 1);
    assert_int_equal(change_of(s, AMOUNT, 0)->in_progress, FC_KEEP);
    fc_scenario_free(s);
}

/* Defaults of keys in sections that were left out can change as well. */
static void test_change_of_a_default(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE "shocks: {strike: {at: 2026-01-01, add: "
                               "{fleets.korea.upkeep.repair_time: 1 month}}}\n");
    assert_number(operand(s, change_of(s, "fleets.korea.upkeep.repair_time", 0)), MONTH);
    fc_scenario_free(s);
}

static void test_same_date_as(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE "shocks:\n"
                               "  one: {at: {unknown: {low: 2026-01-01, high: 2027-01-01}}}\n"
                               "  two: {at: {same_as: shocks.one.at}, scale: {" AMOUNT ": 0.9}}\n");
    assert_ptr_equal(value_of(s, driver_named(s, "two")->at),
                     value_of(s, driver_named(s, "one")->at));
    fc_scenario_free(s);
}

/* ---- what identifies a scenario ------------------------------------------------------------- */

static void hash_of(const char *text, char hex[65])
{
    fc_scenario *s = load(text);
    memcpy(hex, s->hash, 65);
    fc_scenario_free(s);
}

static void assert_same_hash(const char *a, const char *b, bool same)
{
    char left[65], right[65];
    hash_of(a, left);
    hash_of(b, right);
    assert_int_equal(strlen(left), 64);
    if ((strcmp(left, right) == 0) != same) fail_msg("%s\n%s", a, b);
}

static void test_hash(void **state)
{
    (void)state;
    static const char one[] = "      x: {amount: 1 USD, enacted: 2026-01-01}\n";
    static const char two[] = "      y: {amount: 1 USD, enacted: 2026-01-01}\n";
    char ab[512], ba[512];
    snprintf(ab, sizeof ab, "%sfleets:\n  k:\n    budgets:\n%s%s", START, one, two);
    snprintf(ba, sizeof ba, "%sfleets:\n  k:\n    budgets:\n%s%s", START, two, one);
    assert_same_hash(ab, ba, false); /* the model takes budgets in the file's order */
    assert_same_hash(BASE "shocks: {a: {at: 2026-01-01}, b: {at: 2026-01-01}}\n",
                     BASE "shocks: {b: {at: 2026-01-01}, a: {at: 2026-01-01}}\n", false);
    assert_same_hash(
        BASE "shocks: {a: {at: 2026-01-01, add: {" AMOUNT ": 1 KRW, " BUILD ": 1 day}}}\n",
        BASE "shocks: {a: {at: 2026-01-01, add: {" BUILD ": 1 day, " AMOUNT ": 1 KRW}}}\n", false);
    assert_same_hash(BASE "        install: 1 day\n        service_life: 1 year\n",
                     BASE "        service_life: 1 year # same\n        install: 1 day\n", true);
    assert_same_hash(BASE "seed: 1\n", BASE "seed: 2\n", false);
}

/* The order of a mix decides who gets the last server. */
static void test_hash_of_a_mix(void **state)
{
    (void)state;
    fc_scenario *a =
        load_with(BASE, NULL, NAMES("fleets.korea.programmes.state.mix={h100: 50 %, b200: 50 %}"));
    fc_scenario *b =
        load_with(BASE, NULL, NAMES("fleets.korea.programmes.state.mix={b200: 50 %, h100: 50 %}"));
    assert_string_not_equal(a->hash, b->hash);
    fc_scenario_free(a);
    fc_scenario_free(b);
}

/* ---- inputs --------------------------------------------------------------------------------- */

static void test_inputs(void **state)
{
    (void)state;
    fc_scenario *s = load(BASE "  japan:\n"
                               "    source: an almanac\n"
                               "    certainty: low\n"
                               "    budgets:\n"
                               "      main:\n"
                               "        certainty: medium\n"
                               "        known_by: 2025-05-31\n"
                               "        amount: {value: 2 bn USD, source: a newspaper, note: net}\n"
                               "        enacted: 2026-01-01\n");
    const fc_input *inputs, *amount = NULL, *enacted = NULL, *power = NULL;
    size_t count;
    assert_int_equal(fc_scenario_inputs(s, &inputs, &count), FC_OK);
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(inputs[i].path, "fleets.japan.budgets.main.amount")) amount = &inputs[i];
        if (!strcmp(inputs[i].path, "fleets.japan.budgets.main.enacted")) enacted = &inputs[i];
        if (!strcmp(inputs[i].path, "fleets.korea.sites.halls.phases.first.power"))
            power = &inputs[i];
        assert_null(strstr(inputs[i].path, "source"));
    }
    assert_true(amount && enacted && power);
    assert_string_equal(amount->value, "2 bn USD");
    assert_string_equal(amount->unit, "money");
    assert_string_equal(amount->source, "a newspaper"); /* its own */
    assert_string_equal(amount->certainty, "medium");   /* the budget's */
    assert_string_equal(amount->known_by, "2025-05-31");
    assert_string_equal(amount->note, "net");
    assert_string_equal(amount->file, "s.yaml");
    assert_string_equal(enacted->source, "an almanac"); /* the fleet's */
    assert_string_equal(enacted->unit, "date");
    assert_null(enacted->note);
    assert_string_equal(power->unit, "W");
    assert_null(power->source);
    fc_scenario_free(s);
}

static void test_draw_units(void **state)
{
    static const struct {
        const char *path, *unit;
    } rows[] = {
        {"fleets.korea.budgets.main.amount", "money"},
        {"fleets.korea.budgets.main.enacted", "date"},
        {"fleets.korea.budgets.main.enacted.sd", "s"},
        {"fleets.korea.budgets.main.lines.gpu", ""},
        {BUILD, "s"},
        {BUILD ".usual", "s"},
        {BUILD ".sigma", ""},
        {"world.accelerators.h100.price.2026-01-01", "money"},
        {"world.accelerators.h100.lead_time.2026-01-01", "s"},
        {"shocks.cut", "date"},
        {"policies.law", "date"},
        {"shocks.cut.at", "date"},
        {"shocks.cut.probability", ""},
        {"shocks.cut.scale." BUILD, ""},
        {"shocks.cut.add." BUILD, "s"},
        {"shocks.cut.add.fleets.korea.budgets.main.enacted", "s"},
        {"nothing.of.the.kind", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(fc_draw_unit(rows[i].path), rows[i].unit) != 0)
            fail_msg("%s is in '%s'", rows[i].path, fc_draw_unit(rows[i].path));
}

/* ---- pairing -------------------------------------------------------------------------------- */

enum { FUTURES = 20 };

/* What was drawn in some futures, by name. */
typedef struct draws {
    fc_scenario *scenario;
    double *of[FUTURES];
} draws;

static draws simulate(const char *text)
{
    draws out = {.scenario = load(text)};
    const fc_plan *plan = out.scenario->plan;
    fc_world *world;
    fc_diag *diag = fc_diag_create();
    assert_int_equal(fc_world_create(plan, &world), FC_OK);
    for (uint32_t r = 0; r < FUTURES; r++) {
        fc_record record;
        assert_int_equal(fc_record_init(&record, plan), FC_OK);
        assert_int_equal(fc_world_run(world, r, NULL, &record, diag), FC_OK);
        out.of[r] = fc_arena_array(out.scenario->arena, plan->n_draws + 1, sizeof *out.of[r]);
        memcpy(out.of[r], record.draws, plan->n_draws * sizeof *out.of[r]);
        fc_record_free(&record);
    }
    fc_world_free(world);
    fc_diag_free(diag);
    return out;
}

/* Every draw of `a` is in `b`, the same bit for bit; `b` has `more` of its own. */
static void assert_paired(const draws *a, const draws *b, uint32_t more)
{
    const fc_plan *left = a->scenario->plan, *right = b->scenario->plan;
    assert_int_equal(right->n_draws, left->n_draws + more);
    for (uint32_t i = 0; i < left->n_draws; i++) {
        uint32_t k = 0;
        while (k < right->n_draws && strcmp(left->draw_names[i], right->draw_names[k])) k++;
        if (k == right->n_draws) fail_msg("no draw %s", left->draw_names[i]);
        for (uint32_t r = 0; r < FUTURES; r++)
            assert_memory_equal(&a->of[r][i], &b->of[r][k], sizeof(double));
    }
}

static void test_pairing(void **state)
{
    static const char before[] =
        START "shocks:\n"
              "  cut: {at: {unknown: {low: 2026-01-01, high: 2027-01-01}}, "
              "probability: 50 %, scale: {" AMOUNT ": {unknown: {low: 0.5, high: 0.9}}}}\n";
    static const struct {
        const char *front, *end;
        uint32_t more;
    } rows[] = {
        /* another fleet in front, with a site and two unknowns */
        {"fleets:\n  aaa:\n    sites:\n      s: {design_pue: 1.2, phases: {p: {power: {unknown: "
         "{low: "
         "1 MW, high: 2 MW}}, start: {unknown: {low: 2026-01-01, high: 2027-01-01}}}}}\n",
         "", 2},
        {"", "      zz: {pays_from: main, mix: {h100: 100 %}, host: halls}\n", 0},
        {"", "        price: {unknown: {low: 50 m KRW, high: 60 m KRW}}\n", 1},
        {"", "    upkeep: {crews: 1}\ncorrelate: []\n", 0},
    };
    (void)state;
    char text[8192];
    snprintf(text, sizeof text, "%s%s%s", before, WORLD, KOREA);
    draws base = simulate(text);
    /* b200's price, the phase's build, the shock's date and factor, and whether it happens */
    assert_int_equal(base.scenario->plan->n_draws, 5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *korea = *rows[i].front ? strchr(KOREA, '\n') + 1 : KOREA;
        snprintf(text, sizeof text, "%s%s%s%s%s", before, WORLD, rows[i].front, korea, rows[i].end);
        draws other = simulate(text);
        assert_paired(&base, &other, rows[i].more);
        fc_scenario_free(other.scenario);
    }
    /* another shock, and a policy, which come first in the plan and in force */
    snprintf(text, sizeof text, "%s  early: {at: 2025-02-01, probability: 50 %%}\n%s%s%s", before,
             WORLD, KOREA,
             "policies: {law: {at: 2025-03-01, scale: {" AMOUNT ": 0.9}}}\nactive: [law]\n");
    draws other = simulate(text);
    assert_paired(&base, &other, 2);
    fc_scenario_free(other.scenario);
    fc_scenario_free(base.scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dated_shock),
        cmocka_unit_test(test_state_dependent),
        cmocka_unit_test(test_selectors),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_change_of_a_default),
        cmocka_unit_test(test_same_date_as),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_hash_of_a_mix),
        cmocka_unit_test(test_inputs),
        cmocka_unit_test(test_draw_units),
        cmocka_unit_test(test_pairing),
    };
    return cmocka_run_group_tests_name("shocks, policies, inputs, pairing", tests, NULL, NULL);
}
