/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reports on runs that another connection adds to while they are made: each is of one moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "library_helper.h"
#include "store/store_private.h"

enum { N = 25, BEFORE = 2, MOST = 100 }; /* BEGIN, and the first to read, see what is there */

/* Who adds a whole replication to every run, a copy of the first, each time the reader begins a
 * statement. */
typedef struct writer {
    sqlite3 *db;
    fc_text sql;
    int statements, added;
} writer;

static int add_table(void *self, int n, char **column, char **name)
{
    writer *w = self;
    (void)n;
    (void)name;
    fc_text_printf(&w->sql, "INSERT INTO %s SELECT %s FROM %s t WHERE replication = 0;", column[0],
                   column[1], column[0]);
    return 0;
}

static void open_writer(writer *w, const char *path)
{
    assert_int_equal(sqlite3_open(path, &w->db), SQLITE_OK);
    fc_text_add(&w->sql, "BEGIN IMMEDIATE;");
    int code = sqlite3_exec(
        w->db,
        "PRAGMA synchronous = OFF;"
        "SELECT s.name, group_concat(CASE c.name WHEN 'replication' THEN"
        "  '(SELECT 1 + max(replication) FROM outcome o WHERE o.run_id = t.run_id)'"
        "  ELSE '\"' || c.name || '\"' END) FROM sqlite_schema s, pragma_table_info(s.name) c"
        " WHERE s.type = 'table' AND s.name NOT IN ('failure', 'outcome') GROUP BY s.name"
        " HAVING sum(c.name IN ('run_id', 'replication')) = 2",
        add_table, w, NULL);
    assert_int_equal(code, SQLITE_OK);
    fc_text_add(&w->sql, "INSERT INTO outcome SELECT run_id, (SELECT 1 + max(replication) FROM"
                         " outcome o WHERE o.run_id = t.run_id), metric_id, value FROM outcome t"
                         " WHERE replication = 0; COMMIT");
    assert_non_null(w->sql.data);
}

static int on_statement(unsigned type, void *self, void *statement, void *text)
{
    writer *w = self;
    (void)type;
    (void)statement;
    (void)text;
    if (w->statements++ < BEFORE || w->added >= MOST) return 0;
    if (sqlite3_exec(w->db, w->sql.data, NULL, NULL, NULL)) fail_msg("%s", sqlite3_errmsg(w->db));
    w->added++;
    return 0;
}

typedef int report(fc_store *store, int64_t a, int64_t b, char **out);

static int answer(fc_store *store, int64_t a, int64_t b, char **out)
{
    (void)b;
    return fc_report_answer(store, a, &(fc_report_options){.json = true}, diag, out);
}

static int comparison(fc_store *store, int64_t a, int64_t b, char **out)
{
    return fc_report_comparison(store, a, b, &(fc_report_options){.json = true}, diag, out);
}

static int chart(fc_store *store, int64_t a, int64_t b, char **out)
{
    (void)b;
    return fc_report_chart(store, a, FC_LANG_EN, diag, out);
}

static void a_report_is_of_one_moment(void **state)
{
    (void)state;
    static report *const reports[] = {answer, comparison, chart};
    fc_run_options options = {.replications = N};
    fc_run_result a, b;
    writer w = {.sql = FC_TEXT_EMPTY};
    fc_scenario *one = load(NULL);
    const char *policy = "faster-grid";
    fc_scenario *two = load(&(fc_load_options){.with = &policy, .n_with = 1});
    fc_store *store = open_new("r.db");
    assert_int_equal(fc_run(store, one, &options, diag, &a), FC_OK);
    assert_int_equal(fc_run(store, two, &options, diag, &b), FC_OK);
    open_writer(&w, "r.db");
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        char *before, *during;
        assert_int_equal(reports[i](store, a.run, b.run, &before), FC_OK);
        w.statements = w.added = 0;
        sqlite3_trace_v2(store->db, SQLITE_TRACE_STMT, on_statement, &w);
        int ret = reports[i](store, a.run, b.run, &during);
        sqlite3_trace_v2(store->db, 0, NULL, NULL);
        assert_int_equal(ret, FC_OK);
        assert_true(w.added > 1);
        assert_string_equal(during, before);
        free(before);
        free(during);
    }
    fc_text_free(&w.sql);
    sqlite3_close(w.db);
    fc_store_close(store);
    fc_scenario_free(one);
    fc_scenario_free(two);
    unlink("r.db");
}

int main(void)
{
    char folder[] = "/tmp/fleetcast-reports-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder)) return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_is_of_one_moment, set_up, tear_down)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
