/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_writer.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const regions[] = {"[region=north]", "[region=south]"};
static const char *const currencies[] = {"USD", "KRW", "EUR"};

int writer_below(writer *w, int n)
{
    return random_below(&w->stream, n);
}

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

void writer_begin_line(writer *w, int indent, const char *name)
{
    fc_text_printf(w->out, "%*s%s:", indent, "", name);
}

/* ---- names ---------------------------------------------------------------------------------- */

const char *writer_name(fc_entity kind, int i, char buffer[32])
{
    static const char *const stems[FC_N_ENTITIES] = {
        [FC_ENTITY_ACCELERATOR] = "gpu", [FC_ENTITY_FLEET] = "fleet",
        [FC_ENTITY_STOCK] = "stock",     [FC_ENTITY_BUDGET] = "budget",
        [FC_ENTITY_PROGRAMME] = "prog",  [FC_ENTITY_SITE] = "site",
        [FC_ENTITY_PHASE] = "phase",     [FC_ENTITY_TARGET] = "target",
        [FC_ENTITY_DRIVER] = "driver",   [FC_ENTITY_TARIFF] = "tariff",
        [FC_ENTITY_POOL] = "pool",       [FC_ENTITY_CALL] = "call",
        [FC_ENTITY_CLASS] = "class",     [FC_ENTITY_SERVICE] = "service"};
    if (kind == FC_ENTITY_CURRENCY) return currencies[i + 1];
    if (kind == FC_ENTITY_ACCELERATOR && i == 0) return "h100";
    snprintf(buffer, 32, "%s-%d", stems[kind], i);
    return buffer;
}

int writer_count(const writer *w, fc_entity kind)
{
    bool shared = kind == FC_ENTITY_ACCELERATOR || kind == FC_ENTITY_CURRENCY ||
                  kind == FC_ENTITY_FLEET || kind == FC_ENTITY_TARIFF;
    return w->count[kind][shared ? 0 : w->fleet];
}

static void decide_counts(writer *w)
{
    w->count[FC_ENTITY_CURRENCY][0] = 2;
    w->count[FC_ENTITY_ACCELERATOR][0] = 1 + writer_below(w, 3);
    w->count[FC_ENTITY_TARIFF][0] = 1 + writer_below(w, 3);
    w->count[FC_ENTITY_FLEET][0] = 1 + writer_below(w, MOST_FLEETS);
    for (int f = 0; f < MOST_FLEETS; f++) {
        w->count[FC_ENTITY_STOCK][f] = writer_below(w, 3);
        w->count[FC_ENTITY_BUDGET][f] = 1 + writer_below(w, 3);
        w->count[FC_ENTITY_PROGRAMME][f] = 1 + writer_below(w, 3);
        w->count[FC_ENTITY_SITE][f] = writer_below(w, 3);
        w->count[FC_ENTITY_PHASE][f] = 1 + writer_below(w, 3); /* each site has as many */
        w->count[FC_ENTITY_TARGET][f] = writer_below(w, 3);
    }
    random_decide_demand(w);
}

static const char *pick_currency(writer *w)
{
    return currencies[writer_below(w, 3)];
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
    /* Of sections that not every budget, call or class has. */
    static const char *const optional[] = {"ahead", "reclaim", "grant_jobs"};
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (strcmp(value->want.section, optional[i]) == 0) everywhere = false;
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
    if (!w->in_driver && writer_below(w, 15) == 0 && write_alias(w, &value)) {
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
    int all[8], k = 1 + writer_below(w, n < most ? n : most);
    assert(n <= 8);
    for (int i = 0; i < n; i++) all[i] = i;
    for (int i = 0; i < k; i++) {
        int j = i + writer_below(w, n - i), swap = all[i];
        all[i] = all[j];
        all[j] = swap;
        chosen[i] = all[i];
    }
    return k;
}

static void write_names(writer *w, fc_entity kind)
{
    int chosen[8] = {0}, n = choose(w, writer_count(w, kind), 3, chosen);
    char name[32];
    fc_text_add(w->out, " [");
    for (int i = 0; i < n; i++)
        fc_text_printf(w->out, "%s%s", i ? ", " : "", writer_name(kind, chosen[i], name));
    fc_text_add(w->out, "]\n");
    if (kind != FC_ENTITY_BUDGET) return;
    w->paid_in = w->budgets[w->fleet][chosen[0]];
    for (int i = 1; i < n; i++)
        if (w->budgets[w->fleet][chosen[i]] != w->paid_in) w->paid_in = NULL;
}

static void write_mix(writer *w)
{
    int chosen[8], n = choose(w, writer_count(w, FC_ENTITY_ACCELERATOR), 3, chosen), left = 100;
    char name[32];
    fc_text_add(w->out, " {");
    for (int i = 0; i < n; i++) {
        int share = i + 1 < n ? writer_below(w, left + 1) : left;
        left -= share;
        fc_text_printf(w->out, "%s%s: %d %%", i ? ", " : "",
                       writer_name(FC_ENTITY_ACCELERATOR, chosen[i], name), share);
    }
    fc_text_add(w->out, "}\n");
}

static void write_factors(writer *w, const fc_section *section, const fc_key *key)
{
    int chosen[8], n = choose(w, writer_count(w, FC_ENTITY_ACCELERATOR), 3, chosen);
    random_want want = {.key = key, .section = section->id};
    char name[32];
    fc_text_add(w->out, " {");
    for (int i = 0; i < n; i++) {
        fc_text_printf(w->out, "%s%s: ", i ? ", " : "",
                       writer_name(FC_ENTITY_ACCELERATOR, chosen[i], name));
        random_value(&w->stream, &want, key->may, w->out);
    }
    fc_text_add(w->out, "}\n");
}

static void write_reviews(writer *w)
{
    fc_text_add(w->out, " [2025-07-01");
    if (writer_below(w, 2)) fc_text_add(w->out, ", 2026-Q2");
    if (writer_below(w, 2)) fc_text_add(w->out, ", 2026-11-15");
    fc_text_add(w->out, "]\n");
}

/* ---- sections ------------------------------------------------------------------------------- */

static void write_section(writer *w, const fc_section *section, const place *at);

/* Of summer and winter, and of mid-peak and peak hours, none overlaps. */
static void write_spans(writer *w, const fc_key *key, const place *at)
{
    int a = writer_below(w, 3), b = writer_below(w, 3);
    if (strcmp(key->name, "mid_hours") == 0)
        fc_text_printf(w->out, " [%d-%d, 22-1]\n", 6 + a, 9 + b);
    else if (strcmp(key->name, "peak_hours") == 0)
        fc_text_printf(w->out, " %d-%d\n", 12 + a, 15 + 2 * b);
    else if (strstr(at->path, ".summer.") != NULL)
        fc_text_printf(w->out, " %d-%d\n", 5 + a, 8 + b % 2);
    else if (strstr(at->path, ".winter.") != NULL)
        fc_text_printf(w->out, " [11, 12-%d]\n", 1 + a);
    else
        fc_text_add(w->out, " [7-9, 12-2]\n");
}

static void write_choice(writer *w, const fc_section *section, const fc_key *key)
{
    bool rule = strcmp(key->name, "rule") == 0, demand = random_is_of_demand(section);
    int n = 0, chosen = 0;
    while (key->choices[n]) n++;
    if (strcmp(key->name, "counted_at") == 0 && !w->demand[w->fleet].any)
        n = FC_ALLOCATED; /* there are no users */
    chosen = writer_below(w, n);
    if (rule && chosen == FC_RULE_TO_TARGET) chosen = FC_RULE_SCHEDULE; /* it needs targets */
    if (strcmp(key->name, "arrears") == 0) chosen = FC_ARREARS_SHUT;
    if (strcmp(key->name, "load_from") == 0) chosen = FC_LOAD_OF_DEMAND;
    if (rule) w->rule = (fc_order_rule)chosen;
    if (strcmp(key->name, "then") == 0) w->renews = chosen == FC_TERM_RENEW;
    if (demand) chosen = random_demand_choice(w, section, key, chosen);
    fc_text_printf(w->out, " %s\n", key->choices[chosen]);
}

static void write_named(writer *w, const fc_key *key, const place *at)
{
    fc_entity kind = key->section->entity;
    char name[32];
    fc_text_add(w->out, "\n");
    for (int i = 0; i < writer_count(w, kind); i++) {
        const char *called = writer_name(kind, i, name);
        place in = below_key(at, called);
        if (kind == FC_ENTITY_FLEET) w->fleet = i;
        w->requests = writer_below(w, 3) == 0;
        w->builds = writer_below(w, 2) == 0;
        if (kind == FC_ENTITY_SITE)
            w->region = writer_below(w, 2) ? regions[writer_below(w, 2)] : NULL;
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
        writer_begin_line(w, at->indent, called);
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

/* A pool, that it fits; else any. */
static int pick(writer *w, const fc_section *section, const fc_key *key)
{
    if (key->target == FC_ENTITY_POOL) return random_demand_pool(w, section);
    return writer_below(w, writer_count(w, key->target));
}

void writer_key(writer *w, const fc_section *section, const fc_key *key, const place *at)
{
    place in = below_key(at, key->name);
    char name[32];
    bool stocks = false;
    int most = 0;
    writer_begin_line(w, at->indent, key->name);
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
        write_choice(w, section, key);
        return;
    case FC_K_VALUE:
        write_value(w, section, key, &in);
        return;
    case FC_K_REF:
        fc_text_printf(w->out, " %s\n", writer_name(key->target, pick(w, section, key), name));
        return;
    case FC_K_PROFILE:
        random_profile(w, key);
        return;
    case FC_K_REFS:
        write_names(w, key->target);
        return;
    case FC_K_MIX:
        write_mix(w);
        return;
    case FC_K_FACTORS:
        write_factors(w, section, key);
        return;
    case FC_K_AGES:
        fc_text_printf(w->out, " {0 days: %d, %d months: 1, 2 years: 1.5}\n",
                       random_below(&w->stream, 4), 7);
        return;
    case FC_K_WHOLE:
        most = (int)fmin(key->max - key->min, 20); /* users: of many, few come */
        fc_text_printf(w->out, " %d\n", (int)key->min + writer_below(w, most + 1));
        return;
    case FC_K_NAMES: /* a target's `includes` */
        stocks = writer_count(w, FC_ENTITY_STOCK) > 0 && writer_below(w, 3) == 0;
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
    writer_begin_line(w, at->indent, "note");
    fc_text_add(w->out, " at random\n");
    for (const fc_key *key = section->keys; key->name; key++) {
        bool region = strcmp(key->name, "region") == 0;
        if (region ? w->region != NULL : !random_left_out(w, section, key))
            writer_key(w, section, key, at);
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
                   "horizon: {start: 2025-01-01, end: %s}\n"
                   "replications: 4\nseed: %llu\n",
                   (unsigned long long)number, random_end(&w), (unsigned long long)number);
    for (int i = 0; i < 2; i++)
        writer_key(&w, &fc_section_root, fc_key_find(&fc_section_root, parts[i]), &root);
    random_drivers(&w);
}
