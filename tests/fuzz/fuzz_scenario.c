/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * libFuzzer target: any bytes as a scenario. Whatever they are, loading ends with a plan or with an
 * error of the input (exit code 3) and a message; a plan of moderate size runs one replication,
 * which ends with a record, or with an error that says which value or limit was at fault. Parents
 * are not read from the disk: a text that extends others is left alone.
 *
 *     CC=clang meson setup build-fuzz && ninja -C build-fuzz tests/fuzz/fuzz_scenario
 *     mkdir -p found && build-fuzz/tests/fuzz/fuzz_scenario -timeout=10 found \
 *         tests/fuzz/corpus tests/fuzz/scenarios
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "model/simulate.h"
#include "scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool promise)
{
    if (!promise) abort();
}

static bool extends_others(const uint8_t *data, size_t size)
{
    return memmem(data, size, "extends", 7) != NULL;
}

enum { TOO_MANY = 1000000 }; /* events are simulated one by one: bounds the time of one input */

static int count_event(void *self, const fc_log_entry *entry)
{
    size_t *events = self;
    demand(entry->what != NULL && !isnan(entry->time));
    return ++*events > TOO_MANY ? FC_E_FULL : FC_OK;
}

/* Whether its numbers let it run in a moment: failures and lots are simulated one by one. */
static bool is_moderate(const fc_plan *plan)
{
    if (plan->horizon > 10 * FC_YEAR || plan->n_fleets > 20) return false;
    for (uint32_t i = 0; i < plan->n_fleets; i++)
        if (plan->fleets[i].upkeep.failure_rate) return false;
    return true;
}

static void run(const fc_plan *plan)
{
    fc_world *world = NULL;
    fc_record record = {0};
    size_t events = 0;
    fc_observer observer = {.log = count_event, .self = &events, .verify = false};
    fc_diag *diag = fc_diag_create();
    int ret = fc_world_create(plan, &world);
    demand(ret == FC_OK || ret == FC_E_NOMEM);
    if (ret == FC_OK) {
        demand(fc_record_init(&record, plan) == FC_OK);
        ret = fc_world_run(world, 0, &observer, &record, diag);
        demand(ret == FC_OK || ret == FC_E_DOMAIN || ret == FC_E_FULL);
        demand((ret == FC_OK) == (fc_diag_errors(diag) == 0) || ret == FC_E_FULL);
        for (uint32_t i = 0; ret == FC_OK && i < plan->n_draws; i++)
            demand(!isinf(record.draws[i]));
    }
    fc_diag_free(diag);
    fc_record_free(&record);
    fc_world_free(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (extends_others(data, size)) return 0;
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    int ret = fc_scenario_load_text("fuzz", (const char *)data, size, NULL, diag, &scenario);
    demand((ret == FC_OK) == (scenario != NULL));
    demand((ret == FC_OK) == (fc_diag_errors(diag) == 0));
    demand(ret == fc_diag_first(diag));
    demand(ret == FC_OK || fc_exit_code(ret) == 3);
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        demand(fc_exit_code(fc_diag_code(diag, i)) == 3 || fc_diag_code(diag, i) >= 900);
        char *text = fc_diag_text(diag, i, i % 2 ? FC_LANG_KO : FC_LANG_EN);
        demand(text != NULL);
        free(text);
    }
    if (scenario) {
        const fc_input *inputs;
        size_t count;
        demand(fc_scenario_inputs(scenario, &inputs, &count) == FC_OK);
        for (uint32_t i = 0; i < scenario->plan->n_draws; i++)
            demand(fc_draw_unit(scenario->plan->draw_names[i]) != NULL);
        if (is_moderate(scenario->plan)) run(scenario->plan);
    }
    fc_scenario_free(scenario);
    fc_diag_free(diag);
    return 0;
}
