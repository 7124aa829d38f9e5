/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys of sites, the grid's rules and people: what they become in the plan, and what is said of
 * them when they are wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "scenario/scenario.h"

static const char head[] = "fleetcast: 1\n"
                           "horizon: {start: 2025-01-01, end: 2030-01-01}\n";

/* A scenario with these lines in a rule, a site, its phase, the staff and an accelerator; "": none,
 * nothing but what is required. */
typedef struct parts {
    const char *rule, *site, *phase, *staff, *model;
} parts;

static int load(const parts *p, fc_diag *diag, fc_scenario **out)
{
    fc_text text = FC_TEXT_EMPTY;
    int ret = FC_OK;

#define OR_NONE(part) (p->part == NULL ? "" : p->part)
    fc_text_printf(&text, "%s", head);
    fc_text_printf(&text,
                   "world:\n"
                   "  accelerators:\n"
                   "    b200: {per_server: 8, server_power: 10 kW, bf16_dense: 2250 TFLOPS%s}\n"
                   "  grid_rules:\n"
                   "    rule: {assessment: required%s}\n"
                   "fleets:\n"
                   "  korea:\n"
                   "    staff: {crews: 3%s}\n"
                   "    sites:\n"
                   "      naju:\n"
                   "        region: south\n"
                   "        design_pue: 1.3\n"
                   "        phases: {a: {power: 40 MW, start: 2025-03-01%s}}\n"
                   "%s",
                   OR_NONE(model), OR_NONE(rule), OR_NONE(staff), OR_NONE(phase), OR_NONE(site));
    assert_false(fc_text_failed(&text));
    ret = fc_scenario_load_text("test.yaml", text.data, text.length, NULL, diag, out);
    fc_text_free(&text);
    return ret;
}

static double number(const fc_plan *plan, fc_param p)
{
    assert_true(p != 0);
    return plan->values[plan->params[p].value].number;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fabs(b);
}

static void test_what_they_become(void **state)
{
    (void)state;
    const parts p = {
        .model = ", servers_per_rack: 4, needs: liquid",
        .rule = ", region: south, kind: existing, from: 2025-01-31, until: 2026-01-01, "
                "at_least: 10 MW, passed: 25 %, review: 60 days, retry: 30 days",
        .site = "        kind: colocation\n"
                "        cooling: air\n"
                "        rack_limit: 20 kW\n"
                "        racks: {2025-01-01: 50, 2026-01-01: 100 racks}\n"
                "        available: 80 %\n"
                "        grid: {notice: 75 days, assessment: {passed: 50 %, review: 10 days}}\n",
        .phase = ", permit: 90 days, cancelled: 10 %",
        .staff = ", stock: 100 persons, graduates: 12 persons/year, training: 20명/년, "
                 "outflow: 5 %/year, needed_per_mw: 0.25, crew_size: 10명",
    };
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    const fc_plan *plan = NULL;

    assert_int_equal(load(&p, diag, &scenario), FC_OK);
    plan = scenario->plan;
    assert_int_equal(plan->n_grid_rules, 1);
    const fc_grid_rule *rule = &plan->grid_rules[0];
    assert_string_equal(rule->name, "rule");
    assert_string_equal(rule->region, "south");
    assert_int_equal(rule->kind, 1 + FC_SITE_EXISTING);
    assert_int_equal(rule->waived, 0);
    assert_true(number(plan, rule->from) == 30 * FC_DAY);
    assert_true(number(plan, rule->until) == 365 * FC_DAY);
    assert_true(number(plan, rule->assessment.at_least) == 10e6);
    assert_true(number(plan, rule->assessment.passed) == 0.25);
    assert_true(number(plan, rule->assessment.review) == 60 * FC_DAY);
    assert_true(number(plan, rule->assessment.retry) == 30 * FC_DAY);

    const fc_site *site = &plan->sites[0];
    assert_int_equal(site->kind, FC_SITE_COLOCATION);
    assert_int_equal(site->cooling, FC_HALL_AIR);
    assert_true(number(plan, site->rack_limit) == 20e3);
    assert_int_equal(plan->values[plan->params[site->racks].value].form, FC_FORM_STEP);
    assert_true(near(number(plan, site->available), 0.8));
    assert_true(number(plan, site->notice) == 75 * FC_DAY);
    assert_true(number(plan, site->assessment.passed) == 0.5);
    assert_true(number(plan, site->assessment.review) == 10 * FC_DAY);
    assert_true(site->assessment.retry == 0 && site->assessment.at_least == 0);
    assert_true(number(plan, plan->phases[0].permit) == 90 * FC_DAY);
    assert_true(near(number(plan, plan->phases[0].cancelled), 0.1));
    assert_true(number(plan, plan->accelerators[0].servers_per_rack) == 4);
    assert_int_equal(plan->accelerators[0].needs, FC_LIQUID);

    const fc_staff *staff = &plan->fleets[0].staff;
    assert_true(number(plan, staff->stock) == 100 && number(plan, staff->crews) == 3);
    assert_true(near(number(plan, staff->graduates), 12 / FC_YEAR));
    assert_true(near(number(plan, staff->training), 20 / FC_YEAR));
    assert_true(near(number(plan, staff->outflow), 0.05 / FC_YEAR));
    assert_true(number(plan, staff->needed_per_mw) == 0.25);
    assert_true(number(plan, staff->crew_size) == 10);
    fc_scenario_free(scenario);
    fc_diag_free(diag);
}

/* Without the keys nothing of it is in the plan. */
static void test_left_out(void **state)
{
    (void)state;
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;

    assert_int_equal(load(&(parts){0}, diag, &scenario), FC_OK);
    const fc_site *site = &scenario->plan->sites[0];
    const fc_grid_rule *rule = &scenario->plan->grid_rules[0];
    assert_int_equal(site->kind, FC_SITE_NEW);
    assert_int_equal(site->cooling, FC_HALL_LIQUID);
    assert_int_equal(rule->kind, 0);
    assert_true(site->rack_limit == 0 && site->racks == 0 && site->available == 0 &&
                site->notice == 0 && site->assessment.passed == 0 && site->assessment.review == 0);
    assert_true(rule->from == 0 && rule->until == 0 && rule->region == NULL &&
                rule->assessment.at_least == 0);
    assert_true(scenario->plan->fleets[0].staff.stock == 0);
    assert_int_equal(scenario->plan->accelerators[0].needs, FC_AIR);
    fc_scenario_free(scenario);
    fc_diag_free(diag);
}

static void test_wrong(void **state)
{
    (void)state;
    static const struct {
        parts p;
        int number;
        const char *path;
    } cases[] = {
        {{.rule = ", passed: 120 %"}, FC_E_VALUE_RANGE, "world.grid_rules.rule.passed"},
        {{.rule = ", review: 10 MW"}, FC_E_UNIT_KIND, "world.grid_rules.rule.review"},
        {{.rule = ", review: -1 months"}, FC_E_VALUE_RANGE, "world.grid_rules.rule.review"},
        {{.rule = ", at_least: 10"}, FC_E_UNIT_MISSING, "world.grid_rules.rule.at_least"},
        {{.rule = ", kind: old"}, FC_E_CHOICE, "world.grid_rules.rule.kind"},
        {{.rule = ", from: 2025-13-01"}, FC_OK, "world.grid_rules.rule.from"},
        {{.rule = ", region: [south, east]"}, FC_E_KEY_KIND, "world.grid_rules.rule.region"},
        {{.rule = ", pased: 5 %"}, FC_E_KEY_UNKNOWN, "world.grid_rules.rule.pased"},
        {{.rule = ", passed: {varies: {low: 1 %, high: 5 %}}"},
         FC_E_VALUE_FORM,
         "world.grid_rules.rule.passed"},
        {{.site = "        kind: field\n"}, FC_E_CHOICE, "fleets.korea.sites.naju.kind"},
        {{.site = "        cooling: water\n"}, FC_E_CHOICE, "fleets.korea.sites.naju.cooling"},
        {{.site = "        available: 110 %\n"},
         FC_E_VALUE_RANGE,
         "fleets.korea.sites.naju.available"},
        {{.site = "        racks: 50 GPUs\n"}, FC_E_UNIT_ITEM, "fleets.korea.sites.naju.racks"},
        {{.site = "        rack_limit: 20 months\n"},
         FC_E_UNIT_KIND,
         "fleets.korea.sites.naju.rack_limit"},
        {{.site = "        grid: 5 months\n"}, FC_E_KEY_KIND, "fleets.korea.sites.naju.grid"},
        {{.site = "        grid: {assessment: required}\n"},
         FC_E_KEY_KIND,
         "fleets.korea.sites.naju.grid.assessment"},
        {{.site = "        grid: {notise: 2 months}\n"},
         FC_E_KEY_UNKNOWN,
         "fleets.korea.sites.naju.grid.notise"},
        {{.phase = ", cancelled: 4"}, FC_OK, "fleets.korea.sites.naju.phases.a.cancelled"},
        {{.phase = ", permit: 5 %"}, FC_E_UNIT_KIND, "fleets.korea.sites.naju.phases.a.permit"},
        {{.staff = ", graduates: 300 persons"}, FC_E_UNIT_KIND, "fleets.korea.staff.graduates"},
        {{.staff = ", graduates: 300 GPUs/year"}, FC_E_UNIT_ITEM, "fleets.korea.staff.graduates"},
        {{.staff = ", outflow: 5 %"}, FC_E_UNIT_KIND, "fleets.korea.staff.outflow"},
        {{.staff = ", stock: -5 persons"}, FC_E_VALUE_RANGE, "fleets.korea.staff.stock"},
        {{.staff = ", stock: 100 racks"}, FC_E_UNIT_ITEM, "fleets.korea.staff.stock"},
        {{.model = ", needs: water"}, FC_E_CHOICE, "world.accelerators.b200.needs"},
        {{.model = ", servers_per_rack: 0"},
         FC_E_VALUE_RANGE,
         "world.accelerators.b200.servers_per_rack"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fc_diag *diag = fc_diag_create();
        fc_scenario *scenario = NULL;
        int ret = load(&cases[i].p, diag, &scenario);
        bool as_expected = cases[i].number == FC_OK ? ret != FC_OK : ret == cases[i].number;

        if (!as_expected || fc_diag_errors(diag) != 1) {
            for (size_t k = 0; k < fc_diag_size(diag); k++) {
                char *text = fc_diag_text(diag, k, FC_LANG_EN);
                print_error("%s\n", text);
                free(text);
            }
            fail_msg("case %d: error %d, not %d", (int)i, ret, cases[i].number);
        }
        assert_string_equal(fc_diag_place(diag, 0).path, cases[i].path);
        assert_null(scenario);
        fc_diag_free(diag);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_they_become),
        cmocka_unit_test(test_left_out),
        cmocka_unit_test(test_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
