/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fc_store_merge (fleetcast/results.h). */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/text.h"
#include "store/store_private.h"

enum { MAX_COLUMNS = 512, MAX_TABLES = 64 };

/* A table of both databases, with the columns that both have. */
typedef struct table {
    const char *name;
    const char *id;       /* its integer primary key NAME_id, NULL: none */
    const char *unique;   /* "a, b": the columns that tell its rows apart, of one with an id */
    bool of_replications; /* has run_id and replication */
    const char *columns[MAX_COLUMNS];
    size_t n;
} table;

typedef struct merger {
    fc_store *store;
    fc_arena *arena;
    fc_diag *diag;
    table tables[MAX_TABLES];
    size_t n;
} merger;

static int no_memory(fc_diag *diag)
{
    return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
}

/* Runs the text as SQL and frees it. */
static int run_text(merger *m, fc_text *sql)
{
    int ret =
        fc_text_failed(sql) ? no_memory(m->diag) : fc_store_exec(m->store, sql->data, m->diag);
    fc_text_free(sql);
    *sql = (fc_text)FC_TEXT_EMPTY;
    return ret;
}

/* ---- what there is --------------------------------------------------------------------------- */

/* The first column of a query, at most `room` texts. */
static int read_texts(merger *m, const char *sql, const char **out, size_t room, size_t *n)
{
    sqlite3_stmt *q = NULL;
    int code = SQLITE_DONE, ret = fc_store_prepare(m->store, sql, m->diag, &q);
    *n = 0;
    while (!ret && *n < room && (code = sqlite3_step(q)) == SQLITE_ROW) {
        out[*n] = fc_arena_strdup(m->arena, (const char *)sqlite3_column_text(q, 0));
        if (!out[(*n)++]) ret = no_memory(m->diag);
    }
    if (!ret && code != SQLITE_DONE && code != SQLITE_ROW) ret = fc_store_error(m->store, m->diag);
    sqlite3_finalize(q);
    return ret;
}

static int describe(merger *m, table *t)
{
    const char *ids[2], *names[1];
    size_t n_ids = 0, n_names = 0;
    int ret = FC_E_NOMEM;
    const char *columns = fc_arena_printf(
        m->arena,
        "SELECT name FROM pragma_table_info('%s') JOIN pragma_table_info('%s', 'part') p"
        " USING(name)",
        t->name, t->name);
    const char *id = fc_arena_printf(m->arena,
                                     "SELECT name FROM pragma_table_info('%s') WHERE pk = 1 AND"
                                     " name = '%s_id' AND type = 'INTEGER'",
                                     t->name, t->name);
    const char *unique =
        fc_arena_printf(m->arena,
                        "SELECT (SELECT group_concat(name, ', ') FROM pragma_index_info(i.name))"
                        " FROM pragma_index_list('%s') i WHERE origin = 'u'",
                        t->name);
    if (columns && id && unique) ret = read_texts(m, columns, t->columns, MAX_COLUMNS, &t->n);
    if (!ret) ret = read_texts(m, id, ids, 1, &n_ids);
    if (!ret && n_ids) ret = read_texts(m, unique, names, 1, &n_names);
    if (ret) return ret;
    t->id = n_ids ? ids[0] : NULL;
    t->unique = n_names ? names[0] : NULL;
    int both = 0;
    for (size_t c = 0; c < t->n; c++)
        both += strcmp(t->columns[c], "run_id") == 0 || strcmp(t->columns[c], "replication") == 0;
    t->of_replications = both == 2;
    return FC_OK;
}

/* Tables that only some databases have (traces replayed) are made. Names are as plain as ours: what
 * somebody else put into the file is left there. */
static int make_tables(merger *m)
{
    const char *made[MAX_TABLES];
    size_t n = 0;
    int ret = read_texts(m,
                         "SELECT sql FROM part.sqlite_schema WHERE type = 'table' AND name NOT GLOB"
                         " '*[^a-z_]*' AND name NOT LIKE 'sqlite%' AND sql LIKE '%STRICT%' AND name"
                         " NOT IN (SELECT name FROM main.sqlite_schema) ORDER BY rowid",
                         made, MAX_TABLES, &n);
    for (size_t i = 0; i < n && !ret; i++) ret = fc_store_exec(m->store, made[i], m->diag);
    return ret;
}

/* All tables in the order made: what others refer to comes before them. */
static int find_tables(merger *m)
{
    const char *names[MAX_TABLES] = {0};
    int ret = read_texts(m,
                         "SELECT s.name FROM main.sqlite_schema s JOIN part.sqlite_schema p"
                         " ON p.name = s.name WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite%'"
                         " AND s.name NOT GLOB '*[^a-z_]*'"
                         " ORDER BY s.rowid",
                         names, MAX_TABLES, &m->n);
    for (size_t i = 0; i < m->n && !ret; i++) {
        m->tables[i].name = names[i];
        ret = describe(m, &m->tables[i]);
    }
    return ret;
}

/* ---- does it belong here? ---------------------------------------------------------------------
 */

static int refuse_if(merger *m, const char *path, const char *sql)
{
    const char *what[1];
    size_t n;
    int ret = read_texts(m, sql, what, 1, &n);
    if (!ret && n) ret = fc_fail(m->diag, FC_E_MERGE, NULL, path, m->store->path, what[0], NULL);
    return ret;
}

/* Adds "x.kind = y.kind AND x.seed = y.seed ...". */
static void add_same(fc_text *out, const char *x, const char *y, const char *const *marks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fc_text_printf(out, "%s%s.%s = %s.%s", i ? " AND " : "", x, marks[i], y, marks[i]);
}

/* Adds the first mark in which a and b differ, as SQL that says it in words. The hashes of the
 * points and of what is beneath them follow from the rest, or tell by themselves what they are. */
static void add_difference(fc_text *out, const char *const *marks, size_t n)
{
    fc_text_add(out, "CASE");
    for (size_t i = 0; i < n; i++)
        if (strcmp(marks[i], "hash") != 0 && strcmp(marks[i], "base") != 0)
            fc_text_printf(out,
                           " WHEN a.%s <> b.%s THEN '%s: ' || substr(b.%s, 1, 200) || ' <> ' ||"
                           " substr(a.%s, 1, 200)",
                           marks[i], marks[i], marks[i], marks[i], marks[i]);
    fc_text_add(out, " WHEN a.hash <> b.hash THEN 'values of the points'"
                     " ELSE 'contents of the scenarios' END");
}

/* Experiments of one name are to be the same, by the columns that tell them apart, unless the one
 * or the other file has both (fc_store_begin_design). */
static int check_designs(merger *m, const char *path)
{
    const char *marks[MAX_COLUMNS];
    size_t n = 0;
    fc_text sql = FC_TEXT_EMPTY;
    int ret = read_texts(m,
                         "SELECT c.name FROM pragma_index_list('design') i,"
                         " pragma_index_info(i.name) c WHERE origin = 'u' ORDER BY seqno",
                         marks, MAX_COLUMNS, &n);
    if (ret) return ret;
    fc_text_add(&sql, "SELECT a.name || ': ' || ");
    add_difference(&sql, marks, n);
    fc_text_add(&sql, " FROM part.design a JOIN main.design b ON a.name = b.name"
                      " WHERE NOT EXISTS (SELECT 1 FROM main.design c WHERE ");
    add_same(&sql, "c", "a", marks, n);
    fc_text_add(&sql, ") AND NOT EXISTS (SELECT 1 FROM part.design c WHERE ");
    add_same(&sql, "c", "b", marks, n);
    fc_text_add(&sql, ")");
    ret = fc_text_failed(&sql) ? no_memory(m->diag) : refuse_if(m, path, sql.data);
    fc_text_free(&sql);
    return ret;
}

static int check_runs(merger *m, const char *path)
{
    int ret = refuse_if(m, path,
                        "SELECT a.name || ': libm ' || a.libm || ' <> ' || b.libm FROM part.run a"
                        " JOIN main.run b ON a.libm <> b.libm");
    if (ret) return ret;
    return refuse_if(
        m, path,
        "SELECT a.name || ': ' ||"
        " CASE WHEN a.version <> b.version THEN 'version ' || b.version || ' <> ' || a.version"
        " WHEN a.seed <> b.seed THEN 'seed ' || b.seed || ' <> ' || a.seed"
        " ELSE coalesce((SELECT i.path || ': ' || k.value || ' <> ' || i.value FROM part.input i"
        "  JOIN main.input k ON k.run_id = b.run_id AND k.path = i.path AND k.value <> i.value"
        "  WHERE i.run_id = a.run_id LIMIT 1), 'another scenario') END"
        " FROM part.run a JOIN main.run b ON a.name = b.name"
        " WHERE NOT EXISTS (SELECT 1 FROM main.run c WHERE c.hash = a.hash AND c.seed = a.seed"
        "  AND c.version = a.version)"
        " AND NOT EXISTS (SELECT 1 FROM part.run c WHERE c.hash = b.hash AND c.seed = b.seed"
        "  AND c.version = b.version)");
}

/* ---- copying ----------------------------------------------------------------------------------
 */

static bool has_map(const merger *m, const char *column)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->tables[i].id && strcmp(m->tables[i].id, column) == 0) return true;
    return false;
}

/* "hash, seed" or, `of` the other database, the same with ids replaced: a column that is an id
 * elsewhere becomes (SELECT is FROM temp.map_run WHERE was = s.run_id). `skip` (may be NULL) is
 * left out. */
static void add_columns(const merger *m, const table *t, bool replaced, const char *skip,
                        fc_text *out)
{
    bool first = true;
    for (size_t c = 0; c < t->n; c++) {
        const char *name = t->columns[c];
        if (skip && strcmp(name, skip) == 0) continue;
        fc_text_add(out, first ? "" : ", ");
        first = false;
        if (replaced && has_map(m, name))
            fc_text_printf(out, "(SELECT \"is\" FROM temp.map_%s WHERE was = s.%s)", name, name);
        else
            fc_text_printf(out, "%s\"%s\"", replaced ? "s." : "", name);
    }
}

/* A table with an id: its new rows, and which id became which. */
static int merge_named(merger *m, const table *t)
{
    fc_text sql = FC_TEXT_EMPTY;
    fc_text_printf(&sql, "INSERT OR IGNORE INTO main.%s(", t->name);
    add_columns(m, t, false, t->id, &sql);
    fc_text_add(&sql, ") SELECT ");
    add_columns(m, t, true, t->id, &sql);
    fc_text_printf(&sql, " FROM part.%s s ORDER BY s.%s", t->name, t->id);
    int ret = run_text(m, &sql);
    if (ret) return ret;
    fc_text_printf(&sql,
                   "CREATE TEMP TABLE map_%s(was INTEGER PRIMARY KEY, \"is\" INTEGER);"
                   "INSERT INTO temp.map_%s SELECT s.%s, o.%s FROM part.%s s JOIN main.%s o"
                   " USING(%s)",
                   t->id, t->id, t->id, t->id, t->name, t->name, t->unique);
    return run_text(m, &sql);
}

/* An experiment that has grown is as long as its longest part. */
static int lengthen_designs(merger *m)
{
    int ret = fc_store_know_longer(m->store, m->diag);
    if (ret) return ret;
    return fc_store_exec(m->store,
                         "UPDATE main.design SET replications = longer(main.design.replications,"
                         " s.replications) FROM part.design s JOIN temp.map_design_id map"
                         " ON map.was = s.design_id WHERE main.design.design_id = map.\"is\"",
                         m->diag);
}

/* The replications that are new here, once the runs are known. */
static int find_fresh(merger *m)
{
    return fc_store_exec(
        m->store,
        "CREATE TEMP TABLE fresh(run_id INTEGER, replication INTEGER,"
        " PRIMARY KEY(run_id, replication)) WITHOUT ROWID;"
        "INSERT INTO temp.fresh SELECT s.run_id, s.replication FROM part.replication s"
        " JOIN temp.map_run_id map ON map.was = s.run_id"
        " WHERE NOT EXISTS (SELECT 1 FROM main.replication r WHERE r.run_id = map.\"is\""
        " AND r.replication = s.replication)",
        m->diag);
}

static int merge_plain(merger *m, const table *t)
{
    fc_text sql = FC_TEXT_EMPTY;
    bool failure = strcmp(t->name, "failure") == 0;
    /* A failure is what failed last. */
    fc_text_printf(&sql, "INSERT OR %s INTO main.%s(", failure ? "REPLACE" : "IGNORE", t->name);
    add_columns(m, t, false, NULL, &sql);
    fc_text_add(&sql, ") SELECT ");
    add_columns(m, t, true, NULL, &sql);
    fc_text_printf(&sql, " FROM part.%s s", t->name);
    /* What was asked of a part of a run is the most that either file was asked for, which has ended
     * where it has for either. */
    if (strcmp(t->name, "part") == 0)
        fc_text_add(&sql, " WHERE true ON CONFLICT DO UPDATE SET wanted = excluded.wanted,"
                          " found = excluded.found, start = excluded.start,"
                          " replications = excluded.replications, began = excluded.began,"
                          " seen = excluded.seen, ended = excluded.ended,"
                          " process = excluded.process"
                          " WHERE (excluded.replications, excluded.ended, excluded.began)"
                          "  > (replications, ended, began)");
    /* So is a point; and one that could be built in one of them is. */
    if (strcmp(t->name, "point") == 0)
        fc_text_add(&sql, " WHERE true ON CONFLICT DO UPDATE SET run_id = excluded.run_id,"
                          " first = excluded.first, replications = excluded.replications,"
                          " code = excluded.code, sentence = excluded.sentence"
                          " WHERE excluded.run_id IS NOT NULL"
                          "  AND (run_id IS NULL OR excluded.replications > replications)");
    /* Of looks the larger: its intervals are over all that both looked at. */
    if (strcmp(t->name, "look") == 0)
        fc_text_add(&sql, " WHERE true ON CONFLICT DO UPDATE SET precision = excluded.precision,"
                          " number = excluded.number, n = excluded.n, level = excluded.level,"
                          " reached = excluded.reached WHERE (excluded.n, excluded.reached,"
                          "  excluded.precision) > (n, reached, precision)");
    if (t->of_replications && !failure)
        fc_text_add(&sql, " WHERE EXISTS (SELECT 1 FROM temp.fresh f WHERE f.run_id = s.run_id"
                          " AND f.replication = s.replication)");
    return run_text(m, &sql);
}

static int merge_all(merger *m)
{
    int ret = FC_OK;
    for (size_t i = 0; i < m->n && !ret; i++)
        if (m->tables[i].id && m->tables[i].unique) ret = merge_named(m, &m->tables[i]);
    if (!ret) ret = lengthen_designs(m);
    if (!ret) ret = find_fresh(m);
    for (size_t i = 0; i < m->n && !ret; i++) {
        const table *t = &m->tables[i];
        /* Of all replications: made again. */
        bool derived = strcmp(t->name, "summary") == 0 || strcmp(t->name, "pooled_wait") == 0;
        if (!t->id && !derived) ret = merge_plain(m, t);
    }
    if (!ret)
        ret = fc_store_exec(m->store,
                            "DELETE FROM main.failure WHERE EXISTS (SELECT 1 FROM main.replication"
                            " r WHERE r.run_id = failure.run_id AND r.replication ="
                            " failure.replication)",
                            m->diag);
    return ret;
}

static int count(merger *m, fc_merge_result *out)
{
    sqlite3_stmt *q;
    int ret = fc_store_prepare(m->store,
                               "SELECT (SELECT count(*) FROM temp.fresh),"
                               " (SELECT count(*) FROM part.replication)",
                               m->diag, &q);
    if (ret) return ret;
    if (sqlite3_step(q) == SQLITE_ROW) {
        out->replications = sqlite3_column_int64(q, 0);
        out->there = sqlite3_column_int64(q, 1) - out->replications;
    }
    sqlite3_finalize(q);
    return FC_OK;
}

/* ---- the other database ------------------------------------------------------------------------
 */

static bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int attach(merger *m, const char *path)
{
    fc_store *look;
    if (is_same_file(path, m->store->path))
        return fc_fail(m->diag, FC_E_MERGE, NULL, path, m->store->path,
                       FC_BOTH("it is the same file", "같은 파일입니다"), NULL);
    int ret = fc_store_open(path, FC_STORE_READ, m->diag, &look); /* ours, and of this schema? */
    if (ret) return ret;
    fc_store_close(look);
    sqlite3_stmt *q;
    if ((ret = fc_store_prepare(m->store, "ATTACH ? AS part", m->diag, &q))) return ret;
    char *name = fc_store_uri(path, "?mode=ro");
    if (!name) {
        sqlite3_finalize(q);
        return no_memory(m->diag);
    }
    fc_store_bind_text(q, 1, name);
    ret = fc_store_step(m->store, q, m->diag);
    sqlite3_finalize(q);
    free(name);
    return ret;
}

static void detach(merger *m)
{
    for (size_t i = 0; i < m->n; i++) {
        fc_text sql = FC_TEXT_EMPTY;
        if (!m->tables[i].id) continue;
        fc_text_printf(&sql, "DROP TABLE IF EXISTS temp.map_%s", m->tables[i].id);
        if (sql.data) sqlite3_exec(m->store->db, sql.data, NULL, NULL, NULL);
        fc_text_free(&sql);
    }
    sqlite3_exec(m->store->db, "DROP TABLE IF EXISTS temp.fresh", NULL, NULL, NULL);
    sqlite3_exec(m->store->db, "DETACH part", NULL, NULL, NULL);
}

/* The summaries of runs that have become more. */
static int summarise(fc_store *store, fc_diag *diag)
{
    fc_run_info *runs = NULL;
    size_t n = 0;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_runs(store, arena, diag, &runs, &n) : no_memory(diag);
    for (size_t i = 0; i < n && !ret; i++) ret = fc_store_summarise(store, runs[i].id, 1, diag);
    fc_arena_free(arena);
    return ret;
}

int fc_store_merge(fc_store *store, const char *path, bool force, fc_diag *diag,
                   fc_merge_result *out)
{
    *out = (fc_merge_result){0};
    merger *m = calloc(1, sizeof *m);
    fc_arena *arena = fc_arena_create();
    int ret = m && arena ? fc_store_flush(store, diag) : no_memory(diag);
    if (ret) goto out;
    *m = (merger){.store = store, .arena = arena, .diag = diag};
    if ((ret = attach(m, path))) goto out;
    if (!(ret = fc_store_begin(store, diag))) {
        ret = make_tables(m);
        if (!ret) ret = find_tables(m);
        if (!ret && !force) ret = check_runs(m, path);
        if (!ret && !force) ret = check_designs(m, path);
        if (!ret) ret = merge_all(m);
        if (!ret) ret = count(m, out);
        ret = fc_store_end(store, ret, diag);
    }
    detach(m);
    if (!ret) ret = summarise(store, diag);
out:
    fc_arena_free(arena);
    free(m);
    return ret;
}
