/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing a run: what it is, its fleets and inputs, the names of what it observes and draws. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model/metric_table.h"
#include "store/store_private.h"

void fc_store_bind_text(sqlite3_stmt *statement, int column, const char *text)
{
    if (text)
        sqlite3_bind_text(statement, column, text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, column);
}

/* ---- a run ---------------------------------------------------------------------------------- */

static int find_run(fc_store *store, const fc_scenario *scenario, const char *seed,
                    const char *libm, fc_diag *diag, int64_t *run)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(
        store, "SELECT run_id, libm FROM run WHERE hash = ? AND seed = ? AND version = ?", diag,
        &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, scenario->hash);
    fc_store_bind_text(q, 2, seed);
    fc_store_bind_text(q, 3, FC_VERSION);
    *run = -1;
    int code = sqlite3_step(q);
    if (code == SQLITE_ROW) {
        const char *there = (const char *)sqlite3_column_text(q, 1);
        *run = sqlite3_column_int64(q, 0);
        if (strcmp(there, libm) != 0 && !store->mixes_libm)
            ret = fc_fail(diag, FC_E_DB_LIBM, NULL, store->path, there, libm, NULL);
    } else if (code != SQLITE_DONE) {
        ret = fc_store_error(store, diag);
    }
    sqlite3_finalize(q);
    return ret;
}

static int add_run(fc_store *store, const fc_scenario *s, const char *seed, const char *libm,
                   fc_diag *diag, int64_t *run)
{
    sqlite3_stmt *q;
    int ret =
        fc_store_prepare(store,
                         "INSERT INTO run(name, title_en, title_ko, file, hash, seed, version,"
                         " libm, start_day, end_day, headline, created)"
                         " VALUES(?,?,?,?,?,?,?,?,?,?,?,datetime('now'))",
                         diag, &q);
    if (ret) return ret;
    fc_store_bind_text(q, 1, s->name);
    fc_store_bind_text(q, 2, s->root.title[0] ? s->root.title[0] : s->name);
    fc_store_bind_text(q, 3, s->root.title[1] ? s->root.title[1] : s->name);
    fc_store_bind_text(q, 4, s->file);
    fc_store_bind_text(q, 5, s->hash);
    fc_store_bind_text(q, 6, seed);
    fc_store_bind_text(q, 7, FC_VERSION);
    fc_store_bind_text(q, 8, libm);
    sqlite3_bind_int64(q, 9, fc_date_days(s->root.start));
    sqlite3_bind_int64(q, 10, fc_date_days(s->root.end));
    char *headline = NULL;
    if (s->headline != FC_NONE) {
        const fc_plan *plan = s->plan;
        for (uint32_t f = 0; f < plan->n_fleets; f++) {
            uint32_t t = (uint32_t)s->headline - plan->fleets[f].first_target;
            if ((uint32_t)s->headline >= plan->fleets[f].first_target &&
                t < plan->fleets[f].n_targets)
                headline = sqlite3_mprintf("fleets.%s.targets.%s", plan->fleets[f].name,
                                           plan->targets[s->headline].name);
        }
    }
    fc_store_bind_text(q, 11, headline);
    ret = fc_store_step(store, q, diag);
    *run = sqlite3_last_insert_rowid(store->db);
    sqlite3_finalize(q);
    sqlite3_free(headline);
    return ret;
}

static int add_inputs(fc_store *store, fc_scenario *scenario, int64_t run, fc_diag *diag)
{
    const fc_input *inputs;
    size_t n;
    sqlite3_stmt *q;
    int ret = fc_scenario_inputs(scenario, &inputs, &n);
    if (!ret)
        ret = fc_store_prepare(store, "INSERT INTO input VALUES(?,?,?,?,?,?,?,?,?,?,?)", diag, &q);
    if (ret) return ret;
    for (size_t i = 0; i < n && !ret; i++) {
        const fc_input *in = &inputs[i];
        sqlite3_bind_int64(q, 1, run);
        fc_store_bind_text(q, 2, in->path);
        fc_store_bind_text(q, 3, in->value);
        fc_store_bind_text(q, 4, in->unit ? in->unit : "");
        fc_store_bind_text(q, 5, in->layer ? in->layer : "");
        fc_store_bind_text(q, 6, in->file ? in->file : "");
        sqlite3_bind_int(q, 7, in->line);
        fc_store_bind_text(q, 8, in->source);
        fc_store_bind_text(q, 9, in->certainty);
        fc_store_bind_text(q, 10, in->known_by);
        fc_store_bind_text(q, 11, in->note);
        ret = fc_store_step(store, q, diag);
    }
    sqlite3_finalize(q);
    return ret;
}

static int add_fleets(fc_store *store, const fc_plan *plan, int64_t run, fc_diag *diag)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store, "INSERT INTO fleet VALUES(?,?,?,?,?)", diag, &q);
    for (uint32_t f = 0; f < plan->n_fleets && !ret; f++) {
        const fc_fleet *fleet = &plan->fleets[f];
        sqlite3_bind_int64(q, 1, run);
        fc_store_bind_text(q, 2, fleet->name);
        fc_store_bind_text(q, 3, fleet->title_en);
        fc_store_bind_text(q, 4, fleet->title_ko);
        fc_store_bind_text(q, 5, plan->currencies[fleet->currency].code);
        ret = fc_store_step(store, q, diag);
    }
    sqlite3_finalize(q);
    return ret;
}

/* The id of a metric of an entity: found, or made. */
static int metric_id(fc_store *store, const fc_observable *o, sqlite3_stmt *find,
                     sqlite3_stmt *make, fc_diag *diag, int64_t *id)
{
    const fc_metric_info *m = &fc_metrics[o->metric];
    fc_store_bind_text(find, 1, m->id);
    fc_store_bind_text(find, 2, o->name);
    fc_store_bind_text(find, 3, o->unit);
    int code = sqlite3_step(find);
    if (code == SQLITE_ROW) *id = sqlite3_column_int64(find, 0);
    sqlite3_reset(find);
    if (code == SQLITE_ROW) return FC_OK;
    if (code != SQLITE_DONE) return fc_store_error(store, diag);
    fc_store_bind_text(make, 1, m->id);
    fc_store_bind_text(make, 2, o->name);
    fc_store_bind_text(make, 3, o->unit);
    fc_store_bind_text(make, 4, m->kind == FC_KIND_SERIES ? "series" : "outcome");
    fc_store_bind_text(make, 5, m->en);
    fc_store_bind_text(make, 6, m->ko);
    fc_store_bind_text(make, 7, m->iamc);
    int ret = fc_store_step(store, make, diag);
    *id = sqlite3_last_insert_rowid(store->db);
    return ret;
}

/* Ids of what is observed, noted as observed in the run. Each series is an outcome too. */
static int metric_ids(fc_store *store, const fc_plan *plan, int64_t run, fc_diag *diag)
{
    sqlite3_stmt *find = NULL, *make = NULL, *note = NULL;
    free(store->outcome_ids);
    if (!(store->outcome_ids = calloc(plan->n_outcomes + 1, sizeof *store->outcome_ids)))
        return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    int ret = fc_store_prepare(
        store, "SELECT metric_id FROM metric WHERE metric = ? AND entity = ? AND unit = ?", diag,
        &find);
    if (!ret)
        ret = fc_store_prepare(store,
                               "INSERT INTO metric(metric, entity, unit, kind, en, ko, iamc)"
                               " VALUES(?,?,?,?,?,?,?)",
                               diag, &make);
    if (!ret)
        ret = fc_store_prepare(store, "INSERT OR IGNORE INTO observed VALUES(?,?)", diag, &note);
    for (uint32_t i = 0; i < plan->n_outcomes && !ret; i++) {
        int64_t *id = &store->outcome_ids[i];
        if ((ret = metric_id(store, &plan->outcomes[i], find, make, diag, id))) break;
        sqlite3_bind_int64(note, 1, run);
        sqlite3_bind_int64(note, 2, *id);
        ret = fc_store_step(store, note, diag);
    }
    sqlite3_finalize(find);
    sqlite3_finalize(make);
    sqlite3_finalize(note);
    return ret;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const fc_store_entity *)a)->name, ((const fc_store_entity *)b)->name);
}

/* Where the rows of `series` find their values, in the order of their key. */
static int series_rows(fc_store *store, const fc_plan *plan, fc_diag *diag)
{
    free(store->entities);
    free(store->month_days);
    store->n_entities = 0;
    store->entities = calloc(plan->n_series + 1, sizeof *store->entities);
    store->month_days = calloc(plan->n_months + 1, sizeof *store->month_days);
    if (!store->entities || !store->month_days) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    for (uint32_t k = 0; k < plan->n_series; k++) {
        const fc_observable *o = &plan->series[k];
        uint32_t e = 0;
        while (e < store->n_entities && strcmp(store->entities[e].name, o->name) != 0) e++;
        if (e == store->n_entities) {
            store->entities[store->n_entities++].name = o->name;
            for (int m = 0; m < FC_N_METRICS; m++) store->entities[e].place[m] = FC_NONE;
        }
        store->entities[e].place[o->metric] = (int32_t)k;
    }
    qsort(store->entities, store->n_entities, sizeof *store->entities, by_name);
    for (uint32_t m = 0; m < plan->n_months; m++)
        store->month_days[m] = fc_date_days(fc_epoch_date_by(plan->epoch, plan->month_ends[m]));
    return FC_OK;
}

/* Ids of what is drawn. Dates are kept as days since 1970-01-01, as everywhere in the database. */
static int path_ids(fc_store *store, const fc_plan *plan, fc_diag *diag)
{
    sqlite3_stmt *make = NULL, *find = NULL;
    free(store->draw_ids);
    free(store->draw_is_date);
    store->draw_ids = calloc(plan->n_draws + 1, sizeof *store->draw_ids);
    store->draw_is_date = calloc(plan->n_draws + 1, sizeof *store->draw_is_date);
    if (!store->draw_ids || !store->draw_is_date) return FC_E_NOMEM;
    int ret =
        fc_store_prepare(store, "INSERT OR IGNORE INTO path(path, unit) VALUES(?,?)", diag, &make);
    if (!ret)
        ret = fc_store_prepare(store, "SELECT path_id FROM path WHERE path = ? AND unit = ?", diag,
                               &find);
    for (uint32_t i = 0; i < plan->n_draws && !ret; i++) {
        const char *unit = fc_draw_unit(plan->draw_names[i]);
        store->draw_is_date[i] = strcmp(unit, "date") == 0;
        fc_store_bind_text(make, 1, plan->draw_names[i]);
        fc_store_bind_text(make, 2, unit);
        fc_store_bind_text(find, 1, plan->draw_names[i]);
        fc_store_bind_text(find, 2, unit);
        if ((ret = fc_store_step(store, make, diag))) break;
        if (sqlite3_step(find) == SQLITE_ROW)
            store->draw_ids[i] = sqlite3_column_int64(find, 0);
        else
            ret = fc_store_error(store, diag);
        sqlite3_reset(find);
    }
    sqlite3_finalize(make);
    sqlite3_finalize(find);
    return ret;
}

int fc_store_begin_run(fc_store *store, fc_scenario *scenario, fc_diag *diag, int64_t *run)
{
    char seed[24], libm[65];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)scenario->plan->seed);
    fc_store_libm_probe(libm);
    int ret = fc_store_flush(store, diag);
    store->plan = NULL;
    if (!ret) ret = fc_store_begin(store, diag);
    if (ret) return ret;
    ret = find_run(store, scenario, seed, libm, diag, run);
    if (!ret && *run < 0) {
        ret = add_run(store, scenario, seed, libm, diag, run);
        if (!ret) ret = add_fleets(store, scenario->plan, *run, diag);
        if (!ret) ret = add_inputs(store, scenario, *run, diag);
    }
    const fc_plan *plan = scenario->plan;
    if (!ret) ret = metric_ids(store, plan, *run, diag);
    if (!ret) ret = series_rows(store, plan, diag);
    if (!ret) ret = path_ids(store, plan, diag);
    if (!ret) ret = fc_store_list_waiting(store, plan, diag);
    ret = fc_store_end(store, ret, diag);
    if (ret) return ret;
    store->run = *run;
    store->plan = plan;
    return FC_OK;
}

int fc_store_done(fc_store *store, int64_t run, uint32_t n, bool *done, fc_diag *diag)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(store,
                               "SELECT replication FROM replication WHERE run_id = ?1 AND"
                               " replication < ?2",
                               diag, &q);
    if (ret) return ret;
    sqlite3_bind_int64(q, 1, run);
    sqlite3_bind_int64(q, 2, n);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW) done[sqlite3_column_int64(q, 0)] = true;
    if (code != SQLITE_DONE) ret = fc_store_error(store, diag);
    sqlite3_finalize(q);
    return ret;
}
