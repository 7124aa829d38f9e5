/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "demand_street.h"
#include "share.h"
#include "world_helper.h"

static const double SURE = 0.9999;

fc_scenario *load_demand(const demand_street *s)
{
    fc_text text = FC_TEXT_EMPTY;

    fc_text_printf(&text,
                   "fleetcast: 1\n"
                   "horizon: {start: 2025-01-01, end: %s}\n"
                   "world:\n"
                   "  accelerators:\n"
                   "    h100: {per_server: 8, server_power: 10 kW, bf16_dense: 1000 TFLOPS}\n"
                   "    npu: {per_server: 8, server_power: 10 kW, bf16_dense: 500 TFLOPS}\n"
                   "fleets:\n"
                   "  one:\n"
                   "    stock:\n"
                   "      old: {model: h100, count: %d, since: 2024-01-01}\n"
                   "      other: {model: npu, count: %d, since: 2024-01-01}\n"
                   "%s    demand:\n%s%s",
                   s->end ? s->end : "2026-01-01", s->gpus, s->npus, s->fleet ? s->fleet : "",
                   s->demand, s->rest ? s->rest : "");
    return load_street(&text);
}

seen see_demand(const demand_street *s, uint32_t replication)
{
    return see_street(load_demand(s), replication);
}

double of_class(const seen *s, int metric, int32_t class)
{
    return outcome(&s->trial, metric, 0, class);
}

double of_fleet(const seen *s, int metric)
{
    return outcome(&s->trial, metric, 0, FC_NONE);
}

fc_tally repeat_demand(const demand_street *s, int metric, int32_t entity, uint32_t most)
{
    uint32_t n = share_of(most, 8);
    fc_tally tally = FC_TALLY_EMPTY;
    fc_scenario *scenario = load_demand(s);
    trial t = trial_start(scenario->plan);

    for (uint32_t r = 0; r < n; r++) {
        assert_int_equal(trial_run(&t, r), FC_OK);
        fc_tally_add(&tally, outcome(&t, metric, 0, entity));
    }
    trial_end(&t);
    fc_scenario_free(scenario);
    return tally;
}

void assert_mean(const fc_tally *tally, double expected, double within)
{
    double half = fc_student_half_width(tally, SURE);

    if (fabs(tally->mean - expected) > half)
        fail_msg("mean %.8g +- %.2g, expected %.8g", tally->mean, half, expected);
    if (!(half < within * share_width() * expected))
        fail_msg("+- %.2g of %.8g tells nothing", half, expected);
}
