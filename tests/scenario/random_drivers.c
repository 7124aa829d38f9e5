/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_writer.h"

#include <string.h>

/* Which text of a value's a change is filed under: its own path, or one that stands for several. */
static const char *selector_of(writer *w, const written *value, fc_change_op op, bool is_static)
{
    fc_dim dim = value->want.key->want.dim;
    bool money = dim == FC_DIM_MONEY || dim == FC_DIM_ITEM_PRICE || dim == FC_DIM_EXCHANGE ||
                 dim == FC_DIM_ENERGY_PRICE || dim == FC_DIM_DEMAND_PRICE ||
                 dim == FC_DIM_GPU_PRICE;
    /* Several may be in several currencies; what is set from the start must be there. */
    if (is_static || (money && op != FC_SCALE) || writer_below(w, 3)) return value->path;
    if (value->region[0] && writer_below(w, 2)) return value->region;
    return value->pattern[0] ? value->pattern : value->path;
}

static bool can_change(const written *value, fc_change_op op, bool is_static)
{
    if (is_static) return true;
    if (!(value->want.key->may & FC_MAY_CHANGE)) return false;
    /* A project that would use more of its grant than all of it ends the replication. */
    if (strcmp(value->want.key->name, "use") == 0) return op == FC_SET;
    if (op != FC_SCALE) return true;
    /* Scaled again and again, what must not be little would be. */
    return value->want.key->want.dim != FC_DIM_DATE && !(value->want.key->min > 0);
}

static void write_changes(writer *w, fc_change_op op, bool is_static)
{
    static const char *const names[] = {"set", "scale", "add"};
    const char *used[MOST_CHANGES];
    int n = 0;
    for (int tries = 2 + writer_below(w, 8); tries > 0 && n < MOST_CHANGES; tries--) {
        const written *value = &w->values[writer_below(w, w->n_values)];
        const char *selector = selector_of(w, value, op, is_static);
        bool again = false;
        for (int i = 0; i < n; i++) again |= strcmp(used[i], selector) == 0;
        if (again || !can_change(value, op, is_static)) continue;
        if (n == 0) {
            writer_begin_line(w, 4, names[op]);
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
    bool in_state = writer_below(w, 3) == 0;
    for (const fc_key *key = section->keys; key->name; key++) {
        bool start = strcmp(key->name, in_state ? "when" : "at") == 0;
        bool other = strcmp(key->name, in_state ? "at" : "when") == 0;
        bool until = strcmp(key->name, "until") == 0, changes = key->type == FC_K_CHANGES;
        if (until && writer_below(w, 2))
            fc_text_printf(w->out, "    until: %s\n",
                           writer_below(w, 2) ? "2027-10-03"
                                              : "{unknown: {low: 2027-10-02, high: 2029-01-01}}");
        if (start || (!until && !other && !changes && writer_below(w, 2)))
            writer_key(w, section, key, &at);
    }
}

static void write_drivers(writer *w, bool policies, int n)
{
    const fc_section *section = policies ? &fc_section_policy : &fc_section_shock;
    char name[32];
    if (n == 0) return;
    writer_begin_line(w, 0, policies ? "policies" : "shocks");
    fc_text_add(w->out, "\n");
    for (int i = 0; i < n; i++) {
        bool is_static = policies && writer_below(w, 3) == 0;
        writer_begin_line(w, 2, writer_name(FC_ENTITY_DRIVER, i + 10 * policies, name));
        fc_text_add(w->out, "\n    note: at random\n");
        if (!is_static) write_start(w, section);
        for (int op = FC_SET; op <= (is_static ? FC_SET : FC_ADD); op++)
            write_changes(w, (fc_change_op)op, is_static);
    }
    if (!policies) return;
    fc_text_add(w->out, "active: [");
    for (int i = 0, first = 1; i < n; i++) {
        if (writer_below(w, 3) == 0) continue;
        fc_text_printf(w->out, "%s%s", first ? "" : ", ",
                       writer_name(FC_ENTITY_DRIVER, i + 10, name));
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
        if (value->form != FC_FORM_UNKNOWN || writer_below(w, 2)) continue;
        if (last) {
            if (n++ == 0) fc_text_add(w->out, "correlate:\n");
            fc_text_printf(w->out, "  - {between: [%s, %s], correlation: %.2f}\n", last->path,
                           value->path, random_between(&w->stream, -0.49, 0.49));
        }
        last = value;
    }
}

void random_drivers(writer *w)
{
    w->fleet = 0;
    w->in_driver = true;
    write_drivers(w, false, writer_below(w, 4));
    write_drivers(w, true, writer_below(w, 4));
    write_correlations(w);
}
