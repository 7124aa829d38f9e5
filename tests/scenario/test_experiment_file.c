/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Experiment files: what is read, and what is said of mistakes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "scenario/experiment_file.h"

static char path[64];

static int load(fc_arena *arena, const char *text, fc_diag *diag, const fc_experiment_file **out)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return fc_experiment_file_load(arena, path, diag, out);
}

static void test_reading(void **state)
{
    (void)state;
    fc_arena *arena = fc_arena_create();
    fc_diag *diag = fc_diag_create();
    const fc_experiment_file *e;
    int ret = load(arena,
                   "fleetcast_experiment: 1\n"
                   "title: {en: Title, ko: 제목}\n"
                   "scenarios: [a.yaml, sub/b.yaml, /c.yaml]\n"
                   "policies: [none, fast, fast+rich]\n"
                   "design: {kind: sobol, points: 4096, shifts: 32}\n"
                   "factors:\n"
                   "  won: {key: world.currencies.KRW.per_usd, range: {low: 1300 KRW/USD,\n"
                   "        high: 1500 KRW/USD}, source: nobody}\n"
                   "  grid: {key: \"fleets.*.sites[kind=new].phases.*.connect\"}\n"
                   "replications: 3\n"
                   "seed: 7\n",
                   diag, &e);
    assert_int_equal(ret, FC_OK);
    assert_int_equal(e->design.kind, FC_DESIGN_SOBOL);
    assert_int_equal(e->design.points, 4096);
    assert_int_equal(e->design.shifts, 32);
    assert_int_equal(e->replications, 3);
    assert_int_equal(e->seed, 7);
    assert_int_equal(e->n_scenarios, 3);
    assert_string_equal(e->scenarios[1], "/tmp/sub/b.yaml"); /* from the file's folder */
    assert_string_equal(e->scenarios[2], "/c.yaml");
    assert_int_equal(e->n_policies, 3);
    assert_int_equal(e->policies[0].n, 0);
    assert_int_equal(e->policies[2].n, 2);
    assert_string_equal(e->policies[2].names[1], "rich");
    assert_int_equal(e->n_factors, 2);
    assert_string_equal(e->factors[0].range, "{low: 1300 KRW/USD, high: 1500 KRW/USD}");
    assert_null(e->factors[1].range);
    ret = load(arena,
               "fleetcast_experiment: 1\nscenarios: a.yaml\ndesign: {kind: grid}\n"
               "factors: {x: {key: a.b, values: [\"1,000\", {varies: {low: 1, high: 2}}]}}\n",
               diag, &e);
    assert_int_equal(ret, FC_OK);
    assert_int_equal(e->n_policies, 1); /* as the scenario says */
    assert_int_equal(e->seed, -1);
    assert_string_equal(e->factors[0].values[1], "{varies: {low: 1, high: 2}}");
    fc_diag_free(diag);
    fc_arena_free(arena);
}

#define HEAD "fleetcast_experiment: 1\nscenarios: [a.yaml]\n"
#define GRID HEAD "design: {kind: grid}\n"

/* Points a shift: 64 and 2 are powers of 2; 50, 1 and 3 are not, or only plain chance. */
static void test_sobol_points(void **state)
{
    (void)state;
    static const struct {
        const char *design, *says;
    } cases[] = {
        {"points: 1024, shifts: 16", NULL},
        {"points: 40, shifts: 20", NULL},
        {"points: 1000, shifts: 20",
         "1000 points in 20 shifts are 50 each, and a Sobol sequence is even only over a power of "
         "2, from 2 on: 1280 points would be"},
        {"points: 16",
         "16 points in 16 shifts are 1 each, and a Sobol sequence is even only over a "
         "power of 2, from 2 on: 32 points would be"},
        {"points: 60, shifts: 20",
         "60 points in 20 shifts are 3 each, and a Sobol sequence is even "
         "only over a power of 2, from 2 on: 80 points would be"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        fc_arena *arena = fc_arena_create();
        fc_diag *diag = fc_diag_create();
        const fc_experiment_file *e;
        snprintf(text, sizeof text, HEAD "design: {kind: sobol, %s}\n", cases[i].design);
        assert_int_equal(load(arena, text, diag, &e), FC_OK);
        assert_int_equal(fc_diag_warnings(diag), cases[i].says != NULL);
        if (cases[i].says) {
            char *said = fc_diag_text(diag, 0, FC_LANG_EN);
            assert_non_null(strstr(said, cases[i].says));
            assert_int_equal(fc_diag_place(diag, 0).line, 3);
            free(said);
        }
        fc_diag_free(diag);
        fc_arena_free(arena);
    }
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code, line;
        const char *says;
    } cases[] = {
        {"fleetcast: 1\n", FC_E_EXPERIMENT_FILE, 1, "fleetcast_experiment: 1"},
        {"[1, 2]\n", FC_E_EXPERIMENT_FILE, 1, ""},
        {"fleetcast_experiment: 2\n", FC_E_VALUE_FORM, 1, "this key takes 1"},
        {HEAD, FC_E_KEY_MISSING, 0, "'design' is missing"},
        {GRID, FC_E_KEY_MISSING, 3, "'factors' is missing"},
        {HEAD "design: {kind: gird}\nfactors: {}\n", FC_E_CHOICE, 3, "one_at_a_time"},
        {HEAD "design: {kind: sobol}\n", FC_E_KEY_MISSING, 3, "'points' is missing"},
        {HEAD "design: {kind: sobol, points: 8, shifts: 4}\n", FC_E_VALUE_RANGE, 3, "16"},
        {HEAD "design: {kind: monte_carlo, points: 8, shifts: 16}\n", FC_E_CHANGE, 3, "only sobol"},
        {HEAD "design: {kind: list}\nfactors: {x: {key: a}}\n", FC_E_KEY_MISSING, 3, "CSV"},
        {HEAD "design: {kind: grid, point: 3}\nfactors: {x: {key: a, values: [1]}}\n",
         FC_E_KEY_UNKNOWN, 3, "did you mean 'points'"},
        {GRID "factors:\n  x: {key: a}\n", FC_E_KEY_MISSING, 5, "'values' is missing"},
        {GRID "factors:\n  x: {values: [1]}\n", FC_E_KEY_MISSING, 5, "'key' is missing"},
        {GRID "factors:\n  x: {key: a, values: 1}\n", FC_E_KEY_KIND, 5, "a list"},
        {GRID "factors:\n  x: {key: a, values: []}\n", FC_E_LIST_EMPTY, 5, ""},
        {GRID "factors:\n  x: {key: a, values: [1], range: {low: 1, high: 2}}\n", FC_E_CHANGE, 5,
         "values: [ ]"},
        {GRID "factors:\n  x y: {key: a, values: [1]}\n", FC_E_NAME, 5, "x y"},
        {HEAD "design: {kind: latin_hypercube, points: 9}\nfactors:\n  x: {key: a, values: [1]}\n",
         FC_E_CHANGE, 5, "only grid and one_at_a_time"},
        {HEAD "design: {kind: latin_hypercube, points: 9}\nprecision: 'x: 1 %'\n", FC_E_CHANGE, 4,
         "points"},
        {HEAD "policies: [a, a]\ndesign: {kind: monte_carlo, points: 2}\n", FC_E_TWICE, 3, "'a'"},
        {"fleetcast_experiment: 1\nscenarios: []\ndesign: {kind: monte_carlo, points: 2}\n",
         FC_E_LIST_EMPTY, 2, "scenarios"},
        {HEAD HEAD, FC_E_DOC_DUPLICATE, 3, "twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fc_arena *arena = fc_arena_create();
        fc_diag *diag = fc_diag_create();
        const fc_experiment_file *e;
        assert_int_equal(load(arena, cases[i].text, diag, &e), cases[i].code);
        assert_null(e);
        char *en = fc_diag_text(diag, 0, FC_LANG_EN), *ko = fc_diag_text(diag, 0, FC_LANG_KO);
        if (!strstr(en, cases[i].says) || fc_diag_place(diag, 0).line != cases[i].line)
            fail_msg("case %zu: %s", i, en);
        assert_string_not_equal(en, ko);
        free(en);
        free(ko);
        fc_diag_free(diag);
        fc_arena_free(arena);
    }
}

/* Every mistake in one pass. */
static void test_all_at_once(void **state)
{
    (void)state;
    fc_arena *arena = fc_arena_create();
    fc_diag *diag = fc_diag_create();
    const fc_experiment_file *e;
    load(arena,
         "fleetcast_experiment: 1\nscenarios: {a: 1}\ndesign: {kind: grid, file: x.csv}\n"
         "factors: {x: {keys: a}}\nreplications: 0\n",
         diag, &e);
    assert_int_equal(fc_diag_errors(diag), 6);
    fc_diag_free(diag);
    fc_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading), cmocka_unit_test(test_sobol_points),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_all_at_once)};
    snprintf(path, sizeof path, "/tmp/fleetcast-experiment-%d.yaml", (int)getpid());
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
