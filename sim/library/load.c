/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include "base/text.h"
#include "fleetcast/scenario.h"
#include "scenario/scenario.h"
#include "scenario/sentences.h"
#include "scenario/tree_print.h"

/* What the scenario layer takes. */
static fc_scenario_options options_of(const fc_load_options *o)
{
    if (!o) return (fc_scenario_options){0};
    return (fc_scenario_options){.layers = {.data = o->data,
                                            .with = o->with,
                                            .with_count = o->n_with,
                                            .sets = o->sets,
                                            .sets_count = o->n_sets},
                                 .seed = o->seed};
}

int fc_load(const char *path, const fc_load_options *options, fc_diag *diag, fc_scenario **out)
{
    fc_scenario_options own = options_of(options);
    return fc_scenario_load(path, &own, diag, out);
}

int fc_load_text(const char *name, const char *text, size_t length, const fc_load_options *options,
                 fc_diag *diag, fc_scenario **out)
{
    fc_scenario_options own = options_of(options);
    return fc_scenario_load_text(name, text, length, &own, diag, out);
}

const char *fc_scenario_name(const fc_scenario *scenario)
{
    return scenario->name;
}

const char *fc_scenario_hash(const fc_scenario *scenario)
{
    return scenario->hash;
}

uint64_t fc_scenario_seed(const fc_scenario *scenario)
{
    return scenario->plan->seed;
}

uint32_t fc_scenario_replications(const fc_scenario *scenario)
{
    return (uint32_t)scenario->root.replications;
}

int fc_scenario_describe(const fc_scenario *scenario, fc_lang lang, char **out)
{
    fc_text text = FC_TEXT_EMPTY;
    *out = NULL;
    int ret = fc_scenario_sentences(scenario, lang, &text);
    if (!ret && !(*out = fc_text_take(&text))) ret = FC_E_NOMEM;
    fc_text_free(&text);
    return ret;
}

/* Closes the stream of a text in memory and hands the text over. */
static int finish(int ret, FILE *stream, char **text, char **out)
{
    if (!ret && ferror(stream)) ret = FC_E_NOMEM;
    if (fclose(stream) && !ret) ret = FC_E_NOMEM;
    if (ret)
        free(*text);
    else
        *out = *text;
    return ret;
}

int fc_scenario_resolved(const fc_scenario *scenario, fc_lang lang, char **out)
{
    char *text = NULL;
    size_t length;
    *out = NULL;
    FILE *stream = open_memstream(&text, &length);
    if (!stream) return FC_E_NOMEM;
    return finish(fc_tree_print_resolved(scenario->tree, stream, lang), stream, &text, out);
}

int fc_scenario_difference(const fc_scenario *from, const fc_scenario *to, char **out)
{
    char *text = NULL;
    size_t length;
    *out = NULL;
    FILE *stream = open_memstream(&text, &length);
    if (!stream) return FC_E_NOMEM;
    return finish(fc_tree_diff(from->tree, to->tree, stream, NULL), stream, &text, out);
}
