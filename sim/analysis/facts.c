/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "scenario/key.h"
#include "scenario/quantity.h"

int fc_run_find(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag, fc_run_info *out)
{
    fc_run_info *runs;
    size_t n;
    int ret = fc_store_runs(store, arena, diag, &runs, &n);
    if (ret) return ret;
    for (size_t i = 0; i < n; i++) {
        if (runs[i].id != run) continue;
        *out = runs[i];
        return FC_OK;
    }
    return fc_fail(diag, FC_E_DOMAIN, NULL, "run", NULL);
}

int fc_fleet_find(fc_store *store, fc_arena *arena, int64_t run, const char *name, fc_diag *diag,
                  fc_fleet_info *out)
{
    fc_fleet_info *fleets;
    size_t n;
    *out = (fc_fleet_info){"", "", "", ""};
    int ret = fc_store_fleets(store, arena, run, diag, &fleets, &n);
    for (size_t i = 0; i < n && !ret; i++) {
        if (name && strcmp(fleets[i].name, name) != 0) continue;
        *out = fleets[i];
        break;
    }
    return ret;
}

/* ---- the target ------------------------------------------------------------------------------ */

typedef struct inputs {
    fc_input *list;
    size_t n;
} inputs;

/* The text of `path`.`key`, without the quotes that YAML may need; "" if there is none. */
static const char *input_text(const inputs *in, const char *path, const char *key, char text[128])
{
    size_t length = strlen(path);
    text[0] = '\0';
    for (size_t i = 0; i < in->n; i++) {
        const char *p = in->list[i].path, *value = in->list[i].value;
        if (strncmp(p, path, length) != 0 || p[length] != '.' || strcmp(p + length + 1, key) != 0)
            continue;
        size_t size = strlen(value);
        if (size >= 2 && (*value == '"' || *value == '\'') && value[size - 1] == *value) {
            value++;
            size -= 2;
        }
        snprintf(text, 128, "%.*s", (int)(size < 127 ? size : 127), value);
    }
    return text;
}

/* NaN if there is none; a target's period, such as 2026-06, is its last day. */
static double input_value(const inputs *in, const char *path, const char *key, fc_unit_want want)
{
    char text[128];
    fc_quantity q;
    return fc_quantity_parse(input_text(in, path, key, text), &want, NULL, NULL, &q) ? NAN : q.last;
}

static fc_milestone milestone_named(const char *id)
{
    static const char *const ids[FC_N_MILESTONES] = {"contracted", "delivered", "energised",
                                                     "in_service", "allocated"};
    for (fc_milestone m = FC_CONTRACTED; m < FC_N_MILESTONES; m++)
        if (strcmp(ids[m], id) == 0) return m;
    return FC_IN_SERVICE;
}

int fc_target_find(fc_store *store, fc_arena *arena, const fc_run_info *run, fc_diag *diag,
                   fc_target_facts *out)
{
    static const char fleets[] = "fleets.", targets[] = ".targets.";
    char text[128];
    inputs in;
    *out = (fc_target_facts){0};
    if (!run->headline || strncmp(run->headline, fleets, sizeof fleets - 1) != 0) return FC_OK;
    const char *fleet = run->headline + sizeof fleets - 1, *end = strstr(fleet, targets);
    if (!end) return FC_OK;
    int ret = fc_store_inputs(store, arena, run->id, diag, &in.list, &in.n);
    if (ret) return ret;
    double by = input_value(&in, run->headline, "by", (fc_unit_want){.dim = FC_DIM_DATE});
    out->gpus = input_value(&in, run->headline, "gpus",
                            (fc_unit_want){.dim = FC_DIM_COUNT, .item = FC_ITEM_GPU});
    out->counted_at = milestone_named(input_text(&in, run->headline, "counted_at", text));
    out->by = isnan(by) ? run->end_day - 1 : (int64_t)by;
    out->name = end + sizeof targets - 1;
    out->entity = fleet;
    out->fleet = fc_arena_strndup(arena, fleet, (size_t)(end - fleet));
    if (!out->fleet) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    out->path = run->headline;
    return FC_OK;
}

/* ---- who can act ----------------------------------------------------------------------------- */

/* What an input's path says behind `start`; NULL: it begins otherwise. */
static const char *behind(const char *path, const char *start)
{
    size_t length = strlen(start);
    return strncmp(path, start, length) == 0 ? path + length : NULL;
}

/* A text of its own, without the quotes that YAML may need. */
static const char *unquoted(fc_arena *arena, const char *value)
{
    size_t size = strlen(value);
    bool quoted = size >= 2 && (*value == '"' || *value == '\'') && value[size - 1] == *value;
    return fc_arena_strndup(arena, value + quoted, size - 2 * quoted);
}

/* Of the input `fleets.korea.bodies.grid.ko`, or `.en`, or without either for both. */
static int note_body(fc_arena *arena, const fc_input *input, const char *rest, fc_body *own)
{
    bool en = strcmp(rest, ".en") == 0, ko = strcmp(rest, ".ko") == 0;
    if (!en && !ko && *rest) return FC_OK;
    const char *text = unquoted(arena, input->value);
    if (!text) return FC_E_NOMEM;
    if (!ko) own->en = text;
    if (!en) own->ko = text;
    return FC_OK;
}

int fc_bodies_find(fc_store *store, fc_arena *arena, int64_t run, const char *fleet, fc_diag *diag,
                   fc_body out[FC_N_CAUSES])
{
    fc_body own[FC_N_CAUSES] = {{0}};
    inputs in;
    int ret = fc_store_inputs(store, arena, run, diag, &in.list, &in.n);
    for (size_t i = 0; i < in.n && !ret; i++) {
        const char *at = behind(in.list[i].path, "fleets.");
        if (at) at = behind(at, fleet);
        if (at) at = behind(at, ".bodies.");
        for (int c = 0; at && c < FC_N_CAUSES && !ret; c++) {
            size_t length = strlen(fc_causes[c].id);
            if (strcspn(at, ".") == length && behind(at, fc_causes[c].id) &&
                note_body(arena, &in.list[i], at + length, &own[c]))
                ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
        }
    }
    for (int c = 0; c < FC_N_CAUSES; c++) {
        const char *en = own[c].en ? own[c].en : own[c].ko, *ko = own[c].ko ? own[c].ko : en;
        out[c] = (fc_body){en ? en : fc_causes[c].who_en, ko ? ko : fc_causes[c].who_ko};
    }
    return ret;
}

/* ---- how sure the inputs are ----------------------------------------------------------------- */

enum { DEPTH = 8, NAME = 64 };

/* Whether a path leads to a figure, or to what a shock or policy makes of one. */
static bool is_figure(const char *path)
{
    char names[DEPTH][NAME];
    const char *at[DEPTH];
    for (size_t depth = 0; depth < DEPTH && *path; depth++) {
        size_t length = strcspn(path, ".");
        snprintf(names[depth], NAME, "%.*s", (int)length, path);
        at[depth] = names[depth];
        path += length + (path[length] == '.');
        const fc_key *key = fc_key_at(at, depth + 1, NULL);
        if (key && (key->type == FC_K_VALUE || key->type == FC_K_MIX || key->type == FC_K_MIXES ||
                    key->type == FC_K_FACTORS || key->type == FC_K_AGES ||
                    key->type == FC_K_PROFILE || key->type == FC_K_CHANGES))
            return true;
    }
    return false;
}

int fc_inputs_count(fc_store *store, fc_arena *arena, int64_t run, fc_diag *diag,
                    fc_input_facts *out)
{
    fc_input *list;
    size_t n;
    *out = (fc_input_facts){0};
    int ret = fc_store_inputs(store, arena, run, diag, &list, &n);
    for (size_t i = 0; i < n && !ret; i++) {
        const char *certainty = list[i].certainty ? list[i].certainty : "";
        if (!is_figure(list[i].path)) continue;
        out->figures++;
        if (strcmp(certainty, "assumption") == 0)
            out->assumptions++;
        else if (strcmp(certainty, "unverified") == 0)
            out->unverified++;
        else if (!list[i].source)
            out->unsourced++;
    }
    return ret;
}
