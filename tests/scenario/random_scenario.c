/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_scenario.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "random_value.h"

enum { PATH = 160, MOST_VALUES = 1500, MOST_FLEETS = 2, MOST_CHANGES = 8 };

/* A value that was written, for those that refer to it. */
typedef struct written {
    char path[PATH];
    char pattern[PATH]; /* the same with wildcards; "" if others may lack the key */
    char region[PATH];  /* the same with a region; "" */
    random_want want;
    fc_form form;
} written;

typedef struct writer {
    fc_stream stream;
    fc_text *out;
    int count[FC_N_ENTITIES][MOST_FLEETS]; /* of the world: in column 0 */
    written values[MOST_VALUES];
    int n_values;
    int fleet;                 /* being written */
    bool in_driver;            /* what is being written is no value that others may refer to */
    bool lasts, renews;        /* the term being written */
    bool ages, scraps, spares; /* the upkeep being written */
    bool shuts;                /* what arrears of the fleet being written do */
    fc_order_rule rule;        /* of the programme being written */
    bool priced, in_dollars;   /* it has a price of its own, and owes some of it in dollars */
    const char *paid_in;       /* currency of all its budgets; NULL: they differ */
    const char *budgets[MOST_FLEETS][8]; /* their currencies */
    const char *money;                   /* currency of the entity being written */
    bool requests; /* the budget being written says what was requested, not the amount */
    bool builds;   /* the site being written is built with money of budgets */
    const char *region;
} writer;

static const char *const regions[] = {"[region=north]", "[region=south]"};
static const char *const currencies[] = {"USD", "KRW", "EUR"};

static int below(writer *w, int n)
{
    return random_below(&w->stream, n);
}

/* Where one stands: in the text and in the tree. */
typedef struct place {
    int indent;
    char path[PATH], pattern[PATH], region[PATH];
} place;

static void append(char path[PATH], const char *name)
{
    size_t n = strlen(path);
    int needed = snprintf(path + n, PATH - n, "%s%s", n ? "." : "", name);
    assert(needed >= 0 && (size_t)needed < PATH - n);
    (void)needed;
}

static place below_key(const place *at, const char *name)
{
    place p = *at;
    p.indent += 2;
    append(p.path, name);
    append(p.pattern, name);
    append(p.region, name);
    return p;
}

static void begin_line(writer *w, int indent, const char *name)
{
    fc_text_printf(w->out, "%*s%s:", indent, "", name);
}

/* ---- names ---------------------------------------------------------------------------------- */

/* How the i-th entity of a kind is called. */
static const char *name_of(fc_entity kind, int i, char buffer[32])
{
    static const char *const stems[FC_N_ENTITIES] = {
        [FC_ENTITY_ACCELERATOR] = "gpu", [FC_ENTITY_FLEET] = "fleet",
        [FC_ENTITY_STOCK] = "stock",     [FC_ENTITY_BUDGET] = "budget",
        [FC_ENTITY_PROGRAMME] = "prog",  [FC_ENTITY_SITE] = "site",
        [FC_ENTITY_PHASE] = "phase",     [FC_ENTITY_TARGET] = "target",
        [FC_ENTITY_DRIVER] = "driver",   [FC_ENTITY_TARIFF] = "tariff"};
    if (kind == FC_ENTITY_CURRENCY) return currencies[i + 1];
    if (kind == FC_ENTITY_ACCELERATOR && i == 0) return "h100";
    snprintf(buffer, 32, "%s-%d", stems[kind], i);
    return buffer;
}

static int count_of(const writer *w, fc_entity kind)
{
    bool shared = kind == FC_ENTITY_ACCELERATOR || kind == FC_ENTITY_CURRENCY ||
                  kind == FC_ENTITY_FLEET || kind == FC_ENTITY_TARIFF;
    return w->count[kind][shared ? 0 : w->fleet];
}

static void decide_counts(writer *w)
{
    w->count[FC_ENTITY_CURRENCY][0] = 2;
    w->count[FC_ENTITY_ACCELERATOR][0] = 1 + below(w, 3);
    w->count[FC_ENTITY_TARIFF][0] = 1 + below(w, 3);
    w->count[FC_ENTITY_FLEET][0] = 1 + below(w, MOST_FLEETS);
    for (int f = 0; f < MOST_FLEETS; f++) {
        w->count[FC_ENTITY_STOCK][f] = below(w, 3);
        w->count[FC_ENTITY_BUDGET][f] = 1 + below(w, 3);
        w->count[FC_ENTITY_PROGRAMME][f] = 1 + below(w, 3);
        w->count[FC_ENTITY_SITE][f] = below(w, 3);
        w->count[FC_ENTITY_PHASE][f] = 1 + below(w, 3); /* each site has as many */
        w->count[FC_ENTITY_TARGET][f] = below(w, 3);
    }
}

static const char *pick_currency(writer *w)
{
    return currencies[below(w, 3)];
}

/* ---- values --------------------------------------------------------------------------------- */

/* {same_as: } one written before, if there is one of the same key. */
static bool write_alias(writer *w, const written *value)
{
    if (value->want.key->want.dim == FC_DIM_EXCHANGE) return false; /* each of another currency */
    for (int i = 0; i < w->n_values; i++) {
        const written *other = &w->values[i];
        if (other->want.key != value->want.key) continue;
        /* Amounts of one budget are in one currency. */
        if (value->want.key->want.dim == FC_DIM_MONEY && other->want.currency != w->money) continue;
        fc_text_printf(w->out, "{same_as: %s}", other->path);
        return true;
    }
    return false;
}

static void remember(writer *w, const place *at, written *value)
{
    assert(w->n_values < MOST_VALUES);
    bool everywhere = value->want.key->required || value->want.key->fallback;
    if (strcmp(value->want.section, "ahead") == 0) everywhere = false; /* not of every budget */
    snprintf(value->path, PATH, "%s", at->path);
    if (everywhere && strcmp(at->path, at->pattern) != 0)
        snprintf(value->pattern, PATH, "%s", at->pattern);
    if (everywhere && strcmp(at->path, at->region) != 0)
        snprintf(value->region, PATH, "%s", at->region);
    w->values[w->n_values++] = *value;
}

/* Only a value of its own may be referred to by another. */
static void write_value(writer *w, const fc_section *section, const fc_key *key, const place *at)
{
    bool rate = strcmp(key->name, "budget_rate") == 0;
    written value = {
        .want = {.key = key, .section = section->id, .currency = rate ? w->paid_in : w->money}};
    fc_text_add(w->out, " ");
    if (!w->in_driver && below(w, 15) == 0 && write_alias(w, &value)) {
        fc_text_add(w->out, "\n");
        return;
    }
    value.form = random_value(&w->stream, &value.want, key->may, w->out);
    fc_text_add(w->out, "\n");
    if (!w->in_driver) remember(w, at, &value);
}

/* ---- references ----------------------------------------------------------------------------- */

/* Some of n, in any order: at least one, at most `most`. */
static int choose(writer *w, int n, int most, int chosen[8])
{
    int all[8], k = 1 + below(w, n < most ? n : most);
    assert(n <= 8);
    for (int i = 0; i < n; i++) all[i] = i;
    for (int i = 0; i < k; i++) {
        int j = i + below(w, n - i), swap = all[i];
        all[i] = all[j];
        all[j] = swap;
        chosen[i] = all[i];
    }
    return k;
}

static void write_names(writer *w, fc_entity kind)
{
    int chosen[8] = {0}, n = choose(w, count_of(w, kind), 3, chosen);
    char name[32];
    fc_text_add(w->out, " [");
    for (int i = 0; i < n; i++)
        fc_text_printf(w->out, "%s%s", i ? ", " : "", name_of(kind, chosen[i], name));
    fc_text_add(w->out, "]\n");
    if (kind != FC_ENTITY_BUDGET) return;
    w->paid_in = w->budgets[w->fleet][chosen[0]];
    for (int i = 1; i < n; i++)
        if (w->budgets[w->fleet][chosen[i]] != w->paid_in) w->paid_in = NULL;
}

static void write_mix(writer *w)
{
    int chosen[8], n = choose(w, count_of(w, FC_ENTITY_ACCELERATOR), 3, chosen), left = 100;
    char name[32];
    fc_text_add(w->out, " {");
    for (int i = 0; i < n; i++) {
        int share = i + 1 < n ? below(w, left + 1) : left;
        left -= share;
        fc_text_printf(w->out, "%s%s: %d %%", i ? ", " : "",
                       name_of(FC_ENTITY_ACCELERATOR, chosen[i], name), share);
    }
    fc_text_add(w->out, "}\n");
}

static void write_factors(writer *w, const fc_key *key)
{
    int chosen[8], n = choose(w, count_of(w, FC_ENTITY_ACCELERATOR), 3, chosen);
    random_want want = {.key = key};
    char name[32];
    fc_text_add(w->out, " {");
    for (int i = 0; i < n; i++) {
        fc_text_printf(w->out, "%s%s: ", i ? ", " : "",
                       name_of(FC_ENTITY_ACCELERATOR, chosen[i], name));
        random_value(&w->stream, &want, key->may, w->out);
    }
    fc_text_add(w->out, "}\n");
}

static void write_reviews(writer *w)
{
    fc_text_add(w->out, " [2025-07-01");
    if (below(w, 2)) fc_text_add(w->out, ", 2026-Q2");
    if (below(w, 2)) fc_text_add(w->out, ", 2026-11-15");
    fc_text_add(w->out, "]\n");
}

/* ---- sections ------------------------------------------------------------------------------- */

static void write_section(writer *w, const fc_section *section, const place *at);

bool random_scenario_lacks(const fc_section *section, const fc_key *key)
{
    static const struct {
        const char *section, *key;
    } lacks[] = {
        {"world", "export_rules"}, {"world", "grid_rules"},
        {"fleet", "allotments"},   {"fleet", "staff"},
        {"fleet", "demand"},       {"electricity", "load_from"}, /* as it goes with demand */
        {"programme", "tender"},   {"programme", "fallback"},
        {"programme", "mix_by"},   {"programme", "mix_by_order_year"},
        {"order", "targets"},      {"order", "spares"},
        {"order", "when"},         {"order", "margin"},
        {"phase", "permit"},       {"phase", "cancelled"},
        {"site", "kind"},          {"site", "grid"},
        {"site", "available"},     {"site", "cooling"},
        {"site", "rack_limit"},    {"site", "racks"},
        {"accelerator", "needs"},  {"accelerator", "servers_per_rack"},
    };
    for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++)
        if (strcmp(section->id, lacks[i].section) == 0 && strcmp(key->name, lacks[i].key) == 0)
            return true;
    return false;
}

/* A term lasts so long, or ends on a date; some of its keys are for renewals only. */
static bool is_of_term(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "lasts") == 0) return w->lasts = below(w, 2);
    if (strcmp(key->name, "ends") == 0) return !w->lasts;
    if (strcmp(key->name, "then") == 0) return true;
    return w->renews && below(w, 3) > 0;
}

/* Only money that is not there shuts anything. */
static bool is_of_running_cost(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "arrears") == 0) {
        w->shuts = below(w, 2);
        return w->shuts;
    }
    if (strcmp(key->name, "arrears_limit") == 0) return w->shuts;
    return strcmp(key->name, "funded") == 0 || below(w, 3) > 0;
}

/* Keys of upkeep that need, or exclude, one another. */
static bool is_of_upkeep(writer *w, const fc_key *key)
{
    const char *name = key->name;
    if (strcmp(name, "failure_by_age") == 0) return w->ages = below(w, 3) == 0;
    if (strcmp(name, "repaired_as") == 0) return w->ages && below(w, 2);
    if (strcmp(name, "scrapped") == 0) return w->scraps = below(w, 2);
    if (strcmp(name, "replacement") == 0) return w->scraps;
    if (strcmp(name, "spares") == 0) return w->spares = below(w, 3) == 0;
    if (strcmp(name, "swap_time") == 0) return w->spares && below(w, 2);
    if (strcmp(name, "exact_up_to") == 0) return !w->ages && !w->spares && below(w, 2);
    return below(w, 3) > 0;
}

/* What an order rule reads. */
static bool is_of_order(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "quantity") == 0) return w->rule == FC_RULE_SCHEDULE;
    if (strcmp(key->name, "replaces") == 0) return w->rule == FC_RULE_REFRESH;
    return below(w, 3) > 0;
}

/* A budget rate is of a price of one's own, owed in dollars and paid in one other currency. */
static bool is_of_exposure(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "in_dollars") == 0) return w->in_dollars = below(w, 3) > 0;
    if (strcmp(key->name, "budget_rate") == 0)
        return w->priced && w->in_dollars && w->paid_in && strcmp(w->paid_in, "USD") != 0;
    return below(w, 3) > 0;
}

/* What the key table cannot say of keys that exclude or need one another. */
static bool is_left_out(writer *w, const fc_section *section, const fc_key *key)
{
    if (random_scenario_lacks(section, key)) return true;
    if (strcmp(section->id, "budget") == 0) {
        if (strcmp(key->name, "amount") == 0) return w->requests;
        if (strcmp(key->name, "requested") == 0) return !w->requests;
        if (strcmp(key->name, "requested_on") == 0) return !w->requests || below(w, 2);
        if (strcmp(key->name, "cut") == 0 && !w->requests) return true;
    }
    if (strcmp(section->id, "lines") == 0 && strcmp(key->name, "gpu") == 0) return false;
    if (strcmp(section->id, "site") == 0 &&
        (strcmp(key->name, "pays_from") == 0 || strcmp(key->name, "cost") == 0))
        return !w->builds;
    if (key->type == FC_K_MIX) return false; /* needed where there are no mixes by year */
    if (key->type == FC_K_NAMED) return count_of(w, key->section->entity) == 0;
    if (key->type == FC_K_CHANGES) return true;
    if (key->target != FC_ENTITY_NONE && count_of(w, key->target) == 0) return true;
    if (strcmp(section->id, "order") == 0) return !is_of_order(w, key);
    if (strcmp(section->id, "exposure") == 0) return !is_of_exposure(w, key);
    if (strcmp(section->id, "programme") == 0 && strcmp(key->name, "price") == 0)
        return !(w->priced = below(w, 3) > 0);
    if (strcmp(section->id, "accelerator") == 0 && strcmp(key->name, "price") == 0) return false;
    if (strcmp(section->id, "programme.term") == 0) return !is_of_term(w, key);
    if (strcmp(section->id, "carbon") == 0 || strstr(section->id, "ppa")) return false;
    if (strcmp(section->id, "tariff") == 0 && strcmp(key->name, "energy") == 0) return false;
    if (strcmp(section->id, "running_cost") == 0) return !is_of_running_cost(w, key);
    if (strcmp(section->id, "upkeep") == 0) return !is_of_upkeep(w, key);
    return !key->required && below(w, 3) == 0;
}

/* Of summer and winter, and of mid-peak and peak hours, none overlaps. */
static void write_spans(writer *w, const fc_key *key, const place *at)
{
    if (strcmp(key->name, "mid_hours") == 0)
        fc_text_printf(w->out, " [%d-%d, 22-1]\n", 6 + below(w, 3), 9 + below(w, 3));
    else if (strcmp(key->name, "peak_hours") == 0)
        fc_text_printf(w->out, " %d-%d\n", 12 + below(w, 3), 15 + below(w, 6));
    else if (strstr(at->path, ".summer.") != NULL)
        fc_text_printf(w->out, " %d-%d\n", 5 + below(w, 3), 8 + below(w, 2));
    else if (strstr(at->path, ".winter.") != NULL)
        fc_text_printf(w->out, " [11, 12-%d]\n", 1 + below(w, 3));
    else
        fc_text_add(w->out, " [7-9, 12-2]\n");
}

static void write_choice(writer *w, const fc_key *key)
{
    bool rule = strcmp(key->name, "rule") == 0;
    int n = 0, chosen = 0;
    while (key->choices[n]) n++;
    if (strcmp(key->name, "counted_at") == 0) n = FC_ALLOCATED; /* there are no users */
    chosen = below(w, n);
    if (rule && chosen == FC_RULE_TO_TARGET) chosen = FC_RULE_SCHEDULE; /* it needs targets */
    if (strcmp(key->name, "arrears") == 0) chosen = FC_ARREARS_SHUT;
    if (rule) w->rule = (fc_order_rule)chosen;
    if (strcmp(key->name, "then") == 0) w->renews = chosen == FC_TERM_RENEW;
    fc_text_printf(w->out, " %s\n", key->choices[chosen]);
}

static void write_named(writer *w, const fc_key *key, const place *at)
{
    fc_entity kind = key->section->entity;
    char name[32];
    fc_text_add(w->out, "\n");
    for (int i = 0; i < count_of(w, kind); i++) {
        const char *called = name_of(kind, i, name);
        place in = below_key(at, called);
        if (kind == FC_ENTITY_FLEET) w->fleet = i;
        w->requests = below(w, 3) == 0;
        w->builds = below(w, 2) == 0;
        if (kind == FC_ENTITY_SITE) w->region = below(w, 2) ? regions[below(w, 2)] : NULL;
        /* A fleet is not selected by a wildcard: another may have no sites. */
        if (kind != FC_ENTITY_FLEET && kind != FC_ENTITY_CURRENCY) {
            memcpy(in.pattern, at->pattern, PATH);
            append(in.pattern, "*");
            if (kind == FC_ENTITY_SITE && w->region) {
                memcpy(in.region, at->region, PATH);
                append(in.region, "*");
                strncat(in.region, w->region, PATH - strlen(in.region) - 1);
            }
        }
        w->money = kind == FC_ENTITY_CURRENCY ? called : pick_currency(w);
        if (kind == FC_ENTITY_BUDGET) w->budgets[w->fleet][i] = w->money;
        begin_line(w, at->indent, called);
        fc_text_add(w->out, "\n");
        write_section(w, key->section, &in);
    }
}

static void write_text(writer *w, const fc_key *key)
{
    if (strcmp(key->name, "region") == 0)
        fc_text_printf(w->out, " %.5s\n", w->region + strlen("[region="));
    else if (key->type == FC_K_TEXTS)
        fc_text_add(w->out, " {en: \"Some, title\", ko: 제목}\n");
    else
        fc_text_add(w->out, " any text of it\n");
}

static void write_key(writer *w, const fc_section *section, const fc_key *key, const place *at)
{
    place in = below_key(at, key->name);
    char name[32];
    bool stocks = false;
    begin_line(w, at->indent, key->name);
    switch (key->type) {
    case FC_K_SECTION:
        w->rule = FC_RULE_SPEND; /* the default of `order` */
        fc_text_add(w->out, "\n");
        write_section(w, key->section, &in);
        return;
    case FC_K_NAMED:
        write_named(w, key, &in);
        return;
    case FC_K_CHOICE:
        write_choice(w, key);
        return;
    case FC_K_VALUE:
        write_value(w, section, key, &in);
        return;
    case FC_K_REF:
        fc_text_printf(w->out, " %s\n",
                       name_of(key->target, below(w, count_of(w, key->target)), name));
        return;
    case FC_K_REFS:
        write_names(w, key->target);
        return;
    case FC_K_MIX:
        write_mix(w);
        return;
    case FC_K_FACTORS:
        write_factors(w, key);
        return;
    case FC_K_AGES:
        fc_text_printf(w->out, " {0 days: %d, %d months: 1, 2 years: 1.5}\n",
                       random_below(&w->stream, 4), 7);
        return;
    case FC_K_WHOLE:
        fc_text_printf(w->out, " %d\n", (int)key->min + below(w, (int)(key->max - key->min) + 1));
        return;
    case FC_K_NAMES: /* a target's `includes` */
        stocks = count_of(w, FC_ENTITY_STOCK) > 0 && below(w, 3) == 0;
        write_names(w, stocks ? FC_ENTITY_STOCK : FC_ENTITY_PROGRAMME);
        return;
    case FC_K_MONTHS:
    case FC_K_HOURS:
        write_spans(w, key, &in);
        return;
    case FC_K_DAYS:
        write_reviews(w);
        return;
    default:
        write_text(w, key);
    }
}

/* An empty map would be a mistake: a remark is always possible. */
static void write_section(writer *w, const fc_section *section, const place *at)
{
    begin_line(w, at->indent, "note");
    fc_text_add(w->out, " at random\n");
    for (const fc_key *key = section->keys; key->name; key++) {
        bool region = strcmp(key->name, "region") == 0;
        if (region ? w->region != NULL : !is_left_out(w, section, key))
            write_key(w, section, key, at);
    }
}

/* ---- shocks and policies -------------------------------------------------------------------- */

/* Which text of a value's a change is filed under: its own path, or one that stands for several. */
static const char *selector_of(writer *w, const written *value, fc_change_op op, bool is_static)
{
    fc_dim dim = value->want.key->want.dim;
    bool money = dim == FC_DIM_MONEY || dim == FC_DIM_ITEM_PRICE || dim == FC_DIM_EXCHANGE ||
                 dim == FC_DIM_ENERGY_PRICE || dim == FC_DIM_DEMAND_PRICE ||
                 dim == FC_DIM_GPU_PRICE;
    /* Several may be in several currencies; what is set from the start must be there. */
    if (is_static || (money && op != FC_SCALE) || below(w, 3)) return value->path;
    if (value->region[0] && below(w, 2)) return value->region;
    return value->pattern[0] ? value->pattern : value->path;
}

static bool can_change(const written *value, fc_change_op op, bool is_static)
{
    if (is_static) return true;
    if (!(value->want.key->may & FC_MAY_CHANGE)) return false;
    return op != FC_SCALE || value->want.key->want.dim != FC_DIM_DATE;
}

static void write_changes(writer *w, fc_change_op op, bool is_static)
{
    static const char *const names[] = {"set", "scale", "add"};
    const char *used[MOST_CHANGES];
    int n = 0;
    for (int tries = 2 + below(w, 8); tries > 0 && n < MOST_CHANGES; tries--) {
        const written *value = &w->values[below(w, w->n_values)];
        const char *selector = selector_of(w, value, op, is_static);
        bool again = false;
        for (int i = 0; i < n; i++) again |= strcmp(used[i], selector) == 0;
        if (again || !can_change(value, op, is_static)) continue;
        if (n == 0) {
            begin_line(w, 4, names[op]);
            fc_text_add(w->out, "\n");
        }
        used[n++] = selector;
        fc_text_printf(w->out, "      \"%s\": ", selector);
        if (op == FC_SET)
            random_value(&w->stream, &value->want, value->want.key->may, w->out);
        else if (op == FC_SCALE)
            random_factor(&w->stream, &value->want, w->out);
        else
            random_addend(&w->stream, &value->want, w->out);
        fc_text_add(w->out, "\n");
    }
}

/* On a date, in a state, or (policies only) from the start on. */
static void write_start(writer *w, const fc_section *section)
{
    place at = {.indent = 4};
    bool in_state = below(w, 3) == 0;
    for (const fc_key *key = section->keys; key->name; key++) {
        bool start = strcmp(key->name, in_state ? "when" : "at") == 0;
        bool other = strcmp(key->name, in_state ? "at" : "when") == 0;
        bool until = strcmp(key->name, "until") == 0, changes = key->type == FC_K_CHANGES;
        if (until && below(w, 2))
            fc_text_printf(w->out, "    until: %s\n",
                           below(w, 2) ? "2027-10-03"
                                       : "{unknown: {low: 2027-10-02, high: 2029-01-01}}");
        if (start || (!until && !other && !changes && below(w, 2))) write_key(w, section, key, &at);
    }
}

static void write_drivers(writer *w, bool policies, int n)
{
    const fc_section *section = policies ? &fc_section_policy : &fc_section_shock;
    char name[32];
    if (n == 0) return;
    begin_line(w, 0, policies ? "policies" : "shocks");
    fc_text_add(w->out, "\n");
    for (int i = 0; i < n; i++) {
        bool is_static = policies && below(w, 3) == 0;
        begin_line(w, 2, name_of(FC_ENTITY_DRIVER, i + 10 * policies, name));
        fc_text_add(w->out, "\n    note: at random\n");
        if (!is_static) write_start(w, section);
        for (int op = FC_SET; op <= (is_static ? FC_SET : FC_ADD); op++)
            write_changes(w, (fc_change_op)op, is_static);
    }
    if (!policies) return;
    fc_text_add(w->out, "active: [");
    for (int i = 0, first = 1; i < n; i++) {
        if (below(w, 3) == 0) continue;
        fc_text_printf(w->out, "%s%s", first ? "" : ", ", name_of(FC_ENTITY_DRIVER, i + 10, name));
        first = 0;
    }
    fc_text_add(w->out, "]\n");
}

/* A chain of unknowns: their matrix is positive definite, as every correlation is below a half. */
static void write_correlations(writer *w)
{
    const written *last = NULL;
    int n = 0;
    for (int i = 0; i < w->n_values && n < 4; i++) {
        const written *value = &w->values[i];
        if (value->form != FC_FORM_UNKNOWN || below(w, 2)) continue;
        if (last) {
            if (n++ == 0) fc_text_add(w->out, "correlate:\n");
            fc_text_printf(w->out, "  - {between: [%s, %s], correlation: %.2f}\n", last->path,
                           value->path, random_between(&w->stream, -0.49, 0.49));
        }
        last = value;
    }
}

void random_scenario(uint64_t number, fc_text *out)
{
    static const char *const parts[] = {"world", "fleets"};
    writer w = {.out = out};
    place root = {0};
    fc_stream_init(&w.stream, UINT64_C(0x7e57), 0, number);
    decide_counts(&w);
    fc_text_printf(out,
                   "fleetcast: 1\ntitle: {en: \"Number %llu\", ko: 무작위}\n"
                   "horizon: {start: " RANDOM_START ", end: " RANDOM_END "}\n"
                   "replications: 4\nseed: %llu\n",
                   (unsigned long long)number, (unsigned long long)number);
    for (int i = 0; i < 2; i++)
        write_key(&w, &fc_section_root, fc_key_find(&fc_section_root, parts[i]), &root);
    w.fleet = 0;
    w.in_driver = true;
    write_drivers(&w, false, below(&w, 4));
    write_drivers(&w, true, below(&w, 4));
    write_correlations(&w);
}
