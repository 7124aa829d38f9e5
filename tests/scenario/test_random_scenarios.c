/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What must hold of every scenario that can be written, on random ones: it loads; its ledgers
 * balance after every event; equal runs give equal results, and any number of threads the same
 * database; what `show --resolved` prints is the same scenario; milestones and targets agree.
 *
 *     test_random_scenarios             the first 300
 *     test_random_scenarios COUNT [FROM]
 *
 * The long run is `meson test --suite slow`, best in a build with -Db_sanitize=address,undefined.
 * A failure prints the scenario's number and its text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiment/experiment.h"
#include "random_scenario.h"
#include "scenario/sentences.h"
#include "scenario/tree_print.h"
#include "share.h"
#include "world_helper.h"

static uint64_t first = 0, count = 300;

/* What all of them together reached, so that a generator that says little is found out. */
static struct {
    uint64_t events, strikes, struck, retired, failures, met, missed, lost, waiting;
    uint64_t run, left, queued, granted, reclaimed, answered, allocated;
    double delay;
    bool forms[512][FC_FORM_VARIES + 1]; /* by the number of the key, below */
    bool ops[FC_ADD + 1], in_progress[FC_REDRAW + 1];
    bool conditions, correlations, aliases;
} reached;

static void complain(uint64_t number, const char *text, fc_diag *diag)
{
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *message = fc_diag_text(diag, i, FC_LANG_EN);
        print_error("%s\n", message);
        free(message);
    }
    print_error("scenario %llu:\n%s\n", (unsigned long long)number, text);
}

static fc_scenario *load_random(uint64_t number, const char *text)
{
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    if (fc_scenario_load_text("random.yaml", text, strlen(text), NULL, diag, &scenario)) {
        complain(number, text, diag);
        fail();
    }
    fc_diag_free(diag);
    return scenario;
}

/* ---- one replication ------------------------------------------------------------------------ */

/* At every month's end, besides what the world itself verifies. */
static void check_months(const trial *t, int32_t fleet)
{
    for (uint32_t m = 0; m < t->plan->n_months; m++) {
        double contracted = series(t, FC_M_gpus_contracted, fleet, m);
        double delivered = series(t, FC_M_gpus_delivered, fleet, m);
        double energised = series(t, FC_M_gpus_energised, fleet, m);
        double in_service = series(t, FC_M_gpus_in_service, fleet, m);
        double shortfall = series(t, FC_M_gpus_shortfall, fleet, m);

        assert_true(contracted >= delivered && delivered >= energised);
        assert_true(energised >= in_service);
        assert_true(in_service >= series(t, FC_M_gpus_in_repair, fleet, m));
        assert_true(delivered - energised == series(t, FC_M_gpus_waiting, fleet, m));
        assert_true(shortfall >= 0 && shortfall <= series(t, FC_M_gpus_announced, fleet, m));
        assert_true(series(t, FC_M_it_power, fleet, m) >= 0);
        if (series(t, FC_M_gpus_waiting, fleet, m) > 0) reached.waiting++;
    }
}

/* A target's number is reached at one milestone after the other; it is met if that came by the end
 * of its date, and held only if it was met; neither is known of a date outside the horizon. */
static void check_target(const trial *t, int32_t fleet, int32_t index)
{
    const fc_target *target = &t->plan->targets[index];
    double end = (double)t->plan->epoch.start_day + t->plan->horizon / FC_DAY;
    double by = 0, before = -INFINITY, own = NAN;
    double met = outcome(t, FC_M_met, fleet, index), held = outcome(t, FC_M_held, fleet, index);
    const fc_value *date = &t->plan->values[t->plan->params[target->by].value];
    bool known = false;

    for (int m = 0; m < FC_N_MILESTONES; m++) {
        if (m == FC_ALLOCATED && target->counted_at != m) break; /* perhaps not observed */
        double at = outcome(t, FC_M_reached_contracted + m, fleet, index);
        assert_true(isnan(at) ? true : at >= before && at < end);
        before = isnan(at) ? INFINITY : at; /* if one is not reached, none after it is */
        if (m == target->counted_at) own = at;
    }
    assert_int_equal(date->form, FC_FORM_NUMBER);
    by = (double)t->plan->epoch.start_day + date->number / FC_DAY + 1;
    known = by > (double)t->plan->epoch.start_day && by <= end;
    assert_true(isnan(met) == !known && isnan(held) == !known);
    if (!known) return;
    assert_true(met == (own < by));
    assert_true(held <= met);
    assert_true(held == (outcome(t, FC_M_count_by, fleet, index) >=
                         t->plan->values[t->plan->params[target->gpus].value].number));
    reached.met += met > 0;
    reached.missed += met == 0;
    reached.lost += met > held;
    reached.allocated += met > 0 && target->counted_at == FC_ALLOCATED;
}

/* What became of users. */
static void check_users(const trial *t)
{
    for (uint32_t i = 0; i < t->plan->n_outcomes; i++) {
        const fc_observable *o = &t->plan->outcomes[i];
        double value = t->record.outcomes[i];
        switch (o->metric) {
        case FC_M_home_share:
        case FC_M_unmet_share:
        case FC_M_service_home_share:
        case FC_M_backlog_share:
        case FC_M_killed_share:
            if (value < 0 || value > 1 + 1e-9)
                fail_msg("%s is %.17g", fc_metrics[o->metric].id, value);
            break;
        case FC_M_class_served:
            if (value < -1e-9) fail_msg("class_served is %.17g", value);
            reached.run += value > 0;
            break;
        case FC_M_class_killed:
        case FC_M_class_waiting:
        case FC_M_class_backlog:
            if (value < 0) fail_msg("%s is %.17g", fc_metrics[o->metric].id, value);
            reached.queued += o->metric == FC_M_class_waiting && value > 0;
            break;
        case FC_M_class_left_share:
            reached.left += value > 0;
            break;
        case FC_M_projects_granted:
            reached.granted += value > 0;
            break;
        case FC_M_projects_reclaimed:
            reached.reclaimed += value > 0;
            break;
        case FC_M_service_served:
            reached.answered += value > 0;
            break;
        default:
            break;
        }
    }
}

static void check_replication(const trial *t)
{
    for (uint32_t f = 0; f < t->plan->n_fleets; f++) {
        const fc_fleet *fleet = &t->plan->fleets[f];

        check_months(t, (int32_t)f);
        for (uint32_t i = 0; i < fleet->n_targets; i++)
            check_target(t, (int32_t)f, (int32_t)(fleet->first_target + i));
        reached.delay += delay_sum(t, (int32_t)f);
        reached.retired += outcome(t, FC_M_gpus_retired, (int32_t)f, FC_NONE) > 0;
        reached.failures += outcome(t, FC_M_failures, (int32_t)f, FC_NONE) > 0;
    }
    check_users(t);
    reached.events += t->record.events;
}

static void run_verified(trial *t, uint32_t replication, uint64_t number, const char *text)
{
    if (trial_run(t, replication) == FC_OK) return;
    complain(number, text, t->diag);
    fail();
}

/* Twice the same, and the same of what is printed of it. */
static void check_runs(const fc_scenario *scenario, const fc_scenario *again, uint64_t number,
                       const char *text)
{
    trial a = trial_start(scenario->plan), b = trial_start(again->plan);

    for (uint32_t r = 0; r < 2; r++) {
        run_verified(&a, r, number, text);
        run_verified(&b, 1 - r, number, text);
        run_verified(&b, r, number, text);
        assert_true(same_record(scenario->plan, &a.record, &b.record));
        assert_string_equal(a.log.data ? a.log.data : "", b.log.data ? b.log.data : "");
        check_replication(&a);
        reached.strikes += a.log.data && strstr(a.log.data, " driver ");
    }
    trial_end(&a);
    trial_end(&b);
}

/* Whether it matters in this scenario what shocks do to work under way. */
static bool is_struck(fc_plan *plan)
{
    fc_world *world = NULL;
    fc_record as_written, kept;
    bool same = false;

    assert_int_equal(fc_record_init(&as_written, plan), FC_OK);
    assert_int_equal(fc_record_init(&kept, plan), FC_OK);
    assert_int_equal(fc_world_create(plan, &world), FC_OK);
    assert_int_equal(fc_world_run(world, 0, NULL, &as_written, NULL), FC_OK);
    fc_world_free(world);
    for (uint32_t i = 0; i < plan->n_changes; i++) plan->changes[i].in_progress = FC_KEEP;
    assert_int_equal(fc_world_create(plan, &world), FC_OK);
    assert_int_equal(fc_world_run(world, 0, NULL, &kept, NULL), FC_OK);
    fc_world_free(world);
    same = same_record(plan, &as_written, &kept);
    fc_record_free(&as_written);
    fc_record_free(&kept);
    return !same;
}

/* ---- the scenario as a text ----------------------------------------------------------------- */

static fc_scenario *read_back(uint64_t number, const fc_scenario *scenario)
{
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    fc_scenario *again = NULL;

    assert_int_equal(fc_tree_print_resolved(scenario->tree, out, FC_LANG_EN), FC_OK);
    assert_int_equal(fclose(out), 0);
    again = load_random(number, printed);
    if (strcmp(scenario->hash, again->hash) != 0) {
        print_error("scenario %llu reads back as another:\n%s\n", (unsigned long long)number,
                    printed);
        fail();
    }
    free(printed);
    return again;
}

/* "nan" as a word; maintenance is something else. */
static bool says_nan(const char *text)
{
    while ((text = strstr(text, "nan")) != NULL) {
        if (text[-1] < 'a' || text[-1] > 'z') return true;
        text += 3;
    }
    return false;
}

static void check_words(fc_scenario *scenario)
{
    fc_text said = FC_TEXT_EMPTY;
    const fc_input *inputs = NULL;
    size_t n = 0;

    assert_int_equal(fc_scenario_sentences(scenario, FC_LANG_EN, &said), FC_OK);
    assert_int_equal(fc_scenario_sentences(scenario, FC_LANG_KO, &said), FC_OK);
    assert_true(said.length > 100);
    assert_false(says_nan(said.data));
    assert_int_equal(fc_scenario_inputs(scenario, &inputs, &n), FC_OK);
    assert_true(n > 10);
    fc_text_free(&said);
}

/* ---- the database --------------------------------------------------------------------------- */

/* The same scenarios in two databases: simulated by one thread, and by three. To make a database
 * takes longer than to simulate one of these scenarios, so several share it. */
enum { TOGETHER = 20 };
static struct {
    fc_store *store[2];
    unsigned n;
} kept;

static void simulate(fc_scenario *scenario, int side, fc_diag *diag)
{
    fc_experiment_options options = {.replications = 3, .threads = side == 0 ? 1 : 3};
    fc_experiment_result result;

    if (kept.n == 0)
        assert_int_equal(fc_store_open(":memory:", FC_STORE_WRITE, diag, &kept.store[side]), FC_OK);
    assert_int_equal(fc_experiment_run(kept.store[side], scenario, &options, diag, &result), FC_OK);
    assert_int_equal(result.done, 3);
    assert_int_equal(result.failed, 0);
}

static void check_threads(fc_scenario *scenario, uint64_t number)
{
    fc_diag *diag = fc_diag_create();
    char hex[2][65];

    for (int side = 0; side < 2; side++) simulate(scenario, side, diag);
    kept.n++;
    if (kept.n == TOGETHER || number == first + count - 1) {
        for (int side = 0; side < 2; side++) {
            assert_int_equal(fc_store_digest(kept.store[side], diag, hex[side]), FC_OK);
            assert_int_equal(fc_store_close(kept.store[side]), FC_OK);
        }
        if (strcmp(hex[0], hex[1]) != 0)
            fail_msg("one of scenarios %llu to %llu depends on the number of threads",
                     (unsigned long long)(number + 1 - kept.n), (unsigned long long)number);
        kept.n = 0;
    }
    fc_diag_free(diag);
}

/* ---- what they say, all together ------------------------------------------------------------ */

/* The rows of the key table that hold values, numbered as they come; sections that stand in several
 * places (`when`) have the numbers of the first. */
static int number_of(const fc_section *section, const fc_key *wanted, int *n)
{
    for (const fc_key *key = section->keys; key->name; key++) {
        int found = -1;
        if (key == wanted) return *n;
        if (key->type == FC_K_VALUE) ++*n;
        if (key->type == FC_K_SECTION || key->type == FC_K_NAMED)
            found = number_of(key->section, wanted, n);
        if (found >= 0) return found;
    }
    return -1;
}

static const fc_key *key_of(const char *path)
{
    char copy[256], *rest = copy;
    const char *names[16];
    size_t depth = 0;

    snprintf(copy, sizeof copy, "%s", path);
    while (depth < 16 && rest) names[depth++] = strsep(&rest, ".");
    return fc_key_at(names, depth, NULL);
}

static void look_at(const fc_plan *plan, const char *text)
{
    for (uint32_t p = 1; p < plan->n_params; p++) {
        const fc_key *key = key_of(plan->params[p].path);
        int n = 0, row = key ? number_of(&fc_section_root, key, &n) : -1;
        if (row >= 0) reached.forms[row][plan->values[plan->params[p].value].form] = true;
    }
    for (uint32_t i = 0; i < plan->n_changes; i++) {
        reached.ops[plan->changes[i].op] = true;
        reached.in_progress[plan->changes[i].in_progress] = true;
    }
    for (uint32_t i = 0; i < plan->n_drivers; i++)
        reached.conditions |= plan->drivers[i].when_metric != FC_NONE;
    reached.correlations |= plan->n_factors > 0;
    reached.aliases |= strstr(text, "same_as") != NULL;
}

/* Every key that holds a value was written, in every form that it may have; those of demand, which
 * few fleets have, in many scenarios. */
static void check_forms(const fc_section *section, const char *path, bool lacking)
{
    static const unsigned needs[] = {[FC_FORM_NUMBER] = 0,
                                     [FC_FORM_STEP] = FC_MAY_STEP,
                                     [FC_FORM_LINEAR] = FC_MAY_LINEAR,
                                     [FC_FORM_UNKNOWN] = FC_MAY_UNKNOWN,
                                     [FC_FORM_VARIES] = FC_MAY_VARY};
    for (const fc_key *key = section->keys; key->name; key++) {
        char inner[256];
        bool lacks = lacking || random_scenario_lacks(section, key) ||
                     (key->section == &fc_section_demand && count < 3000);
        snprintf(inner, sizeof inner, "%s.%s", path, key->name);
        if (key->type == FC_K_SECTION || key->type == FC_K_NAMED)
            check_forms(key->section, inner, lacks);
        if (key->type != FC_K_VALUE) continue;
        int n = 0, row = number_of(&fc_section_root, key, &n);
        for (int form = 0; form <= FC_FORM_VARIES && !lacks; form++)
            if ((needs[form] & key->may) == needs[form] && !reached.forms[row][form])
                fail_msg("%s was never of form %d", inner, form);
    }
}

static void check_reach(void)
{
    check_forms(&fc_section_root, "", false);
    for (int i = 0; i <= FC_ADD; i++) assert_true(reached.ops[i]);
    for (int i = 0; i <= FC_REDRAW; i++) assert_true(reached.in_progress[i]);
    assert_true(reached.conditions && reached.correlations && reached.aliases);
    assert_true(reached.strikes >= count / 4 && reached.struck >= count / 40);
    assert_true(reached.events >= 100 * count && reached.delay > 100.0 * (double)count);
    assert_true(reached.retired >= count / 10 && reached.failures >= count / 4);
    assert_true(reached.met >= count / 20 && reached.missed >= count / 20);
    assert_true(reached.waiting >= count / 2 && reached.queued >= count / 10);
    assert_true(reached.run >= count / 5 && reached.left >= count / 10);
    assert_true(reached.granted > 0 && reached.answered >= count / 20);
    assert_true(count < 3000 ||
                (reached.reclaimed > 0 && reached.allocated > 0 && reached.lost > 0));
}

static void test_random_scenarios(void **state)
{
    (void)state;
    for (uint64_t number = first; number < first + count; number++) {
        fc_text text = FC_TEXT_EMPTY;
        fc_scenario *scenario = NULL, *again = NULL;

        random_scenario(number, &text);
        assert_false(fc_text_failed(&text));
        scenario = load_random(number, text.data);
        look_at(scenario->plan, text.data);
        again = read_back(number, scenario);
        check_words(scenario);
        check_runs(scenario, again, number, text.data);
        check_threads(scenario, number);
        reached.struck += is_struck(again->plan);
        fc_scenario_free(scenario);
        fc_scenario_free(again);
        fc_text_free(&text);
    }
    if (count >= 300) check_reach();
    print_message("%llu scenarios, %llu events, %llu struck work under way\n",
                  (unsigned long long)count, (unsigned long long)reached.events,
                  (unsigned long long)reached.struck);
}

/* Equal numbers, equal texts; others, others. */
static void test_numbers(void **state)
{
    (void)state;
    fc_text a = FC_TEXT_EMPTY, b = FC_TEXT_EMPTY, c = FC_TEXT_EMPTY;

    random_scenario(7, &a);
    random_scenario(7, &b);
    random_scenario(8, &c);
    assert_string_equal(a.data, b.data);
    assert_string_not_equal(a.data, c.data);
    fc_text_free(&a);
    fc_text_free(&b);
    fc_text_free(&c);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_random_scenarios),
    };

    count = share_of((uint32_t)count, 60);
    if (argc > 1) count = strtoull(argv[1], NULL, 10);
    if (argc > 2) first = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
