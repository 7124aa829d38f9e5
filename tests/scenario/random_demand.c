/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_writer.h"

#include <string.h>

static int *count(writer *w, int fleet, fc_entity kind)
{
    return &w->count[kind][fleet];
}

/* Calls give the first pool out, or the whole fleet where there are no pools: nobody else then has
 * it. */
void random_decide_demand(writer *w)
{
    for (int f = 0; f < MOST_FLEETS; f++) {
        random_demand *d = &w->demand[f];
        d->any = writer_below(w, 3) == 0;
        d->loads = d->any && writer_below(w, 3) == 0;
        if (d->any && *count(w, f, FC_ENTITY_STOCK) == 0) /* something to run on, soon */
            *count(w, f, FC_ENTITY_STOCK) = 1;
        d->detail = (fc_detail)writer_below(w, FC_DETAIL_WINDOWS + 1);
        *count(w, f, FC_ENTITY_POOL) = writer_below(w, 3);
        *count(w, f, FC_ENTITY_CALL) = writer_below(w, 3);
        bool free = *count(w, f, FC_ENTITY_CALL) == 0 || *count(w, f, FC_ENTITY_POOL) > 1;
        *count(w, f, FC_ENTITY_SERVICE) = free ? writer_below(w, 3) : 0;
        bool services = *count(w, f, FC_ENTITY_SERVICE) > 0;
        *count(w, f, FC_ENTITY_CLASS) = services ? writer_below(w, 3) : 1 + writer_below(w, 2);
    }
}

const char *random_end(const writer *w)
{
    bool any = false;
    for (int f = 0; f < w->count[FC_ENTITY_FLEET][0]; f++) any |= w->demand[f].any;
    return any ? "2026-04-01" : "2028-01-01";
}

bool random_is_of_demand(const fc_section *section)
{
    static const char *const ids[] = {"demand",       "windows", "work_per_result", "pool",
                                      "frontier_run", "call",    "reclaim",         "class",
                                      "grant_jobs",   "service"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(section->id, ids[i]) == 0) return true;
    return false;
}

int random_demand_pool(writer *w, const fc_section *section)
{
    int pools = writer_count(w, FC_ENTITY_POOL);
    if (section == &fc_section_call) return 0;
    if (writer_count(w, FC_ENTITY_CALL) > 0) return 1 + writer_below(w, pools - 1);
    return writer_below(w, pools);
}

/* The first keys of a class decide which of the rest it has. */
static bool is_of_class(writer *w, random_demand *d, const char *name)
{
    static const char *const of_queues[] = {"estimate", "checkpoint", "share", "quota"};
    int calls = writer_count(w, FC_ENTITY_CALL), pools = writer_count(w, FC_ENTITY_POOL);
    bool often = writer_below(w, 3) > 0;

    if (strcmp(name, "pool") == 0) {
        d->applies = calls > 0 && (pools < 2 || writer_below(w, 2));
        d->abroad = d->uses = d->told_apart = false;
        return pools > 0 && !d->applies;
    }
    if (strcmp(name, "access") == 0) return d->applies;
    if (strcmp(name, "duration") == 0) return !d->applies;
    if (strcmp(name, "patience") == 0) return d->patient = often;
    if (strcmp(name, "offshore_price") == 0) return d->abroad && often;
    if (strcmp(name, "use") == 0) return d->uses = d->applies && writer_below(w, 2);
    if (strcmp(name, "jobs") == 0) return d->applies && !d->uses && often;
    if (strcmp(name, "users") == 0) return d->told_apart = often;
    if (strcmp(name, "skew") == 0) return d->told_apart && often;
    for (size_t i = 0; i < sizeof of_queues / sizeof *of_queues; i++)
        if (strcmp(name, of_queues[i]) == 0) return !d->applies && often;
    return often;
}

static bool is_of_service(writer *w, random_demand *d, const char *name)
{
    bool often = writer_below(w, 3) > 0;

    if (strcmp(name, "pool") == 0) {
        d->abroad = d->speeds = false;
        return writer_count(w, FC_ENTITY_POOL) > 0;
    }
    if (strcmp(name, "relative_speed") == 0) return d->speeds = often;
    if (strcmp(name, "models") == 0) return !d->speeds && often; /* those with a speed, or all */
    if (strcmp(name, "offshore_price") == 0) return d->abroad && often;
    return often;
}

static bool is_of_call(writer *w, random_demand *d, const char *name)
{
    bool often = writer_below(w, 3) > 0;

    if (strcmp(name, "pool") == 0) {
        d->scores = true;
        return writer_count(w, FC_ENTITY_POOL) > 0;
    }
    if (strcmp(name, "rounds") == 0) return d->listed = !often;
    if (strcmp(name, "closes") == 0 || strcmp(name, "every") == 0) return !d->listed;
    if (strcmp(name, "regional_bonus") == 0) return d->scores && often;
    if (strcmp(name, "price") == 0) return d->pays = often;
    if (strcmp(name, "co_payment") == 0) return d->pays;
    return often;
}

bool random_demand_left_out(writer *w, const fc_section *section, const fc_key *key)
{
    random_demand *d = &w->demand[w->fleet];

    if (key->type == FC_K_NAMED) return writer_count(w, key->section->entity) == 0;
    if (strcmp(key->name, "detail") == 0) return false;
    if (strcmp(key->name, "windows") == 0) return d->detail != FC_DETAIL_WINDOWS;
    if (section == &fc_section_class && !key->required) return !is_of_class(w, d, key->name);
    if (section == &fc_section_service && !key->required) return !is_of_service(w, d, key->name);
    if (section == &fc_section_call && !key->required) return !is_of_call(w, d, key->name);
    return !key->required && writer_below(w, 3) == 0;
}

int random_demand_choice(writer *w, const fc_section *section, const fc_key *key, int chosen)
{
    random_demand *d = &w->demand[w->fleet];

    if (strcmp(key->name, "detail") == 0) return (int)d->detail;
    if (strcmp(key->name, "order") == 0) d->scores = chosen == FC_CALL_SCORE;
    if (strcmp(key->name, "offshore") != 0) return chosen;
    if (section == &fc_section_class) {
        if (!d->patient) chosen = FC_LEAVES_NEVER_RUN;
        if (d->applies && chosen == FC_LEAVES_AT_ARRIVAL) chosen = FC_LEAVES_OFFSHORE;
        d->abroad = chosen != FC_LEAVES_NEVER_RUN;
    } else {
        d->abroad = chosen != FC_OVERFLOW_UNSERVED;
    }
    return chosen;
}

/* Twentieths, dealt out. */
void random_profile(writer *w, const fc_key *key)
{
    int percent[FC_HOURS] = {0}, n = (int)key->max;

    for (int i = 0; i < 20; i++) percent[writer_below(w, n)] += 5;
    for (int i = 0; i < n; i++) fc_text_printf(w->out, "%s%d %%", i ? ", " : " [", percent[i]);
    fc_text_add(w->out, "]\n");
}
