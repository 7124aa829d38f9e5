/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario_helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t length_of(const char *const *list)
{
    size_t n = 0;
    while (list && list[n]) n++;
    return n;
}

fc_scenario *load_with(const char *text, const char *const *with, const char *const *sets)
{
    fc_scenario_options options = {.layers = {.with = with,
                                              .with_count = length_of(with),
                                              .sets = sets,
                                              .sets_count = length_of(sets)}};
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    int ret = fc_scenario_load_text("s.yaml", text, strlen(text), &options, diag, &scenario);
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *message = fc_diag_text(diag, i, FC_LANG_EN);
        print_error("%s\n", message);
        free(message);
    }
    fc_diag_free(diag);
    assert_int_equal(ret, FC_OK);
    return scenario;
}

fc_scenario *load(const char *text)
{
    return load_with(text, NULL, NULL);
}

fc_param param_at(const fc_scenario *s, const char *path)
{
    for (fc_param p = 1; p < s->plan->n_params; p++)
        if (strcmp(s->plan->params[p].path, path) == 0) return p;
    fail_msg("no parameter %s", path);
    return 0;
}

const fc_value *value_at(const fc_scenario *s, const char *path)
{
    return &s->plan->values[s->plan->params[param_at(s, path)].value];
}

const fc_value *arg(const fc_scenario *s, const fc_value *value, uint32_t i)
{
    assert_true(i < value->n_args);
    return &s->plan->values[value->args[i]];
}

void assert_number(const fc_value *value, double wanted)
{
    assert_int_equal(value->form, FC_FORM_NUMBER);
    if (value->number != wanted)
        fail_msg("%s: %.17g, not %.17g", value->path, value->number, wanted);
}
