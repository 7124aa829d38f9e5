/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs: the same results whatever the threads, the order of what was asked for, the processes that
 * help and the moments at which they are killed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "experiment/experiment.h"
#include "store_helper.h"

#ifndef __has_feature /* clang's way to ask; gcc defines macros */
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

typedef struct watch {
    uint32_t calls, last, total, failed;
    atomic_bool stop;
    uint32_t stop_after; /* 0: never */
} watch;

static void progress(void *self, uint32_t done, uint32_t total, uint32_t failed)
{
    watch *w = self;
    if (w->calls++ > 0) assert_int_equal(done, w->last + 1);
    w->last = done;
    w->total = total;
    w->failed = failed;
    if (w->stop_after && w->calls >= w->stop_after) atomic_store(&w->stop, true);
}

/* Opens, runs n replications, closes. */
static fc_experiment_result run_into(fixture *f, const char *path, fc_scenario *scenario,
                                     uint32_t n, unsigned threads, watch *w)
{
    fc_experiment_result result;
    fc_experiment_options options = {.replications = n, .threads = threads};
    if (w) {
        options.progress = progress;
        options.self = w;
        options.stop = &w->stop;
    }
    fc_store *store = open_store(f, path, FC_STORE_WRITE);
    check(f, fc_experiment_run(store, scenario, &options, f->diag, &result));
    assert_int_equal(fc_store_close(store), FC_OK);
    return result;
}

static void test_threads(void **state)
{
    fixture *f = *state;
    static const unsigned threads[] = {1, 2, 4, 7};
    const char *digest = NULL;
    uint64_t events = 0;
    for (int i = 0; i < 4; i++) {
        char path[32];
        watch w = {0};
        snprintf(path, sizeof path, "%u.db", threads[i]);
        fc_experiment_result r = run_into(f, path, f->scenario, 60, threads[i], &w);
        assert_int_equal(r.total, 60);
        assert_int_equal(r.done, 60);
        assert_int_equal(r.found + r.failed, 0);
        assert_false(r.stopped);
        assert_int_equal(w.calls, 60);
        assert_int_equal(w.last, 60);
        assert_int_equal(w.total, 60);
        assert_int_equal(r.events, sql_number(path, "SELECT sum(events) FROM replication"));
        if (i == 0) {
            digest = digest_of(f, path);
            events = r.events;
        }
        assert_string_equal(digest_of(f, path), digest);
        assert_int_equal(r.events, events);
    }
    make_database(f, "plain.db", 60); /* without threads at all */
    assert_string_equal(digest_of(f, "plain.db"), digest);
    run_into(f, "61.db", f->scenario, 61, 4, NULL);
    assert_string_not_equal(digest_of(f, "61.db"), digest);
}

static void test_only_what_is_missing(void **state)
{
    fixture *f = *state;
    watch w = {0};
    fc_experiment_result r = run_into(f, "r.db", f->scenario, 20, 2, NULL);
    assert_int_equal(r.done, 20);
    r = run_into(f, "r.db", f->scenario, 20, 2, NULL); /* the same */
    assert_int_equal(r.found, 20);
    assert_int_equal(r.done, 0);
    r = run_into(f, "r.db", f->scenario, 8, 2, NULL); /* fewer */
    assert_int_equal(r.total, 8);
    assert_int_equal(r.found, 8);
    assert_int_equal(r.done, 0);
    sql("r.db", "PRAGMA foreign_keys = OFF; DELETE FROM replication WHERE replication IN (3, 9);"
                "DELETE FROM outcome WHERE replication IN (3, 9);"
                "DELETE FROM draw WHERE replication IN (3, 9);"
                "DELETE FROM series WHERE replication IN (3, 9)");
    r = run_into(f, "r.db", f->scenario, 30, 3, &w); /* more, and gaps */
    assert_int_equal(r.found, 18);
    assert_int_equal(r.done, 12);
    assert_false(r.stopped);
    assert_int_equal(w.calls, 12);
    assert_int_equal(w.last, 30);
    run_into(f, "plain.db", f->scenario, 30, 1, NULL);
    assert_string_equal(digest_of(f, "r.db"), digest_of(f, "plain.db"));
    assert_int_equal(sql_number("r.db", "SELECT min(n) FROM v_series"), 30);
    /* As many as the scenario says: 1,000 unless it says otherwise. */
    w = (watch){.stop_after = 1};
    assert_int_equal(run_into(f, "r.db", f->scenario, 0, 1, &w).total, 1000);
}

static void test_stopping(void **state)
{
    fixture *f = *state;
    enum { N = 1000 }; /* more than the workers can be ahead of the writer */
    watch w = {.stop_after = 10};
    fc_experiment_result r = run_into(f, "r.db", f->scenario, N, 3, &w);
    assert_true(r.stopped);
    assert_in_range(r.done, 10, N - 1); /* what the workers had finished is kept */
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM replication"), r.done);
    assert_int_equal(sql_number("r.db", "SELECT max(n) FROM v_series"), r.done);
    fc_experiment_result rest = run_into(f, "r.db", f->scenario, N, 3, NULL);
    assert_int_equal(rest.found, r.done);
    assert_int_equal(rest.done, N - r.done);
    run_into(f, "plain.db", f->scenario, N, 3, NULL);
    assert_string_equal(digest_of(f, "r.db"), digest_of(f, "plain.db"));
}

/* A replication whose install time makes no distribution fails; the others do not mind. */
static void test_failures(void **state)
{
    fixture *f = *state;
    watch w = {0};
    fc_scenario *s = load_text(f, failing_scenario, 1);
    fc_experiment_result r = run_into(f, "1.db", s, 60, 1, &w);
    assert_int_equal(r.done, 60);
    assert_in_range(r.failed, 5, 40); /* a third is expected: p < 1e-4 on either side */
    assert_int_equal(w.failed, r.failed);
    assert_int_equal(sql_number("1.db", "SELECT count(*) FROM failure WHERE code = 103"), r.failed);
    assert_int_equal(sql_number("1.db", "SELECT count(*) FROM replication"), 60 - r.failed);
    assert_int_equal(sql_number("1.db", "SELECT count(*) FROM (SELECT replication FROM failure"
                                        " UNION SELECT replication FROM replication)"),
                     60);
    assert_int_equal(sql_number("1.db", "SELECT count(*) FROM failure WHERE sentence NOT LIKE"
                                        " 'fleets.korea.programmes.state.install: a parameter is"
                                        " outside its domain: uniform with low %, high 2.592e+06'"),
                     0);
    /* Those that are there drew 10 to 30 days. */
    assert_int_equal(sql_number("1.db", "SELECT count(*) FROM v_draw WHERE path ="
                                        " 'fleets.korea.programmes.state.install.low' AND value"
                                        " BETWEEN 864000 AND 2592000"),
                     60 - r.failed);
    fc_experiment_result many = run_into(f, "4.db", s, 60, 4, NULL);
    assert_int_equal(many.failed, r.failed);
    assert_string_equal(digest_of(f, "4.db"), digest_of(f, "1.db"));
    /* They are tried again, and fail again. */
    fc_experiment_result again = run_into(f, "4.db", s, 60, 4, NULL);
    assert_int_equal(again.found, 60 - r.failed);
    assert_int_equal(again.done, r.failed);
    assert_int_equal(again.failed, r.failed);
    assert_false(again.stopped);
    assert_string_equal(digest_of(f, "4.db"), digest_of(f, "1.db"));
    fc_scenario_free(s);
}

/* Killed between its last replication and its summary. */
static void test_summary_is_caught_up(void **state)
{
    fixture *f = *state;
    run_into(f, "r.db", f->scenario, 5, 1, NULL);
    sql("r.db", "DELETE FROM summary; UPDATE run SET summarised = 0");
    assert_int_equal(run_into(f, "r.db", f->scenario, 5, 1, NULL).done, 0);
    assert_int_equal(sql_number("r.db", "SELECT min(n) FROM v_series"), 5);
}

static void test_store_errors_end_it(void **state)
{
    fixture *f = *state;
    fc_experiment_result result;
    fc_experiment_options options = {.replications = 50, .threads = 3};
    make_database(f, "r.db", 1);
    fc_store *store = open_store(f, "r.db", FC_STORE_READ);
    assert_int_equal(fc_experiment_run(store, f->scenario, &options, f->diag, &result),
                     FC_E_DB_READONLY);
    assert_string_equal(said(f), "r.db or its folder may not be written to [E413]\n");
    fc_store_close(store);
    /* In the middle: the table is gone, the workers stop, and the message comes once. */
    store = open_store(f, "r.db", FC_STORE_WRITE);
    sql("r.db", "DROP TABLE draw");
    assert_int_equal(fc_experiment_run(store, f->scenario, &options, f->diag, &result), FC_E_DB);
    assert_string_equal(said(f), "r.db: the database says: no such table: draw [E410]\n");
    fc_store_close(store);
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM replication"), 1);
}

/* ---- processes ------------------------------------------------------------------------------- */

/* A byte for each replication that is done. */
static void report(void *self, uint32_t done, uint32_t total, uint32_t failed)
{
    (void)done, (void)total, (void)failed;
    if (write(*(int *)self, "", 1) != 1) _exit(2);
}

/* A child that runs n replications into the file and leaves with 0 if all went well. It writes a
 * byte for each to the other end of *reports, if that is wanted. */
static pid_t start_process(fixture *f, const char *path, uint32_t n, unsigned threads, int *reports)
{
    int ends[2] = {-1, -1};
    if (reports) assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) {
        if (!reports) return child;
        close(ends[1]);
        *reports = ends[0];
        return child;
    }
    fc_store *store;
    fc_experiment_result result;
    fc_experiment_options options = {.replications = n,
                                     .threads = threads,
                                     .progress = reports ? report : NULL,
                                     .self = &ends[1]};
    int ret = fc_store_open(path, FC_STORE_WRITE, f->diag, &store);
    if (!ret) ret = fc_experiment_run(store, f->scenario, &options, f->diag, &result);
    int closed = fc_store_close(store);
    if (ret) fprintf(stderr, "%s", said(f));
    _exit(ret || closed ? 1 : 0);
}

static int wait_for(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void test_processes_side_by_side(void **state)
{
    enum { N = 300, PROCESSES = 3 };
    fixture *f = *state;
    pid_t children[PROCESSES];
    run_into(f, "plain.db", f->scenario, N, 2, NULL);
    /* All at once, the file not made yet; each is asked for another number. */
    for (int i = 0; i < PROCESSES; i++)
        children[i] = start_process(f, "r.db", (uint32_t)(N - 50 * i), 1, NULL);
    for (int i = 0; i < PROCESSES; i++) assert_int_equal(wait_for(children[i]), 0);
    assert_string_equal(digest_of(f, "r.db"), digest_of(f, "plain.db"));
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM run"), 1);
    assert_string_equal(sql_row(f, "r.db", "PRAGMA integrity_check"), "ok");
    assert_int_equal(sql_number("r.db", "SELECT min(n) FROM v_series"), N);
    assert_string_equal(files(f, "."), "plain.db r.db");
}

/* Whatever is marked as stored is there with all its rows. */
static void assert_whole(fixture *f, const char *path)
{
    assert_string_equal(sql_row(f, path, "PRAGMA integrity_check"), "ok");
    assert_string_equal(sql_row(f, path, "PRAGMA foreign_key_check"), "no row");
    if (sql_number(path, "SELECT count(*) FROM sqlite_schema") == 0) return;
    assert_int_equal(
        sql_number(path, "SELECT count(*) FROM replication r WHERE 3 <> (SELECT count(*) FROM draw"
                         " d WHERE (d.run_id, d.replication) = (r.run_id, r.replication))"),
        0);
    assert_int_equal(
        sql_number(path, fc_arena_printf(f->arena,
                                         "SELECT (SELECT count(*) FROM replication) * %u ="
                                         " (SELECT count(*) FROM series)",
                                         f->scenario->plan->n_months)),
        1);
}

/* Starts a process and kills it when it has done so many replications, and a moment later. */
static bool killed_after(fixture *f, const char *path, uint32_t n, int replications,
                         long nanoseconds)
{
    int reports;
    char byte;
    pid_t child = start_process(f, path, n, 2, &reports);
    while (replications-- > 0 && read(reports, &byte, 1) == 1) continue;
    nanosleep(&(struct timespec){.tv_nsec = nanoseconds}, NULL);
    kill(child, SIGKILL);
    close(reports);
    return WIFSIGNALED(wait_for(child));
}

/* Replications that a reader finds; 0 where the file is no database yet. */
static int64_t stored(fixture *f, const char *path)
{
    fc_store *store;
    fc_run_info *info;
    size_t n = 0;
    int ret = fc_store_open(path, FC_STORE_READ, f->diag, &store);
    if (!ret) check(f, fc_store_runs(store, f->arena, f->diag, &info, &n));
    fc_store_close(store);
    said(f);
    return n ? info->replications : 0;
}

/* Killed 30 times, five times each of six runs, at random moments: in the first replications, in
 * the midst, and (the last time, of every other run) while the results are finished and closed. */
static void test_killed(void **state)
{
    enum { N = 600, FILES = 6, KILLS = 5, MOST = 350 };
    fixture *f = *state;
    int killed = 0, partial = 0;
    assert_int_equal(wait_for(start_process(f, "plain.db", N, 2, NULL)), 0);
    const char *digest = digest_of(f, "plain.db");
    srand(20260926);
    for (int i = 0; i < FILES; i++) {
        char path[32];
        snprintf(path, sizeof path, "%d.db", i);
        for (int k = 0; k < KILLS; k++) {
            bool at_end = k == KILLS - 1 && i % 2;
            int replications = rand() % MOST;
            long moment = rand() % (at_end ? 30000000 : 3000000);
            killed += killed_after(f, path, N, at_end ? N : replications, moment);
            int64_t n = access(path, F_OK) ? 0 : stored(f, path);
            partial += n > 0 && n < N;
            /* Somebody looks at times: at others the next call finds the log as it was left. */
            if (n && k % 2) assert_whole(f, path);
        }
        assert_int_equal(wait_for(start_process(f, path, N, 2, NULL)), 0);
        assert_whole(f, path);
        assert_string_equal(digest_of(f, path), digest);
        assert_int_equal(sql_number(path, "SELECT min(n) FROM v_series"), N);
    }
    assert_in_range(killed, 18, FILES * KILLS); /* others had come to their end */
    assert_in_range(partial, 5, FILES * KILLS); /* some were in the midst */
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* The most memory a process of n replications held, in KiB. */
static long memory_of(fixture *f, const char *path, uint32_t n)
{
    struct rusage usage;
    int status;
    pid_t child = start_process(f, path, n, 2, NULL);
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    assert_int_equal(status, 0);
    return usage.ru_maxrss;
}

static void test_memory(void **state)
{
    fixture *f = *state;
    if (SANITIZED) skip(); /* a sanitizer keeps what is freed */
    long few = memory_of(f, "few.db", 2000), many = memory_of(f, "many.db", 6000);
    /* 4,000 more replications are 18 MB of series: none of it stays but a stretch of months, of so
     * many bytes at most, while the summary is made. A full batch and SQLite's cache are in both.
     */
    if (many > few + 4096) fail_msg("%ld KiB for 2,000 replications, %ld for 6,000", few, many);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        TEST(test_threads),
        TEST(test_only_what_is_missing),
        TEST(test_stopping),
        TEST(test_failures),
        TEST(test_summary_is_caught_up),
        TEST(test_store_errors_end_it),
        TEST(test_processes_side_by_side),
        TEST(test_killed),
        TEST(test_memory),
    };
    return cmocka_run_group_tests_name("experiment", tests, NULL, NULL);
}
