/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "street.h"

fc_scenario *load_street(fc_text *text)
{
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;

    if (fc_scenario_load_text("test.yaml", text->data, text->length, NULL, diag, &scenario)) {
        char *said = fc_diag_text(diag, 0, FC_LANG_EN);
        print_error("%s\n%s\n", text->data, said);
        free(said);
        fail();
    }
    fc_text_free(text);
    fc_diag_free(diag);
    return scenario;
}

seen see_street(fc_scenario *scenario, uint32_t replication)
{
    return (seen){.scenario = scenario, .trial = trial_of(scenario->plan, replication)};
}

void forget(seen *s)
{
    trial_end(&s->trial);
    fc_scenario_free(s->scenario);
}

void assert_near(double is, double expected, double within)
{
    if (!(fabs(is - expected) <= within)) fail_msg("%.12g, expected %.12g", is, expected);
}

void assert_relative(double is, double expected, double within)
{
    assert_near(is, expected, within * (1 + fabs(expected)));
}

void assert_close(double is, double expected)
{
    assert_relative(is, expected, 1e-9);
}
