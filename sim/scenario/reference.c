/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/reference.h"

#include <stdio.h>
#include <string.h>
#include "fleetcast/error.h"
#include "scenario/experiment_file.h"
#include "scenario/key_text.h"
#include "scenario/reference_intro.h"
#include "fleetcast/scenario.h"

enum { PATH_TEXT = 256 };

/* ---- the small tables ------------------------------------------------------------------------ */

static void add_distributions(fc_text *out)
{
    fc_text_add(out, "\n## Distributions by name\n\n"
                     "Parameters without a unit are plain numbers; the bounds of `normal` may be "
                     "left out, and of a date its `sd` is a duration.\n\n| name | parameters |\n| "
                     "--- | --- |\n");
    for (int kind = 0; kind < FC_DIST_KINDS; kind++) {
        const fc_distribution_form *form = fc_distribution_form_of((fc_distribution_kind)kind);
        if (!fc_form_has_name(form)) continue;
        fc_text_printf(out, "| `%s` | ", form->name);
        for (unsigned i = 0; i < form->count; i++)
            fc_text_printf(out, "%s`%s`%s", i ? ", " : "", form->parameter[i].name,
                           form->parameter[i].has_unit ? "" : " (no unit)");
        fc_text_add(out, " |\n");
    }
}

static void mark_kinds(const fc_section *section, bool used[FC_DIM_LIMIT])
{
    for (const fc_key *key = section->keys; key->name; key++) {
        if (key->type == FC_K_VALUE) used[key->want.dim] = true;
        if (key->type == FC_K_SECTION || key->type == FC_K_NAMED) mark_kinds(key->section, used);
    }
}

static void add_units(fc_text *out)
{
    bool used[FC_DIM_LIMIT] = {false};
    mark_kinds(&fc_section_root, used);
    fc_text_add(out, "\n## Units\n\n`XXX` is a currency's code, such as KRW or USD.\n\n"
                     "| kind | for example | units | 종류 |\n| --- | --- | --- | --- |\n");
    for (int dim = 0; dim < FC_DIM_LIMIT; dim++)
        if (used[dim])
            fc_text_printf(out, "| %s | `%s` | %s | %s |\n", fc_dim_name((fc_dim)dim, FC_LANG_EN),
                           fc_unit_example((fc_dim)dim), fc_unit_list((fc_dim)dim),
                           fc_dim_name((fc_dim)dim, FC_LANG_KO));
}

static void add_remarks(fc_text *out)
{
    fc_text_add(out, "\n## Remarks\n\nBeside any value, and in any map of fixed keys.\n\n"
                     "| key | takes | meaning | 뜻 |\n| --- | --- | --- | --- |\n");
    for (const fc_key *key = fc_remark_keys; key->name; key++) {
        fc_text_printf(out, "| `%s` | ", key->name);
        fc_key_add_kind(key, out);
        fc_text_printf(out, " | %s | %s |\n", key->en, key->ko);
    }
}

/* ---- the keys ---------------------------------------------------------------------------------
 */

/* "unknown, varies, steps, linear" */
static void add_forms(const fc_key *key, fc_text *out)
{
    static const struct {
        unsigned flag;
        const char *word;
    } forms[] = {{FC_MAY_UNKNOWN, "unknown"},
                 {FC_MAY_VARY, "varies"},
                 {FC_MAY_STEP, "steps"},
                 {FC_MAY_LINEAR, "linear"}};
    bool any = false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!(key->may & forms[i].flag)) continue;
        fc_text_printf(out, "%s%s", any ? ", " : "", forms[i].word);
        any = true;
    }
}

static void add_key(const fc_key *key, fc_text *out)
{
    fc_text_printf(out, "| `%s` | ", key->name);
    fc_key_add_kind(key, out);
    if (key->min < key->max) fc_text_add(out, ", ");
    fc_key_add_limits(key, out);
    fc_text_add(out, " | ");
    add_forms(key, out);
    fc_text_add(out, " | ");
    if (key->may & FC_MAY_CHANGE) fc_text_add(out, fc_in_progress_names[key->in_progress]);
    if (key->required)
        fc_text_add(out, " | required");
    else if (key->fallback)
        fc_text_printf(out, " | `%s`", key->fallback);
    else
        fc_text_add(out, " | ");
    fc_text_printf(out, " | %s | %s |\n", key->en, key->ko);
}

/* A section and those within it, each under the path where it stands. */
static void add_section(const fc_section *section, const char *path, fc_text *out)
{
    fc_text_printf(out, "\n### %s\n\n%s. %s.\n\n", *path ? path : "The file", section->en,
                   section->ko);
    fc_text_add(out, "| key | takes | may be | may change | default | meaning | 뜻 |\n"
                     "| --- | --- | --- | --- | --- | --- | --- |\n");
    for (const fc_key *key = section->keys; key->name; key++) add_key(key, out);
    for (const fc_key *key = section->keys; key->name; key++) {
        if (key->type != FC_K_SECTION && key->type != FC_K_NAMED) continue;
        char inner[PATH_TEXT];
        snprintf(inner, sizeof inner, "%s%s%s%s", path, *path ? "." : "", key->name,
                 key->type == FC_K_NAMED ? ".NAME" : "");
        add_section(key->section, inner, out);
    }
}

int fc_scenario_reference(fc_text *out)
{
    fc_text_add(out, fc_reference_opening);
    fc_text_printf(out, "```yaml\n%s```\n", fc_scenario_starter(FC_LANG_EN));
    fc_text_add(out, fc_reference_language);
    add_distributions(out);
    add_units(out);
    add_remarks(out);
    fc_text_add(out,
                "\n## Keys\n\n"
                "*May be*: besides one quantity it may be unknown, vary, or be a calendar path "
                "of steps or straight lines. *May change*: shocks and policies with a date may "
                "change it; the word says what happens to work under way unless "
                "`in_progress:` says otherwise. NAME is a name of your own: letters, digits, "
                "`-` and `_`.\n");
    add_section(&fc_section_root, "", out);
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}

int fc_experiment_reference(fc_text *out)
{
    fc_text_add(out, "# Experiment reference\n\nThe keys of the files that `fleetcast sweep` runs, "
                     "made by `fleetcast schema --experiment --markdown` from the key table. "
                     "[Experiments](experiments.md) tells what they are for; quantities, dates and "
                     "distributions are written as in [scenarios](scenario-reference.md). NAME is "
                     "a name of your own.\n");
    add_section(&fc_section_experiment, "", out);
    return fc_text_failed(out) ? FC_E_NOMEM : FC_OK;
}
