/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_helper.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"

#define WORLD                                                                                      \
    "fleetcast: 1\n"                                                                               \
    "title: {en: Test, ko: 시험}\n"                                                              \
    "horizon: {start: 2023-01-01, end: 2026-01-01}\n"                                              \
    "world:\n"                                                                                     \
    "  currencies: {KRW: {per_usd: 1400 KRW/USD}}\n"                                               \
    "  accelerators:\n"                                                                            \
    "    h100: {per_server: 8, server_power: 10 kW, bf16_dense: 989 TFLOPS, lead_time: {varies:"   \
    " {usual: 6 months, bad_1_in_20: 12 months}}, price: {value: {unknown: {low: 25000 USD,"       \
    " high: 40000 USD}}, source: list.csv, certainty: low}}\n"                                     \
    "fleets:\n"                                                                                    \
    "  korea:\n"                                                                                   \
    "    title: {en: South Korea, ko: 한국}\n"                                                   \
    "    currency: KRW\n"                                                                          \
    "    stock: {old: {model: h100, count: 80, since: 2023-01-01}}\n"                              \
    "    budgets: {main: {amount: 20 bn KRW, enacted: {unknown: {low: 2023-05-01,"                 \
    " high: 2023-09-01}}}}\n"                                                                      \
    "    sites: {hall: {design_pue: 1.3, phases: {one: {power: 10 MW, start: 2022-01-01}}}}\n"     \
    "    upkeep: {failure_rate: 0.001 /day, repair_time: 3 days}\n"                                \
    "    targets: {goal: {by: 2024-12-31, gpus: 400, counted_at: in_service}}\n"

const char small_scenario[] =
    WORLD "    programmes: {state: {pays_from: [main], mix: {h100: 100 %}, host: [hall],"
          " install: 2 months, announced: {2024-06-30: 400}}}\n"
          "shocks: {cut: {at: 2023-03-01, probability: 50 %,"
          " scale: {fleets.korea.budgets.main.amount: 0.5}}}\n";

const char failing_scenario[] =
    WORLD "    programmes: {state: {pays_from: [main], mix: {h100: 100 %}, host: [hall],"
          " install: {varies: {low: {unknown: {low: 10 days, high: 40 days}}, high: 30 days}}}}\n";

static int remove_file(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about, (void)kind, (void)where;
    return remove(path);
}

int fixture_open(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->arena = fc_arena_create();
    f->diag = fc_diag_create();
    f->home = open(".", O_RDONLY | O_DIRECTORY);
    strcpy(f->folder, "/tmp/fleetcast-test-XXXXXX");
    assert_true(f->arena && f->diag && f->home >= 0 && mkdtemp(f->folder));
    assert_int_equal(chdir(f->folder), 0);
    f->scenario = load_text(f, small_scenario, 1);
    *state = f;
    return 0;
}

int fixture_close(void **state)
{
    fixture *f = *state;
    fc_scenario_free(f->scenario);
    fc_diag_free(f->diag);
    fc_arena_free(f->arena);
    assert_int_equal(fchdir(f->home), 0);
    close(f->home);
    nftw(f->folder, remove_file, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

const char *said(fixture *f)
{
    fc_text all = FC_TEXT_EMPTY;
    for (size_t i = 0; i < fc_diag_size(f->diag); i++) {
        char *line = fc_diag_text(f->diag, i, FC_LANG_EN);
        fc_text_printf(&all, "%s\n", line);
        free(line);
    }
    fc_diag_clear(f->diag);
    const char *kept = fc_arena_strdup(f->arena, all.data ? all.data : "");
    fc_text_free(&all);
    return kept;
}

void check(fixture *f, int ret)
{
    if (ret) fail_msg("error %d: %s", ret, said(f));
}

fc_scenario *load_text(fixture *f, const char *text, int64_t seed)
{
    fc_scenario *scenario;
    fc_scenario_options options = {.seed = &seed};
    check(f, fc_scenario_load_text("test.yaml", text, strlen(text), &options, f->diag, &scenario));
    return scenario;
}

fc_store *open_store(fixture *f, const char *path, fc_store_mode mode)
{
    fc_store *store;
    check(f, fc_store_open(path, mode, f->diag, &store));
    return store;
}

void simulate(fixture *f, const fc_scenario *scenario, uint32_t replication, fc_record *record)
{
    fc_world *world;
    check(f, fc_world_create(scenario->plan, &world));
    check(f, fc_record_init(record, scenario->plan));
    check(f, fc_world_run(world, replication, NULL, record, f->diag));
    fc_world_free(world);
}

void add_replications(fixture *f, fc_store *store, fc_scenario *scenario, int64_t run,
                      uint32_t from, uint32_t to)
{
    for (uint32_t r = from; r < to; r++) {
        fc_record record;
        simulate(f, scenario, r, &record);
        check(f, fc_store_add(store, scenario->plan, run, r, &record, f->diag));
        fc_record_free(&record);
    }
}

void make_database(fixture *f, const char *path, uint32_t n)
{
    int64_t run;
    fc_store *store = open_store(f, path, FC_STORE_WRITE);
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 0, n);
    check(f, fc_store_summarise(store, run, 2, f->diag));
    assert_int_equal(fc_store_close(store), FC_OK);
}

const char *digest_of(fixture *f, const char *path)
{
    char hex[65];
    fc_store *store = open_store(f, path, FC_STORE_READ);
    check(f, fc_store_digest(store, f->diag, hex));
    fc_store_close(store);
    assert_int_equal(strlen(hex), 64);
    return fc_arena_strdup(f->arena, hex);
}

/* ---- SQLite by hand -------------------------------------------------------------------------- */

void sql(const char *path, const char *statements)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    if (sqlite3_exec(db, statements, NULL, NULL, &message)) fail_msg("%s: %s", statements, message);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

const char *sql_row(fixture *f, const char *path, const char *query)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    fc_text row = FC_TEXT_EMPTY;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    if (sqlite3_prepare_v2(db, query, -1, &q, NULL)) fail_msg("%s: %s", query, sqlite3_errmsg(db));
    if (sqlite3_step(q) == SQLITE_ROW)
        for (int c = 0; c < sqlite3_column_count(q); c++) {
            const char *text = (const char *)sqlite3_column_text(q, c);
            fc_text_printf(&row, "%s%s", c ? "|" : "", text ? text : "NULL");
        }
    sqlite3_finalize(q);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    const char *kept = fc_arena_strdup(f->arena, row.data ? row.data : "no row");
    fc_text_free(&row);
    return kept;
}

int64_t sql_number(const char *path, const char *query)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    if (sqlite3_prepare_v2(db, query, -1, &q, NULL)) fail_msg("%s: %s", query, sqlite3_errmsg(db));
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

/* ---- files ----------------------------------------------------------------------------------- */

bytes read_bytes(const char *path)
{
    bytes content = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct stat about;
    assert_int_equal(fstat(fileno(file), &about), 0);
    content.size = (size_t)about.st_size;
    content.data = malloc(content.size + 1);
    assert_non_null(content.data);
    assert_int_equal(fread(content.data, 1, content.size, file), content.size);
    fclose(file);
    return content;
}

void write_bytes(const char *path, bytes content)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    if (content.size) assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    assert_int_equal(fclose(file), 0);
}

const char *files(fixture *f, const char *folder)
{
    struct dirent **entries;
    fc_text all = FC_TEXT_EMPTY;
    int n = scandir(folder, &entries, NULL, alphasort);
    assert_true(n >= 0);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") && strcmp(name, ".."))
            fc_text_printf(&all, "%s%s", all.length ? " " : "", name);
        free(entries[i]);
    }
    free(entries);
    const char *kept = fc_arena_strdup(f->arena, all.data ? all.data : "");
    fc_text_free(&all);
    return kept;
}
