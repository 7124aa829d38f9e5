/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From an experiment file to its cases and points: every scenario is tried before anything runs. */
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "experiment/sweep.h"
#include "scenario/selector.h"

/* ---- loading a case at a point --------------------------------------------------------------- */

/* "PATH=VALUE" for each factor that is set. */
typedef struct settings {
    const char **sets;
    size_t n;
} settings;

static int add_set(fc_arena *arena, settings *s, const fc_factor *factor, const char *value)
{
    s->sets[s->n] = fc_arena_printf(arena, "%s=%s", factor->key, value);
    return s->sets[s->n++] ? FC_OK : FC_E_NOMEM;
}

/* Sampled designs: a range takes the place of what the scenario says. */
static int add_ranges(fc_arena *arena, const fc_experiment_file *file, settings *s)
{
    for (uint32_t f = 0; f < file->n_factors; f++) {
        if (!file->factors[f].range) continue;
        const char *value = fc_arena_printf(arena, "{unknown: %s}", file->factors[f].range);
        if (!value || add_set(arena, s, &file->factors[f], value)) return FC_E_NOMEM;
    }
    return FC_OK;
}

static const fc_factor *factor_named(const fc_experiment_file *file, const char *name)
{
    for (uint32_t f = 0; f < file->n_factors; f++)
        if (strcmp(file->factors[f].name, name) == 0) return &file->factors[f];
    return NULL;
}

static int load_with(const fc_sweep *sweep, const fc_sweep_case *c, const settings *s,
                     fc_diag *diag, fc_scenario **out)
{
    fc_scenario_options options = {.layers = {.with = c->policies->names,
                                              .with_count = c->policies->n,
                                              .sets = s->sets,
                                              .sets_count = s->n,
                                              .data = sweep->data},
                                   .seed = sweep->seed < 0 ? NULL : &sweep->seed};
    return fc_scenario_load(c->path, &options, diag, out);
}

static int no_memory(fc_diag *diag)
{
    return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
}

/* ---- which column moves what ----------------------------------------------------------------- */

static bool is_below(const char *draw, const char *path)
{
    size_t length = strlen(path);
    return strncmp(draw, path, length) == 0 && (!draw[length] || draw[length] == '.');
}

/* The name of the column that moves a draw of this scenario: its factor's where that has a range
 * of its own, else its own path where a factor (or none at all) takes it in; NULL: none does. */
static int column_name(const fc_experiment_file *file, const fc_selected *const *targets,
                       const size_t *counts, const char *draw, fc_arena *arena, bool *moves,
                       const char **out)
{
    *out = file->n_factors ? NULL : draw;
    for (uint32_t f = 0; f < file->n_factors; f++)
        for (size_t t = 0; t < counts[f]; t++) {
            const char *path = fc_path_text(arena, targets[f][t].names, targets[f][t].depth);
            if (!path) return FC_E_NOMEM;
            if (!is_below(draw, path)) continue;
            *out = file->factors[f].range ? file->factors[f].name : draw;
            if (moves) moves[f] = true;
            return FC_OK;
        }
    return FC_OK;
}

/* The column of each unknown of a scenario, in the arena. */
static int columns_of(const fc_experiment_file *file, const fc_scenario *scenario, fc_arena *arena,
                      bool *moves, fc_diag *diag, const char ***out)
{
    uint32_t n = scenario->plan->n_unknowns;
    const char **names = fc_arena_array(arena, n + 1, sizeof *names);
    const fc_selected **targets = fc_arena_array(arena, file->n_factors + 1, sizeof *targets);
    size_t *counts = fc_arena_array(arena, file->n_factors + 1, sizeof *counts);
    if (!names || !targets || !counts) return no_memory(diag);
    for (uint32_t f = 0; f < file->n_factors; f++) {
        int ret = fc_tree_select(scenario->tree, arena, file->factors[f].key,
                                 &file->factors[f].place, diag, &targets[f], &counts[f]);
        if (ret) return ret;
    }
    for (uint32_t i = 0; i < n; i++)
        if (column_name(file, targets, counts, scenario->plan->draw_names[i], arena, moves,
                        &names[i]))
            return no_memory(diag);
    *out = names;
    return FC_OK;
}

static uint32_t find_column(const char *const *columns, uint32_t n, const char *name)
{
    for (uint32_t c = 0; name && c < n; c++)
        if (strcmp(columns[c], name) == 0) return c;
    return FC_NO_COLUMN;
}

/* ---- a point's scenario ---------------------------------------------------------------------- */

/* A run at a design's points is another run than one without: hash of both. */
static void mix_hash(fc_scenario *scenario, const char *design, uint32_t each)
{
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char number[16];
    int n = snprintf(number, sizeof number, "%" PRIu32, each);
    sha256_init(&sha);
    sha256_update(&sha, 64, (const uint8_t *)scenario->hash);
    sha256_update(&sha, 64, (const uint8_t *)design);
    sha256_update(&sha, (size_t)n, (const uint8_t *)number);
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(scenario->hash + 2 * i, 3, "%02" PRIx8, digest[i]);
}

static const char *case_name(fc_arena *arena, const fc_sweep_case *c)
{
    return fc_arena_printf(arena, "%s%s%s", c->scenario, *c->policies->text ? "+" : "",
                           c->policies->text);
}

static int load_sampled(const fc_sweep *sweep, const fc_sweep_case *c, fc_arena *arena,
                        fc_diag *diag, fc_scenario **out, fc_sample_points *points)
{
    const fc_experiment_file *file = sweep->file;
    settings s = {.sets = fc_arena_array(arena, file->n_factors + 1, sizeof *s.sets)};
    const char **names;
    if (!s.sets || add_ranges(arena, file, &s)) return no_memory(diag);
    int ret = load_with(sweep, c, &s, diag, out);
    if (!ret) ret = columns_of(file, *out, arena, NULL, diag, &names);
    if (ret) return ret;
    fc_scenario *scenario = *out;
    uint32_t n = scenario->plan->n_unknowns;
    uint32_t *column_of = fc_arena_array(arena, n + 1, sizeof *column_of);
    const char *name = case_name(scenario->arena, c);
    if (name) name = fc_arena_printf(scenario->arena, "%s+%s", name, file->name);
    if (!column_of || !name) return no_memory(diag);
    for (uint32_t i = 0; i < n; i++)
        column_of[i] = find_column(sweep->design.columns, sweep->design.n_columns, names[i]);
    scenario->name = name;
    mix_hash(scenario, sweep->hash, c->replications);
    if (points)
        *points = (fc_sample_points){.quantiles = sweep->design.quantiles,
                                     .n_columns = sweep->design.n_columns,
                                     .each = c->replications,
                                     .column_of = column_of};
    return FC_OK;
}

static int load_values(const fc_sweep *sweep, const fc_sweep_case *c, uint32_t point,
                       fc_arena *arena, fc_diag *diag, fc_scenario **out)
{
    const fc_design *d = &sweep->design;
    settings s = {.sets = fc_arena_array(arena, d->n_columns + 1, sizeof *s.sets)};
    const char *name = case_name(arena, c);
    if (!s.sets || !name) return no_memory(diag);
    for (uint32_t k = 0; k < d->n_columns && name; k++) {
        const char *value = d->cells[(size_t)point * d->n_columns + k];
        if (!value) continue;
        if (add_set(arena, &s, factor_named(sweep->file, d->columns[k]), value))
            return no_memory(diag);
        name =
            fc_arena_printf(arena, "%s%s%s=%s", name, s.n == 1 ? "+" : ",", d->columns[k], value);
    }
    int ret = name ? load_with(sweep, c, &s, diag, out) : no_memory(diag);
    if (ret) return ret;
    name = fc_arena_strdup((*out)->arena, name);
    if (!name) return no_memory(diag);
    (*out)->name = name;
    return FC_OK;
}

int fc_sweep_load(const fc_sweep *sweep, uint32_t which, uint32_t point, fc_arena *arena,
                  fc_diag *diag, fc_scenario **out, fc_sample_points *points)
{
    const fc_sweep_case *c = &sweep->cases[which];
    *out = NULL;
    if (points) *points = (fc_sample_points){0};
    int ret = sweep->design.quantiles ? load_sampled(sweep, c, arena, diag, out, points)
                                      : load_values(sweep, c, point, arena, diag, out);
    if (!ret) return FC_OK;
    fc_scenario_free(*out);
    *out = NULL;
    return ret;
}

/* ---- preparing ------------------------------------------------------------------------------- */

typedef struct preparer {
    fc_arena *arena;
    fc_diag *diag;
    fc_sweep *sweep;
    fc_sweep_case *cases;
    bool sampled;
    const char **columns; /* of all cases together, in the order of their first */
    uint32_t n_columns, room;
    bool *moves; /* whether a factor moves anything in any case */
} preparer;

static int add_column(preparer *p, const char *name)
{
    if (find_column(p->columns, p->n_columns, name) != FC_NO_COLUMN) return FC_OK;
    if (p->n_columns == p->room) {
        uint32_t room = p->room ? 2 * p->room : 64;
        const char **grown = fc_arena_array(p->arena, room, sizeof *grown);
        if (!grown) return FC_E_NOMEM;
        if (p->n_columns) memcpy(grown, p->columns, p->n_columns * sizeof *grown);
        p->columns = grown;
        p->room = room;
    }
    p->columns[p->n_columns] = fc_arena_strdup(p->arena, name);
    return p->columns[p->n_columns++] ? FC_OK : FC_E_NOMEM;
}

/* The columns in the order of the factors, then of the draws. */
static int add_columns(preparer *p, const fc_scenario *scenario)
{
    const char **names;
    int ret = columns_of(p->sweep->file, scenario, p->arena, p->moves, p->diag, &names);
    for (uint32_t i = 0; i < scenario->plan->n_unknowns && !ret; i++)
        if (names[i] && add_column(p, names[i])) ret = no_memory(p->diag);
    return ret;
}

static bool meet(const fc_selected *a, const fc_selected *b)
{
    for (size_t i = 0; i < a->depth && i < b->depth; i++)
        if (strcmp(a->names[i], b->names[i]) != 0) return false;
    return true;
}

static const char *meeting(fc_arena *arena, const char *other, const char *path)
{
    if (!path) return NULL;
    return fc_arena_printf(arena,
                           FC_BOTH("it meets factor '%s' at %s, and one would undo the other",
                                   "'%s' 요인과 %s에서 겹쳐 하나가 다른 하나를 덮어씁니다"),
                           other, path, other, path);
}

static int refuse_factor(preparer *p, const fc_factor *factor, const char *why)
{
    if (!why) return no_memory(p->diag);
    return fc_fail(p->diag, FC_E_FACTOR, &factor->place, factor->name, why, NULL);
}

/* Two factors of one key, or of a key and of what is above it, would undo each other. What cannot
 * be selected is said later, with the factor's value. */
static int check_apart(preparer *p, const fc_scenario *scenario)
{
    const fc_experiment_file *file = p->sweep->file;
    const fc_selected **targets = fc_arena_array(p->arena, file->n_factors + 1, sizeof *targets);
    size_t *counts = fc_arena_array(p->arena, file->n_factors + 1, sizeof *counts);
    if (!targets || !counts) return no_memory(p->diag);
    for (uint32_t f = 0; f < file->n_factors; f++) {
        if (fc_tree_select(scenario->tree, p->arena, file->factors[f].key, NULL, NULL, &targets[f],
                           &counts[f]))
            counts[f] = 0;
        for (uint32_t k = 0; k < f; k++)
            for (size_t a = 0; a < counts[f]; a++)
                for (size_t b = 0; b < counts[k]; b++)
                    if (meet(&targets[f][a], &targets[k][b])) {
                        const char *path =
                            fc_path_text(p->arena, targets[f][a].names, targets[f][a].depth);
                        return refuse_factor(p, &file->factors[f],
                                             meeting(p->arena, file->factors[k].name, path));
                    }
    }
    return FC_OK;
}

/* Loads a case as it is, with the ranges of a sampled design. */
static int try_case(preparer *p, fc_sweep_case *c, uint32_t replications)
{
    const fc_experiment_file *file = p->sweep->file;
    fc_scenario *scenario = NULL;
    settings s = {.sets = fc_arena_array(p->arena, file->n_factors + 1, sizeof *s.sets)};
    if (!s.sets || (p->sampled && add_ranges(p->arena, file, &s))) return no_memory(p->diag);
    int ret = load_with(p->sweep, c, &s, p->diag, &scenario);
    if (ret) return ret;
    uint32_t said = (uint32_t)(file->replications ? file->replications
                               : p->sampled       ? 1
                               : file->precision  ? FC_PRECISION_MOST
                                                  : scenario->root.replications);
    c->replications = replications ? replications : said;
    memcpy(c->hash, scenario->hash, sizeof c->hash);
    c->seed = scenario->plan->seed;
    ret = check_apart(p, scenario);
    if (!ret && p->sampled) ret = add_columns(p, scenario);
    fc_scenario_free(scenario);
    return ret;
}

static int try_cases(preparer *p, uint32_t replications)
{
    const fc_experiment_file *file = p->sweep->file;
    size_t errors = fc_diag_errors(p->diag);
    uint32_t n = file->n_scenarios * file->n_policies;
    p->cases = fc_arena_array(p->arena, n + 1, sizeof *p->cases);
    p->moves = fc_arena_array(p->arena, file->n_factors + 1, sizeof *p->moves);
    if (!p->cases || !p->moves) return no_memory(p->diag);
    p->sweep->cases = p->cases;
    p->sweep->n_cases = n;
    for (uint32_t i = 0; i < n; i++) {
        fc_sweep_case *c = &p->cases[i];
        *c = (fc_sweep_case){.scenario = file->scenario_names[i / file->n_policies],
                             .path = file->scenarios[i / file->n_policies],
                             .policies = &file->policies[i % file->n_policies]};
        if (try_case(p, c, replications) == FC_E_NOMEM) return FC_E_NOMEM;
        if (fc_diag_errors(p->diag) > errors) return fc_diag_first(p->diag);
    }
    return FC_OK;
}

/* Each factor's first value in each case: a key that is not there is a mistake in the file, and
 * not of one point. */
static int try_factors(preparer *p)
{
    const fc_design *d = &p->sweep->design;
    const fc_experiment_file *file = p->sweep->file;
    for (uint32_t k = 0; k < d->n_columns; k++) {
        const fc_factor *factor = factor_named(file, d->columns[k]);
        const char *value = NULL, *set = NULL;
        for (uint32_t i = 0; i < d->n_points && !value; i++)
            value = d->cells[(size_t)i * d->n_columns + k];
        settings s = {.sets = &set};
        if (!value) continue;
        if (p->sweep->seed >= 0 && strcmp(factor->key, "seed") == 0)
            return refuse_factor(p, factor,
                                 FC_BOTH("the seed of the experiment, or of --seed, takes its "
                                         "place; leave one of the two out",
                                         "실험 파일이나 --seed의 시드가 대신 쓰입니다. 둘 중 "
                                         "하나를 빼십시오"));
        if (add_set(p->arena, &s, factor, value)) return no_memory(p->diag);
        for (uint32_t c = 0; c < p->sweep->n_cases; c++) {
            fc_scenario *scenario;
            int ret = load_with(p->sweep, &p->cases[c], &s, p->diag, &scenario);
            if (ret == FC_E_NOMEM) return ret;
            if (ret)
                return fc_fail(p->diag, FC_E_FACTOR, &factor->place, factor->name,
                               FC_BOTH("it cannot be set in this way (see above)",
                                       "이렇게 바꿀 수 없습니다(위 참조)"),
                               NULL);
            fc_scenario_free(scenario);
        }
    }
    return FC_OK;
}

/* A list's columns are the file's factors, or what can be drawn. */
static int check_list(preparer *p)
{
    const fc_design *d = &p->sweep->design;
    const fc_experiment_file *file = p->sweep->file;
    fc_place place = {.file = file->design.file, .line = 1};
    for (uint32_t k = 0; k < d->n_columns; k++) {
        bool known = p->sampled
                         ? find_column(p->columns, p->n_columns, d->columns[k]) != FC_NO_COLUMN
                         : factor_named(file, d->columns[k]) != NULL;
        if (!known)
            return fc_fail(p->diag, FC_E_FACTOR, &place, d->columns[k],
                           FC_BOTH("this column is no factor of the experiment file",
                                   "실험 파일에 이런 요인이 없는 열입니다"),
                           NULL);
    }
    for (uint32_t f = 0; f < file->n_factors && !p->sampled; f++)
        if (find_column(d->columns, d->n_columns, file->factors[f].name) == FC_NO_COLUMN)
            return fc_fail(
                p->diag, FC_E_FACTOR, &place, file->factors[f].name,
                FC_BOTH("the list has no column of this name", "목록에 이 이름의 열이 없습니다"),
                NULL);
    return FC_OK;
}

static int make_sample(preparer *p)
{
    const fc_experiment_file *file = p->sweep->file;
    uint64_t seed = p->sweep->seed < 0 ? 1 : (uint64_t)p->sweep->seed;
    for (uint32_t f = 0; f < file->n_factors; f++)
        if (!p->moves[f])
            return fc_fail(p->diag, FC_E_FACTOR, &file->factors[f].place, file->factors[f].name,
                           FC_BOTH("nothing there is unknown: give it a range",
                                   "그곳에 미지수가 없습니다: range를 쓰십시오"),
                           NULL);
    if (p->n_columns == 0)
        return fc_fail(p->diag, FC_E_FACTOR, NULL, "*",
                       FC_BOTH("nothing is unknown in these scenarios: name factors with a range",
                               "이 시나리오들에는 미지수가 없습니다: range가 있는 요인을 쓰십시오"),
                       NULL);
    return fc_design_sample(p->arena, (fc_design_kind)file->design.kind, seed, p->columns,
                            p->n_columns, (uint32_t)file->design.points,
                            (uint32_t)file->design.shifts, p->diag, &p->sweep->design);
}

static int make_design(preparer *p)
{
    const fc_experiment_file *file = p->sweep->file;
    fc_design *d = &p->sweep->design;
    switch (file->design.kind) {
    case FC_DESIGN_GRID:
        return fc_design_grid(p->arena, file->factors, file->n_factors, p->diag, d);
    case FC_DESIGN_ONE_AT_A_TIME:
        return fc_design_one_at_a_time(p->arena, file->factors, file->n_factors, p->diag, d);
    case FC_DESIGN_LIST:
        return check_list(p);
    default:
        return make_sample(p);
    }
}

/* Replications are numbered in 32 bits. */
static int count_all(preparer *p)
{
    const fc_design *d = &p->sweep->design;
    for (uint32_t c = 0; c < p->sweep->n_cases; c++) {
        uint64_t n = (uint64_t)p->cases[c].replications * d->n_points;
        p->sweep->replications += n;
        if (p->sampled && n > 100 * (uint64_t)FC_DESIGN_POINTS)
            return fc_fail(p->diag, FC_E_DESIGN_SIZE, NULL, "1000000", "50000000", NULL);
    }
    return FC_OK;
}

int fc_sweep_prepare(fc_arena *arena, const fc_experiment_file *file, const fc_sweep_setup *setup,
                     fc_diag *diag, fc_sweep **out)
{
    fc_sweep *sweep = fc_arena_alloc(arena, sizeof *sweep);
    *out = NULL;
    if (!sweep) return no_memory(diag);
    *sweep = (fc_sweep){
        .file = file, .seed = setup->seed ? *setup->seed : file->seed, .data = setup->data};
    preparer p = {.arena = arena, .diag = diag, .sweep = sweep};
    p.sampled = fc_design_is_sampled((fc_design_kind)file->design.kind);
    int ret = FC_OK;
    if (file->design.kind == FC_DESIGN_LIST) {
        ret = fc_design_read(arena, file->design.file, diag, &sweep->design);
        p.sampled = sweep->design.quantiles != NULL;
    }
    if (!ret) ret = try_cases(&p, setup->replications);
    if (!ret) ret = make_design(&p);
    if (!ret && !p.sampled) ret = try_factors(&p);
    if (!ret) ret = count_all(&p);
    if (ret) return ret;
    fc_design_hash(&sweep->design, sweep->hash);
    *out = sweep;
    return FC_OK;
}
