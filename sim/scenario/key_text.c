/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/key_text.h"

#include <string.h>
#include "scenario/quantity.h"

bool fc_form_has_name(const fc_distribution_form *form)
{
    return form->count > 0 && !strchr(form->name, '/');
}

fc_dim fc_form_parameter_dim(const char *parameter, fc_dim dim)
{
    return dim == FC_DIM_DATE && strcmp(parameter, "sd") == 0 ? FC_DIM_DURATION : dim;
}

const char *fc_entity_plural(fc_entity entity)
{
    static const char *const names[FC_N_ENTITIES] = {
        [FC_ENTITY_NONE] = "",
        [FC_ENTITY_CURRENCY] = "currencies",
        [FC_ENTITY_ACCELERATOR] = "accelerators",
        [FC_ENTITY_GRID_RULE] = "grid_rules",
        [FC_ENTITY_EXPORT_RULE] = "export_rules",
        [FC_ENTITY_TARIFF] = "tariffs",
        [FC_ENTITY_FLEET] = "fleets",
        [FC_ENTITY_STOCK] = "stock",
        [FC_ENTITY_BUDGET] = "budgets",
        [FC_ENTITY_PROGRAMME] = "programmes",
        [FC_ENTITY_SITE] = "sites",
        [FC_ENTITY_PHASE] = "phases",
        [FC_ENTITY_TARGET] = "targets",
        [FC_ENTITY_ALLOTMENT] = "allotments",
        [FC_ENTITY_POOL] = "pools",
        [FC_ENTITY_CLASS] = "classes",
        [FC_ENTITY_SERVICE] = "services",
        [FC_ENTITY_CALL] = "calls",
        [FC_ENTITY_DRIVER] = "policies",
    };
    return names[entity];
}

static void add_choices(const fc_key *key, fc_text *out)
{
    fc_text_add(out, "one of ");
    for (size_t i = 0; key->choices[i]; i++)
        fc_text_printf(out, "%s`%s`", i ? ", " : "", key->choices[i]);
}

static void add_quantity_kind(const fc_unit_want *want, fc_text *out)
{
    if (want->dim == FC_DIM_COUNT && want->item != FC_ITEM_ANY)
        fc_text_printf(out, "a number of %s", fc_item_name(want->item, FC_LANG_EN));
    else if (want->dim == FC_DIM_ITEM_PRICE && want->item == FC_ITEM_GPU)
        fc_text_add(out, "a price of one accelerator");
    else if (want->dim == FC_DIM_RATE && want->item == FC_ITEM_SERVER)
        fc_text_add(out, "a rate per server");
    else
        fc_text_add(out, fc_dim_name(want->dim, FC_LANG_EN));
}

void fc_key_add_kind(const fc_key *key, fc_text *out)
{
    switch (key->type) {
    case FC_K_SECTION:
        fc_text_add(out, "a map of keys");
        break;
    case FC_K_NAMED:
        fc_text_add(out, "a map of names");
        break;
    case FC_K_TEXT:
        fc_text_add(out, "a text");
        break;
    case FC_K_TEXTS:
        fc_text_add(out, "a text, or `{en: ..., ko: ...}`");
        break;
    case FC_K_WHOLE:
        fc_text_add(out, "a whole number");
        break;
    case FC_K_DAY:
        fc_text_add(out, "a date");
        break;
    case FC_K_CHOICE:
        add_choices(key, out);
        break;
    case FC_K_VALUE:
        if (key->choices)
            add_choices(key, out);
        else
            add_quantity_kind(&key->want, out);
        break;
    case FC_K_REF:
        fc_text_printf(out, "a name among the %s", fc_entity_plural(key->target));
        break;
    case FC_K_REFS:
        fc_text_printf(out, "a list of names among the %s", fc_entity_plural(key->target));
        break;
    case FC_K_MIX:
        fc_text_add(out, "`{accelerator: share}`, in all 100 %");
        break;
    case FC_K_MIXES:
        fc_text_add(out, "`{year: {accelerator: share}}`, in all 100 % a year");
        break;
    case FC_K_FACTORS:
        fc_text_add(out, "`{accelerator: ");
        add_quantity_kind(&key->want, out);
        fc_text_add(out, "}`");
        break;
    case FC_K_AGES:
        fc_text_add(out, "`{age: factor}`, the first age 0");
        break;
    case FC_K_PROFILE:
        fc_text_printf(out, "a list of %.0f shares, in all 100 %%", key->max);
        break;
    case FC_K_DAYS:
        fc_text_add(out, "a list of dates");
        break;
    case FC_K_MONTHS:
        fc_text_add(out, "months as `6-8`, or a list of such spans");
        break;
    case FC_K_HOURS:
        fc_text_add(out, "hours as `9-12`, or a list of such spans");
        break;
    case FC_K_CHANGES:
        fc_text_add(out, "`{path: value}`");
        break;
    case FC_K_NAMES:
        fc_text_add(out, "a list of names");
        break;
    case FC_K_CORRELATIONS:
        fc_text_add(out, "a list of `{between: [path, path], correlation: number}`");
        break;
    case FC_K_ANY:
        fc_text_add(out, "what the factor's key takes");
        break;
    case FC_K_ANYS:
        fc_text_add(out, "a list of what the factor's key takes");
        break;
    }
}

static void add_limit(const fc_key *key, double limit, fc_text *out)
{
    bool currency = strstr(fc_dim_base(key->want.dim), "XXX") != NULL;
    fc_quantity q = {.value = limit, .last = limit, .dim = key->want.dim, .item = key->want.item};
    if (key->type == FC_K_VALUE && !currency)
        fc_quantity_format(&q, FC_FIGURES_EXACT, FC_LANG_EN, out);
    else
        fc_text_printf(out, "%.16g", limit);
}

void fc_key_add_limits(const fc_key *key, fc_text *out)
{
    if (!(key->min < key->max)) return;
    add_limit(key, key->min, out);
    fc_text_add(out, " to ");
    add_limit(key, key->max, out);
}
