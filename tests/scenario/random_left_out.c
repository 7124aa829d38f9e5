/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_writer.h"

#include <string.h>

bool random_scenario_lacks(const fc_section *section, const fc_key *key)
{
    static const struct {
        const char *section, *key;
    } lacks[] = {
        {"world", "export_rules"},
        {"world", "grid_rules"},
        {"fleet", "allotments"},
        {"fleet", "staff"},
        {"programme", "tender"},
        {"programme", "fallback"},
        {"programme", "mix_by"},
        {"programme", "mix_by_order_year"},
        {"order", "targets"},
        {"order", "spares"},
        {"order", "when"},
        {"phase", "permit"},
        {"phase", "cancelled"},
        {"site", "kind"},
        {"site", "grid"},
        {"site", "available"},
        {"site", "cooling"},
        {"site", "rack_limit"},
        {"site", "racks"},
        {"accelerator", "needs"},
        {"accelerator", "servers_per_rack"},
    };
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++)
        if (strcmp(section->id, lacks[i].section) == 0 && strcmp(key->name, lacks[i].key) == 0)
            return true;
    return false;
}

/* A term lasts so long, or ends on a date; some of its keys are for renewals only. */
static bool is_of_term(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "lasts") == 0) return w->lasts = writer_below(w, 2);
    if (strcmp(key->name, "ends") == 0) return !w->lasts;
    if (strcmp(key->name, "then") == 0) return true;
    return w->renews && writer_below(w, 3) > 0;
}

/* Only money that is not there shuts anything. */
static bool is_of_running_cost(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "arrears") == 0) {
        w->shuts = writer_below(w, 2);
        return w->shuts;
    }
    if (strcmp(key->name, "arrears_limit") == 0) return w->shuts;
    return strcmp(key->name, "funded") == 0 || writer_below(w, 3) > 0;
}

/* Keys of upkeep that need, or exclude, one another. */
static bool is_of_upkeep(writer *w, const fc_key *key)
{
    const char *name = key->name;
    if (strcmp(name, "failure_by_age") == 0) return w->ages = writer_below(w, 3) == 0;
    if (strcmp(name, "repaired_as") == 0) return w->ages && writer_below(w, 2);
    if (strcmp(name, "scrapped") == 0) return w->scraps = writer_below(w, 2);
    if (strcmp(name, "replacement") == 0) return w->scraps;
    if (strcmp(name, "spares") == 0) return w->spares = writer_below(w, 3) == 0;
    if (strcmp(name, "swap_time") == 0) return w->spares && writer_below(w, 2);
    if (strcmp(name, "exact_up_to") == 0) return !w->ages && !w->spares && writer_below(w, 2);
    return writer_below(w, 3) > 0;
}

/* What an order rule reads. */
static bool is_of_order(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "quantity") == 0) return w->rule == FC_RULE_SCHEDULE;
    if (strcmp(key->name, "replaces") == 0) return w->rule == FC_RULE_REFRESH;
    if (strcmp(key->name, "margin") == 0 && w->rule != FC_RULE_REFRESH) return false;
    return writer_below(w, 3) > 0;
}

/* A budget rate is of a price of one's own, owed in dollars and paid in one other currency. */
static bool is_of_exposure(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "in_dollars") == 0) return w->in_dollars = writer_below(w, 3) > 0;
    if (strcmp(key->name, "budget_rate") == 0)
        return w->priced && w->in_dollars && w->paid_in && strcmp(w->paid_in, "USD") != 0;
    return writer_below(w, 3) > 0;
}

/* What the key table cannot say of keys that exclude or need one another. */
bool random_left_out(writer *w, const fc_section *section, const fc_key *key)
{
    if (random_scenario_lacks(section, key)) return true;
    if (random_is_of_demand(section)) return random_demand_left_out(w, section, key);
    if (key->section == &fc_section_demand) return !w->demand[w->fleet].any;
    if (strcmp(key->name, "load_from") == 0) return !w->demand[w->fleet].loads;
    if (strstr(section->id, "electricity") && strcmp(key->name, "load") == 0 &&
        w->demand[w->fleet].loads)
        return true;
    if (strcmp(section->id, "budget") == 0) {
        if (strcmp(key->name, "amount") == 0) return w->requests;
        if (strcmp(key->name, "requested") == 0) return !w->requests;
        if (strcmp(key->name, "requested_on") == 0) return !w->requests || writer_below(w, 2);
        if (strcmp(key->name, "cut") == 0 && !w->requests) return true;
    }
    if (strcmp(section->id, "lines") == 0 && strcmp(key->name, "gpu") == 0) return false;
    if (strcmp(section->id, "site") == 0 &&
        (strcmp(key->name, "pays_from") == 0 || strcmp(key->name, "cost") == 0))
        return !w->builds;
    if (key->type == FC_K_MIX) return false; /* needed where there are no mixes by year */
    if (key->type == FC_K_NAMED) return writer_count(w, key->section->entity) == 0;
    if (key->type == FC_K_CHANGES) return true;
    if (key->target != FC_ENTITY_NONE && writer_count(w, key->target) == 0) return true;
    if (strcmp(section->id, "order") == 0) return !is_of_order(w, key);
    if (strcmp(section->id, "exposure") == 0) return !is_of_exposure(w, key);
    if (strcmp(section->id, "programme") == 0 && strcmp(key->name, "price") == 0)
        return !(w->priced = writer_below(w, 3) > 0);
    if (strcmp(section->id, "accelerator") == 0 && strcmp(key->name, "price") == 0) return false;
    if (strcmp(section->id, "programme.term") == 0) return !is_of_term(w, key);
    if (strcmp(section->id, "carbon") == 0 || strstr(section->id, "ppa")) return false;
    if (strcmp(section->id, "tariff") == 0 && strcmp(key->name, "energy") == 0) return false;
    if (strcmp(section->id, "running_cost") == 0) return !is_of_running_cost(w, key);
    if (strcmp(section->id, "upkeep") == 0) return !is_of_upkeep(w, key);
    return !key->required && writer_below(w, 3) == 0;
}
