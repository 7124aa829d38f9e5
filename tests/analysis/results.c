/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "kernel/date.h"
#include "results.h"

static void must(results *r, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        fail_msg("%s", sqlite3_errmsg(r->db));
}

void results_begin(results *r)
{
    strcpy(r->path, "/tmp/fc-results-XXXXXX");
    int file = mkstemp(r->path);
    assert_true(file >= 0);
    close(file);
    r->diag = fc_diag_create();
    r->arena = fc_arena_create();
    assert_int_equal(fc_store_open(r->path, FC_STORE_WRITE, r->diag, &r->store), FC_OK);
    assert_int_equal(fc_store_close(r->store), FC_OK);
    r->store = NULL;
    must(r, sqlite3_open(r->path, &r->db));
    must(r, sqlite3_exec(r->db, "PRAGMA synchronous = OFF; BEGIN", NULL, NULL, NULL));
}

void results_end(results *r)
{
    char name[80];
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    fc_store_close(r->store);
    sqlite3_close(r->db);
    fc_arena_free(r->arena);
    fc_diag_free(r->diag);
    for (size_t i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%s%s", r->path, suffixes[i]);
        unlink(name);
    }
}

void results_read(results *r)
{
    must(r, sqlite3_exec(r->db, "COMMIT", NULL, NULL, NULL));
    assert_int_equal(fc_store_open(r->path, FC_STORE_READ, r->diag, &r->store), FC_OK);
}

/* Runs one statement; the arguments after it: an int or text or double each, as `kinds` says. */
static void run_sql(results *r, const char *sql, const char *kinds, ...)
{
    sqlite3_stmt *q;
    va_list args;
    must(r, sqlite3_prepare_v2(r->db, sql, -1, &q, NULL));
    va_start(args, kinds);
    for (int i = 0; kinds[i]; i++) {
        if (kinds[i] == 'i') {
            must(r, sqlite3_bind_int64(q, i + 1, va_arg(args, int)));
        } else if (kinds[i] == 't') {
            must(r, sqlite3_bind_text(q, i + 1, va_arg(args, const char *), -1, SQLITE_TRANSIENT));
        } else {
            double x = va_arg(args, double);
            must(r, isnan(x) ? sqlite3_bind_null(q, i + 1) : sqlite3_bind_double(q, i + 1, x));
        }
    }
    va_end(args);
    must(r, sqlite3_step(q));
    must(r, sqlite3_finalize(q));
}

double day_of(int year, int month, int day)
{
    return (double)fc_date_days((fc_date){year, month, day});
}

void results_run(results *r, int run, const char *seed, const char *end, const char *headline)
{
    char name[16];
    snprintf(name, sizeof name, "run-%d", run);
    run_sql(r,
            "INSERT INTO run(run_id, name, title_en, title_ko, file, hash, seed, version, libm,"
            " start_day, end_day, headline, created) VALUES(?1, ?2, 'Test', '시험', 'test.yaml',"
            " ?2, ?3, '0', '0', ?4, unixepoch(?5) / 86400, ?6, 'now')",
            "ittitt", run, name, seed, (int)day_of(2025, 1, 1), end, headline);
    run_sql(r,
            "INSERT INTO fleet(run_id, fleet, title_en, title_ko, currency)"
            " VALUES(?, 'korea', 'Korea', '대한민국', 'KRW')",
            "i", run);
}

void results_input(results *r, int run, const char *path, const char *value, const char *source,
                   const char *certainty)
{
    run_sql(r,
            "INSERT INTO input(run_id, path, value, unit, layer, file, line, source, certainty)"
            " VALUES(?, ?, ?, '', 'test', 'test.yaml', 1, ?, ?)",
            "itttt", run, path, value, source, certainty);
}

void results_goal(results *r, int run, const char *gpus)
{
    results_input(r, run, "fleets.korea.targets.goal.by", "2026-12-31", "law", "high");
    results_input(r, run, "fleets.korea.targets.goal.gpus", gpus, "law", "high");
    results_input(r, run, "fleets.korea.targets.goal.counted_at", "in_service", "law", "high");
}

void results_replication(results *r, int run, int replication)
{
    run_sql(r, "INSERT INTO replication(run_id, replication, events) VALUES(?, ?, 1)", "ii", run,
            replication);
}

void results_design(results *r, int run, const char *kind, const char *points, int each)
{
    run_sql(
        r,
        "INSERT INTO design(design_id, name, title_en, title_ko, file, kind, scenarios,"
        " policies, factors, replications, seed, points, hash, base) VALUES(?1, 'd' || ?1, '', '',"
        " '', ?2, '', '', '', '', '', ?3, '', '')",
        "itt", run, kind, points);
    for (int p = 0; p < atoi(points); p++)
        run_sql(r,
                "INSERT INTO point(design_id, scenario, policies, point, run_id, first,"
                " replications) VALUES(?1, 's', '', ?2, ?1, ?3, ?4)",
                "iiii", run, p, p * each, each);
}

/* A metric that the run observes. */
static void metric(results *r, int run, const char *name, const char *entity, const char *kind)
{
    run_sql(r,
            "INSERT INTO metric(metric, entity, unit, kind, en, ko, iamc)"
            " VALUES(?, ?, 'x', ?, 'x', 'x', 'x') ON CONFLICT DO NOTHING",
            "ttt", name, entity, kind);
    run_sql(r,
            "INSERT INTO observed(run_id, metric_id) SELECT ?, metric_id FROM metric WHERE"
            " metric = ? AND entity = ? ON CONFLICT DO NOTHING",
            "itt", run, name, entity);
}

void results_outcome(results *r, int run, int replication, const char *name, const char *entity,
                     double value)
{
    metric(r, run, name, entity, "outcome");
    run_sql(r,
            "INSERT INTO outcome(run_id, replication, metric_id, value) SELECT ?1, ?2, metric_id,"
            " ?5 FROM metric WHERE metric = ?3 AND entity = ?4",
            "iittd", run, replication, name, entity, value);
}

void results_series(results *r, int run, int replication, const char *name, const char *day,
                    double value)
{
    char *sql = sqlite3_mprintf(
        "INSERT INTO series(run_id, entity, day, replication, %s) VALUES(?, 'korea',"
        " unixepoch(?) / 86400, ?, ?) ON CONFLICT DO UPDATE SET %s = excluded.%s",
        name, name, name);
    metric(r, run, name, "korea", "series");
    run_sql(r, sql, "itid", run, day, replication, value);
    sqlite3_free(sql);
}

void results_draw(results *r, int run, int replication, const char *path, double value)
{
    run_sql(r, "INSERT INTO path(path, unit) VALUES(?, '') ON CONFLICT DO NOTHING", "t", path);
    run_sql(r,
            "INSERT INTO draw(run_id, replication, path_id, value) SELECT ?1, ?2, path_id, ?4"
            " FROM path WHERE path = ?3",
            "iitd", run, replication, path, value);
}
