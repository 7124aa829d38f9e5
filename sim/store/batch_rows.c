/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The batch as tables (eponymous virtual ones, which only this connection sees): batch_outcome,
 * batch_draw, batch_series and batch_job_wait, with the columns of the tables they are inserted
 * into and their rows in key order. `INSERT INTO outcome SELECT * FROM batch_outcome` is one
 * statement that fetches each value as it makes the row: half the time of binding and stepping row
 * by row. */
#include "store/batch_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"

#define BATCH "batch_" /* the tables' names are this and that of the one they fill */

/* The columns of series after its key. */
static const fc_metric series_metrics[] = {
#define METRIC_SERIES(id) FC_M_##id,
#define METRIC_OUTCOME(id)
#define METRIC(id, scope, kind, unit, en, ko, iamc) METRIC_##kind(id)
    FC_METRIC_TABLE(METRIC)};
enum { N_SERIES_METRICS = sizeof series_metrics / sizeof *series_metrics };

#define NAME_SERIES(id) "," #id
#define NAME_OUTCOME(id)
#define NAME(id, scope, kind, unit, en, ko, iamc) NAME_##kind(id)
#define OUTCOME_COLUMNS "run_id,replication,metric_id,value"
#define DRAW_COLUMNS "run_id,replication,path_id,value"
#define WAIT_COLUMNS "run_id,replication,entity,per_job,started,gone,slowdown,granted"
#define SERIES_KEY "run_id,entity,day,replication"
#define SERIES_COLUMNS SERIES_KEY FC_METRIC_TABLE(NAME)

/* Three loops, the last one fastest: replication and metric; entity, month and replication. */
typedef struct cursor {
    sqlite3_vtab_cursor base;
    const fc_store *store;
    uint32_t n[3], at[3];
    uint32_t record;      /* of the batch */
    const double *values; /* of a row of series */
    const int32_t *place; /* ... and where in them each metric is */
} cursor;

typedef struct source {
    const char *table, *columns;
    void (*open)(cursor *c); /* sets n */
    void (*row)(cursor *c);  /* looks up what the row's columns have in common */
    void (*column)(const cursor *c, sqlite3_context *out, int column);
} source;

static void put_number(sqlite3_context *out, double value)
{
    if (isfinite(value))
        sqlite3_result_double(out, value);
    else
        sqlite3_result_null(out);
}

/* ---- outcome and draw ------------------------------------------------------------------------ */

static void open_outcome(cursor *c)
{
    c->n[0] = 1;
    c->n[1] = c->store->batch.n_kept;
    c->n[2] = c->store->batch.plan->n_outcomes;
}

static void open_draw(cursor *c)
{
    c->n[0] = 1;
    c->n[1] = c->store->batch.n_kept;
    c->n[2] = c->store->batch.plan->n_draws;
}

static void replication_row(cursor *c)
{
    c->record = c->store->batch.kept[c->at[1]];
}

static void outcome_column(const cursor *c, sqlite3_context *out, int column)
{
    const fc_store_batch *b = &c->store->batch;
    switch (column) {
    case 0:
        sqlite3_result_int64(out, b->run);
        break;
    case 1:
        sqlite3_result_int64(out, b->replication[c->record]);
        break;
    case 2:
        sqlite3_result_int64(out, c->store->outcome_ids[c->at[2]]);
        break;
    default:
        put_number(out, b->outcomes[(size_t)c->record * b->plan->n_outcomes + c->at[2]]);
    }
}

static void draw_column(const cursor *c, sqlite3_context *out, int column)
{
    const fc_store_batch *b = &c->store->batch;
    double value = b->draws[(size_t)c->record * b->plan->n_draws + c->at[2]];
    switch (column) {
    case 0:
        sqlite3_result_int64(out, b->run);
        break;
    case 1:
        sqlite3_result_int64(out, b->replication[c->record]);
        break;
    case 2:
        sqlite3_result_int64(out, c->store->draw_ids[c->at[2]]);
        break;
    default:
        /* Dates are days since 1970-01-01 in the database, seconds since the start in the model. */
        if (c->store->draw_is_date[c->at[2]])
            value = (double)b->plan->epoch.start_day + value / FC_DAY;
        put_number(out, value);
    }
}

/* ---- series ---------------------------------------------------------------------------------- */

static void open_series(cursor *c)
{
    c->n[0] = c->store->batch.n_kept;
    c->n[1] = c->store->n_entities;
    c->n[2] = c->store->batch.plan->n_months;
}

static void series_row(cursor *c)
{
    const fc_store_batch *b = &c->store->batch;
    c->record = b->kept[c->at[0]];
    c->place = c->store->entities[c->at[1]].place;
    c->values = b->series + ((size_t)c->record * b->plan->n_months + c->at[2]) * b->plan->n_series;
}

static void series_column(const cursor *c, sqlite3_context *out, int column)
{
    const fc_store_batch *b = &c->store->batch;
    int32_t place;
    switch (column) {
    case 0:
        sqlite3_result_int64(out, b->run);
        break;
    case 1:
        sqlite3_result_text(out, c->store->entities[c->at[1]].name, -1, SQLITE_STATIC);
        break;
    case 2:
        sqlite3_result_int64(out, c->store->month_days[c->at[2]]);
        break;
    case 3:
        sqlite3_result_int64(out, b->replication[c->record]);
        break;
    default:
        place = c->place[series_metrics[column - 4]];
        if (place == FC_NONE)
            sqlite3_result_null(out);
        else
            put_number(out, c->values[place]);
    }
}

/* ---- waits ----------------------------------------------------------------------------------- */

static void open_wait(cursor *c)
{
    c->n[0] = 1;
    c->n[1] = c->store->batch.n_kept;
    c->n[2] = c->store->n_waiting;
}

static void wait_column(const cursor *c, sqlite3_context *out, int column)
{
    enum { FIRST_BYTES = 4 };
    const fc_store_batch *b = &c->store->batch;
    const fc_store_waiting *w = &c->store->waiting[c->at[2]];
    const fc_bytes *bytes = b->waits + c->record * b->n_waits + (size_t)FC_WAITS_A_CLASS * w->class;
    switch (column) {
    case 0:
        sqlite3_result_int64(out, b->run);
        break;
    case 1:
        sqlite3_result_int64(out, b->replication[c->record]);
        break;
    case 2:
        sqlite3_result_text(out, w->name, -1, SQLITE_STATIC);
        break;
    case 3:
        sqlite3_result_int64(out, w->per_job);
        break;
    default:
        bytes += column - FIRST_BYTES;
        if (bytes->data)
            sqlite3_result_blob64(out, bytes->data, bytes->length, SQLITE_STATIC);
        else
            sqlite3_result_zeroblob(out, 0);
    }
}

static const source sources[] = {
    {"outcome", OUTCOME_COLUMNS, open_outcome, replication_row, outcome_column},
    {"draw", DRAW_COLUMNS, open_draw, replication_row, draw_column},
    {"series", SERIES_COLUMNS, open_series, series_row, series_column},
    {"job_wait", WAIT_COLUMNS, open_wait, replication_row, wait_column},
};
enum { N_SOURCES = sizeof sources / sizeof *sources };

/* ---- as SQLite wants it ---------------------------------------------------------------------- */

typedef struct table {
    sqlite3_vtab base;
    const fc_store *store;
    const source *source;
} table;

static const source *source_of(const cursor *c)
{
    return ((const table *)c->base.pVtab)->source;
}

/* argv[0] is the module's name: batch_ and a table. */
static int connect(sqlite3 *db, void *store, int argc, const char *const *argv, sqlite3_vtab **out,
                   char **message)
{
    const char *name = argv[0] + strlen(BATCH);
    char sql[64 + sizeof SERIES_COLUMNS];
    size_t k = 0;
    (void)argc, (void)message;
    while (k + 1 < N_SOURCES && strcmp(sources[k].table, name) != 0) k++;
    snprintf(sql, sizeof sql, "CREATE TABLE x(%s)", sources[k].columns);
    int code = sqlite3_declare_vtab(db, sql);
    if (code != SQLITE_OK) return code;
    table *t = sqlite3_malloc(sizeof *t);
    if (!t) return SQLITE_NOMEM;
    *t = (table){.store = store, .source = &sources[k]};
    *out = &t->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *t)
{
    sqlite3_free(t);
    return SQLITE_OK;
}

static int plan_query(sqlite3_vtab *t, sqlite3_index_info *info)
{
    (void)t;
    info->estimatedCost = 1e6; /* always from the first to the last row */
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
    cursor *c = sqlite3_malloc(sizeof *c);
    if (!c) return SQLITE_NOMEM;
    *c = (cursor){.store = ((const table *)t)->store};
    *out = &c->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *c)
{
    sqlite3_free(c);
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const cursor *c = (const cursor *)base;
    return c->at[0] >= c->n[0];
}

static int first(sqlite3_vtab_cursor *base, int number, const char *text, int argc,
                 sqlite3_value **argv)
{
    cursor *c = (cursor *)base;
    (void)number, (void)text, (void)argc, (void)argv;
    memset(c->at, 0, sizeof c->at);
    source_of(c)->open(c);
    if (c->n[1] == 0 || c->n[2] == 0) c->n[0] = 0;
    if (c->n[0] > 0) source_of(c)->row(c);
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    cursor *c = (cursor *)base;
    if (++c->at[2] == c->n[2]) {
        c->at[2] = 0;
        if (++c->at[1] == c->n[1]) {
            c->at[1] = 0;
            c->at[0]++;
        }
    }
    if (c->at[0] < c->n[0]) source_of(c)->row(c);
    return SQLITE_OK;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *out, int k)
{
    const cursor *c = (const cursor *)base;
    source_of(c)->column(c, out, k);
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    const cursor *c = (const cursor *)base;
    *out = ((int64_t)c->at[0] * c->n[1] + c->at[1]) * c->n[2] + c->at[2];
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = connect,
    .xDisconnect = disconnect,
    .xBestIndex = plan_query,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = first,
    .xNext = next,
    .xEof = at_end,
    .xColumn = column,
    .xRowid = rowid,
};

int fc_batch_rows_register(fc_store *store)
{
    for (size_t k = 0; k < N_SOURCES; k++) {
        char name[32];
        snprintf(name, sizeof name, BATCH "%s", sources[k].table);
        if (sqlite3_create_module(store->db, name, &module, store) != SQLITE_OK) return FC_E_NOMEM;
    }
    return FC_OK;
}

/* The columns of series as far as the plan fills any, in the table's order, and what is selected
 * for them: NULL, without being asked for, where it does not fill one. Columns in order, none left
 * out, SQLite computes where the row is made of them; others it copies there. */
static void list_series(const fc_plan *plan, fc_text *into, fc_text *from)
{
    bool used[FC_N_METRICS] = {false};
    size_t n = 0;
    for (uint32_t k = 0; k < plan->n_series; k++) used[plan->series[k].metric] = true;
    for (size_t i = 0; i < N_SERIES_METRICS; i++)
        if (used[series_metrics[i]]) n = i + 1;
    fc_text_add(into, SERIES_KEY);
    fc_text_add(from, SERIES_KEY);
    for (size_t i = 0; i < n; i++) {
        const char *name = fc_metrics[series_metrics[i]].id;
        fc_text_printf(into, ",%s", name);
        fc_text_printf(from, ",%s", used[series_metrics[i]] ? name : "NULL");
    }
}

/* OR ROLLBACK, as an error ends the transaction anyway: a statement that could be undone by itself
 * keeps a copy of every page that it changes. */
static int insert(fc_store *store, const char *name, const char *into, const char *from,
                  fc_diag *diag)
{
    fc_text sql = FC_TEXT_EMPTY;
    fc_text_printf(&sql, "INSERT OR ROLLBACK INTO %s(%s) SELECT %s FROM " BATCH "%s", name, into,
                   from, name);
    int ret = fc_text_failed(&sql) ? fc_fail(diag, FC_E_NOMEM, NULL, NULL)
                                   : fc_store_exec(store, sql.data, diag);
    fc_text_free(&sql);
    return ret;
}

int fc_batch_rows_insert(fc_store *store, fc_diag *diag)
{
    fc_text into = FC_TEXT_EMPTY, from = FC_TEXT_EMPTY;
    list_series(store->batch.plan, &into, &from);
    bool failed = fc_text_failed(&into) || fc_text_failed(&from);
    int ret = failed ? fc_fail(diag, FC_E_NOMEM, NULL, NULL) : FC_OK;
    for (size_t k = 0; k < N_SOURCES && !ret; k++) {
        const source *s = &sources[k];
        bool series = s->column == series_column;
        ret = insert(store, s->table, series ? into.data : s->columns,
                     series ? from.data : s->columns, diag);
    }
    fc_text_free(&into);
    fc_text_free(&from);
    return ret;
}
