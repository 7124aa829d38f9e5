/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far runs and experiments are, from parts whose times are set by hand: rates are what was
 * stored since the oldest of those at work began, over the seconds since then and one more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/design.h"
#include "store/store_private.h"
#include "store_helper.h"

/* The tests themselves take less than this many seconds. */
static const double SLACK = 5;

static void note(fixture *f, fc_store *store, fc_run_part part)
{
    check(f, fc_store_note_part(store, &part, f->diag));
}

static int64_t begin(fixture *f, fc_store *store, uint32_t stored)
{
    int64_t run;
    check(f, fc_store_begin_run(store, f->scenario, f->diag, &run));
    add_replications(f, store, f->scenario, run, 0, stored);
    check(f, fc_store_flush(store, f->diag));
    return run;
}

static fc_run_state state_of(fixture *f, fc_store *store, int64_t run)
{
    fc_run_state out;
    check(f, fc_store_run_state(store, run, f->diag, &out));
    return out;
}

static fc_run_part only_part(fixture *f, fc_store *store, int64_t run)
{
    fc_run_part *parts;
    size_t n;
    check(f, fc_store_parts(store, f->arena, run, f->diag, &parts, &n));
    assert_int_equal(n, 1);
    return parts[0];
}

static void is_rate(double rate, double stored, double seconds)
{
    if (!(rate <= stored / (seconds + 1) && rate >= stored / (seconds + 1 + SLACK)))
        fail_msg("%g/s, not %g in %g s", rate, stored, seconds);
}

/* One began 100 s ago and found nothing, the other comes now and finds 10 of the 12 that there are:
 * the rate of both is 12 in 100 s, however often each of them says that it goes on. */
static void two_processes_share_a_clock(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    double now = (double)time(NULL);
    int64_t run = begin(f, store, 12);
    fc_run_part a = {.run = run, .shard = 1, .shards = 1, .wanted = 100, .replications = 100};
    fc_run_part b = a;
    a.began = now - 100;
    b.began = now;
    b.found = 10;
    for (int i = 0; i < 3; i++) {
        note(f, store, a);
        note(f, store, b);
        fc_run_state s = state_of(f, store, run);
        assert_true(s.begun && s.running && !s.ended && s.wanted == 100 && s.stored == 12);
        is_rate(s.rate, 12, 100);
        assert_true(fabs(s.seconds_left - 88 / s.rate) < 1e-9);
    }
    /* The first is stopped: the second's own clock, 2 within the last second. */
    a.stopped = true;
    note(f, store, a);
    assert_true(only_part(f, store, run).stopped && !state_of(f, store, run).running);
    note(f, store, b);
    is_rate(state_of(f, store, run).rate, 2, 0);
    fc_store_close(store);
}

/* Who wants less and has it ends nothing for the one who wants more. */
static void the_one_who_wants_more_has_the_word(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run = begin(f, store, 4);
    fc_run_part a = {.run = run, .shard = 1, .shards = 1, .wanted = 100, .replications = 100};
    fc_run_part b = {.run = run, .shard = 1, .shards = 1, .wanted = 4, .replications = 4};
    note(f, store, a);
    b.ended = true;
    note(f, store, b);
    fc_run_state s = state_of(f, store, run);
    assert_true(s.running && !s.ended && s.wanted == 100);
    /* Of one long dead the word is gone. */
    sql("r.db", "UPDATE part SET began = began - 1000, seen = seen - 1000");
    note(f, store, b);
    s = state_of(f, store, run);
    assert_true(!s.running && s.ended && s.wanted == 4);
    fc_store_close(store);
}

/* Who was killed is not at work, and has no word, however short ago it was. Its number may be that
 * of another process by now; of other hosts nothing is known but the time. */
static void a_killed_process_has_no_word(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run = begin(f, store, 4);
    fc_run_part a = {.run = run, .shard = 1, .shards = 1, .wanted = 100, .replications = 100};
    fc_run_part b = {.run = run, .shard = 1, .shards = 1, .wanted = 4, .replications = 4};
    fc_store_close(store);
    pid_t child = fork();
    if (child == 0) {
        bool ok = fc_store_open("r.db", FC_STORE_WRITE, f->diag, &store) == FC_OK &&
                  fc_store_note_part(store, &a, f->diag) == FC_OK;
        _exit(ok ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    store = open_store(f, "r.db", FC_STORE_WRITE);
    fc_run_state s = state_of(f, store, run);
    assert_true(s.begun && !s.running && !s.ended && s.wanted == 100);
    sql("r.db", "UPDATE part SET process = 'x' || process");
    assert_true(state_of(f, store, run).running);
    sql("r.db", "UPDATE part SET process = substr(process, 2)");
    note(f, store, b);
    fc_run_part now = only_part(f, store, run);
    assert_true(now.running && now.wanted == 4 && now.replications == 4);
    sql("r.db", "UPDATE part SET process = process || '1'");
    assert_false(only_part(f, store, run).running);
    b.ended = true;
    note(f, store, b);
    s = state_of(f, store, run);
    assert_true(s.ended && s.wanted == 4);
    fc_store_close(store);
}

/* A file of a program that did not say which process is at a part: the time is all there is. */
static void a_file_without_processes(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run = begin(f, store, 4);
    fc_run_part a = {.run = run, .shard = 1, .shards = 1, .wanted = 100, .replications = 100};
    note(f, store, a);
    fc_store_close(store);
    const char *before = digest_of(f, "r.db");
    sql("r.db", "ALTER TABLE part DROP COLUMN process");
    assert_string_equal(digest_of(f, "r.db"), before);
    store = open_store(f, "r.db", FC_STORE_READ);
    assert_true(state_of(f, store, run).running);
    fc_store_close(store);
    fc_store_close(open_store(f, "r.db", FC_STORE_WRITE));
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM part WHERE process IS NULL"), 1);
}

/* The looks of a precision follow each other: 8 in 50 s, though the first has ended. */
static void looks_are_one_work(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    double now = (double)time(NULL);
    int64_t run = begin(f, store, 8);
    fc_run_part part = {.run = run, .shard = 1, .shards = 1, .wanted = 4, .replications = 4};
    part.began = now - 50;
    part.ended = true;
    note(f, store, part);
    part = (fc_run_part){
        .run = run, .shard = 1, .shards = 1, .wanted = 16, .found = 4, .replications = 16};
    note(f, store, part);
    is_rate(state_of(f, store, run).rate, 8, 50);
    /* What goes on after a minute is new. */
    sql("r.db", "UPDATE part SET ended = 1, seen = seen - 60");
    part.began = 0;
    note(f, store, part);
    is_rate(state_of(f, store, run).rate, 4, 0);
    fc_store_close(store);
}

/* Three shards merged and gone on with in one piece: 30 are wanted, not 60. Shards at work at once
 * add up, each by what it has stored itself: of 12 that are dealt in turn 4 each. */
static void splits_overlap_and_shards_add_up(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    double now = (double)time(NULL);
    int64_t run = begin(f, store, 12);
    fc_run_part *parts;
    size_t n;
    for (uint32_t k = 1; k <= 3; k++)
        note(f, store,
             (fc_run_part){.run = run,
                           .shard = k,
                           .shards = 3,
                           .wanted = 10,
                           .offset = 1,
                           .replications = 30,
                           .began = now - 19});
    check(f, fc_store_parts(store, f->arena, run, f->diag, &parts, &n));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(parts[i].stored == 4 && parts[i].running);
        is_rate(parts[i].rate, 4, 19);
        assert_true(fabs(parts[i].seconds_left - 6 / parts[i].rate) < 1e-9);
    }
    assert_int_equal(state_of(f, store, run).wanted, 30);
    is_rate(state_of(f, store, run).rate, 12, 19);
    note(f, store,
         (fc_run_part){.run = run, .shard = 1, .shards = 1, .wanted = 30, .replications = 30});
    assert_int_equal(state_of(f, store, run).wanted, 30);
    sql("r.db", "UPDATE part SET seen = seen - 60");
    assert_true(!state_of(f, store, run).running && !state_of(f, store, run).ended);
    fc_store_close(store);
}

/* ---- experiments -------------------------------------------------------------------------------
 */

/* 5 points of 4 replications, each a run of its own. */
static int64_t make_design(fixture *f, fc_store *store)
{
    int64_t design;
    const char *columns[] = {"seed"};
    const char *cells[] = {"1", "2", "3", "4", "5"};
    fc_design_info info = {.name = "e",
                           .title_en = "e",
                           .title_ko = "e",
                           .file = "e.yaml",
                           .kind = "grid",
                           .scenarios = "small",
                           .policies = "none",
                           .factors = "seed: seed",
                           .replications = "4",
                           .seed = "",
                           .points = "5",
                           .hash = "h",
                           .base = "b",
                           .n_points = 5,
                           .n_columns = 1,
                           .columns = columns,
                           .cells = cells};
    check(f, fc_store_begin_design(store, &info, false, f->diag, &design));
    return design;
}

static int64_t begin_point(fixture *f, fc_store *store, int64_t design, uint32_t point,
                           uint32_t stored)
{
    int64_t run;
    fc_scenario *s = load_text(f, small_scenario, point + 1);
    check(f, fc_store_begin_run(store, s, f->diag, &run));
    fc_point_range range = {.design = design,
                            .scenario = "small",
                            .policies = "",
                            .first = point,
                            .n = 1,
                            .run = run,
                            .each = 4};
    check(f, fc_store_add_points(store, &range, f->diag));
    add_replications(f, store, s, run, 0, stored);
    check(f, fc_store_flush(store, f->diag));
    fc_scenario_free(s);
    return run;
}

static fc_experiment_info only_experiment(fixture *f, fc_store *store)
{
    fc_experiment_info *out;
    size_t n;
    check(f, fc_store_experiments(store, f->arena, f->diag, &out, &n));
    assert_int_equal(n, 1);
    return out[0];
}

/* Point 0 took 40 s and is done, point 1 has 2 of 4 after 10 s more, point 2 cannot be built, the
 * rest waits: 6 in 50 s, 10 to come. What was run an hour ago is no part of the rate. */
static void an_experiment_is_more_than_its_run(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    double now = (double)time(NULL);
    int64_t design = make_design(f, store), runs[2];
    fc_experiment_info e = only_experiment(f, store);
    assert_true(e.asked == 5 && e.done == 0 && !e.state.begun && !e.state.ended);
    for (uint32_t p = 0; p < 2; p++) {
        runs[p] = begin_point(f, store, design, p, p ? 2 : 4);
        note(f, store,
             (fc_run_part){.run = runs[p],
                           .shard = 1,
                           .shards = 1,
                           .wanted = 4,
                           .offset = 4 * p,
                           .replications = 4,
                           .began = now - (p ? 10 : 50),
                           .ended = p == 0});
    }
    sql("r.db", "UPDATE part SET seen = seen - 10 WHERE ended");
    check(f, fc_store_fail_point(store, design, "small", "", 2, 301, "why", f->diag));
    e = only_experiment(f, store);
    assert_string_equal(e.name, "e");
    assert_true(e.points == 5 && e.asked == 5 && e.done == 1 && e.unbuilt == 1 && !e.at_most);
    assert_true(e.state.wanted == 16 && e.state.stored == 6 && e.state.running && !e.state.ended);
    is_rate(e.state.rate, 6, 50);
    assert_true(fabs(e.state.seconds_left - 10 / e.state.rate) < 1e-9);
    sql("r.db", "UPDATE part SET began = began - 3600, seen = seen - 3600 WHERE ended");
    is_rate(only_experiment(f, store).state.rate, 2, 10);
    sql("r.db", "UPDATE part SET seen = 0 WHERE NOT ended"); /* stopped */
    assert_false(only_experiment(f, store).state.running);

    fc_point *points;
    fc_design_values values;
    size_t n;
    check(f, fc_store_points(store, f->arena, design, f->diag, &points, &n));
    assert_int_equal(n, 3);
    assert_true(points[1].run == runs[1] && points[1].replications == 4 && points[1].code == 0);
    assert_true(points[2].run == -1 && points[2].code == 301);
    assert_string_equal(points[2].sentence, "why");
    check(f, fc_store_design_values(store, f->arena, design, f->diag, &values));
    assert_true(values.n_points == 5 && values.n_columns == 1 && !values.quantiles);
    assert_string_equal(values.columns[0], "seed");
    assert_string_equal(values.cells[4], "5");
    fc_store_close(store);
}

/* Of 20 replications dealt to 8 shards in turn, shard 2 has numbers 1, 9 and 17: one each of points
 * 0, 2 and 4. What a run asked for before, in one piece, is all of it again. */
static void a_shard_is_asked_for_its_own(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t design = make_design(f, store), run = begin_point(f, store, design, 0, 1);
    fc_run_part part = {.run = run, .shard = 2, .shards = 8, .wanted = 1, .replications = 4};
    note(f, store, part);
    fc_experiment_info e = only_experiment(f, store);
    assert_true(e.asked == 3 && e.done == 1 && e.state.wanted == 3);
    begin_point(f, store, design, 0, 4);
    part.shard = part.shards = 1;
    note(f, store, part);
    e = only_experiment(f, store);
    assert_true(e.asked == 5 && e.done == 1 && e.state.wanted == 20);
    fc_store_close(store);
}

/* Two replications of each point at first, in one piece; then shard 1 of 2 of four, which has
 * numbers 0 and 2 of point 0: 3 of each point are asked for. Nobody is at it once all have ended,
 * but for the moment between two runs. */
static void splits_of_different_lengths(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t design = make_design(f, store), run = begin_point(f, store, design, 0, 3);
    fc_run_part part = {
        .run = run, .shard = 1, .shards = 1, .wanted = 2, .replications = 2, .ended = true};
    note(f, store, part);
    part.shards = 2;
    part.replications = 4;
    note(f, store, part);
    fc_experiment_info e = only_experiment(f, store);
    assert_true(e.asked == 5 && e.done == 1 && e.state.wanted == 15 && e.state.stored == 3);
    assert_true(e.state.running && !e.state.ended);
    sql("r.db", "UPDATE part SET began = began - 3, seen = seen - 3");
    assert_false(only_experiment(f, store).state.running);
    /* Asked for one of each since, it keeps what it has. */
    part.shards = part.wanted = part.replications = 1;
    note(f, store, part);
    part.shards = 2;
    note(f, store, part);
    e = only_experiment(f, store);
    assert_true(e.done == 1 && e.state.wanted == 3 + 4 && e.state.stored == 3);
    fc_store_close(store);
}

static int count_steps(void *self)
{
    ++*(long *)self;
    return 0;
}

/* What it takes to look at the experiment, in hundreds of SQLite's steps. */
static long steps_to_look(fixture *f, fc_store *store)
{
    long steps = 0;
    sqlite3_progress_handler(store->db, 100, count_steps, &steps);
    only_experiment(f, store);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    return steps;
}

/* The replications of a run are counted once for all its shards, not once for each. */
static void many_shards_are_counted_at_once(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t design = make_design(f, store), run = begin_point(f, store, design, 0, 1);
    sql("r.db", "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 1999)"
                " INSERT INTO replication SELECT run_id, i, 0 FROM run, r");
    note(f, store,
         (fc_run_part){.run = run, .shard = 1, .shards = 100, .wanted = 20, .replications = 2000});
    long one = steps_to_look(f, store);
    sql("r.db", "WITH RECURSIVE k(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM k WHERE i < 100)"
                " INSERT INTO part SELECT run_id, i, shards, wanted, found, start, replications,"
                "  began, seen, ended, process FROM part, k");
    long all = steps_to_look(f, store);
    if (all > 3 * one) fail_msg("%ld steps for 1 shard, %ld for 100", one, all);
    fc_store_close(store);
}

/* A run that is precise enough after 3 of at most 4 is done. */
static void what_is_precise_is_done(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t design = make_design(f, store), run = begin_point(f, store, design, 0, 3);
    fc_look look = {.precision = "x: 1 %", .number = 1, .n = 3, .level = 0.99, .reached = true};
    double level;
    check(f, fc_store_level(store, run, f->diag, &level));
    assert_true(level == 0.95);
    assert_int_equal(only_experiment(f, store).done, 0);
    check(f, fc_store_note_look(store, run, &look, f->diag));
    sql("r.db", "UPDATE point SET replications = 3");
    fc_experiment_info e = only_experiment(f, store);
    assert_true(e.done == 1 && e.at_most && e.state.wanted == 3 + 16);
    check(f, fc_store_level(store, run, f->diag, &level));
    assert_true(level == 0.99);
    look = (fc_look){0};
    check(f, fc_store_find_look(store, f->arena, run, f->diag, &look));
    assert_string_equal(look.precision, "x: 1 %");
    assert_true(look.n == 3 && look.number == 1 && look.reached);
    begin_point(f, store, design, 0, 4); /* one more, which nobody has looked at */
    check(f, fc_store_level(store, run, f->diag, &level));
    assert_true(level == 0.95);
    fc_store_close(store);
}

/* Who asks for less than was asked for looks at fewer replications than there are: the intervals
 * over all stay at the level of the larger look. One over as many is the newer one. */
static void the_larger_look_stays(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run = begin(f, store, 4);
    fc_look large = {.precision = "x: 1 %", .number = 1, .n = 4, .level = 0.99};
    fc_look small = {.precision = "x: 9 %", .n = 2, .level = 0.97, .reached = true}, look;
    double level;
    check(f, fc_store_note_look(store, run, &small, f->diag));
    check(f, fc_store_note_look(store, run, &large, f->diag));
    check(f, fc_store_note_look(store, run, &small, f->diag));
    check(f, fc_store_level(store, run, f->diag, &level));
    check(f, fc_store_find_look(store, f->arena, run, f->diag, &look));
    assert_true(level == 0.99 && look.n == 4 && look.number == 1 && !look.reached);
    assert_string_equal(look.precision, "x: 1 %");
    large.precision = "x: 2 %";
    large.reached = true;
    check(f, fc_store_note_look(store, run, &large, f->diag));
    check(f, fc_store_find_look(store, f->arena, run, f->diag, &look));
    assert_true(look.n == 4 && look.reached);
    assert_string_equal(look.precision, "x: 2 %");
    fc_store_close(store);
}

/* A file of a program that knew no looks: none, and the table is made when it is written to. */
static void a_file_without_looks(void **state)
{
    fixture *f = *state;
    fc_store *store = open_store(f, "r.db", FC_STORE_WRITE);
    int64_t run = begin(f, store, 1);
    fc_look look;
    double level;
    fc_store_close(store);
    const char *before = digest_of(f, "r.db");
    sql("r.db", "DROP TABLE look");
    assert_string_equal(digest_of(f, "r.db"), before);
    store = open_store(f, "r.db", FC_STORE_READ);
    check(f, fc_store_find_look(store, f->arena, run, f->diag, &look));
    check(f, fc_store_level(store, run, f->diag, &level));
    assert_true(look.n == 0 && level == 0.95);
    fc_store_close(store);
    fc_store_close(open_store(f, "r.db", FC_STORE_WRITE));
    assert_int_equal(sql_number("r.db", "SELECT count(*) FROM look"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
        T(two_processes_share_a_clock),
        T(the_one_who_wants_more_has_the_word),
        T(a_killed_process_has_no_word),
        T(a_file_without_processes),
        T(looks_are_one_work),
        T(splits_overlap_and_shards_add_up),
        T(an_experiment_is_more_than_its_run),
        T(a_shard_is_asked_for_its_own),
        T(splits_of_different_lengths),
        T(many_shards_are_counted_at_once),
        T(what_is_precise_is_done),
        T(the_larger_look_stays),
        T(a_file_without_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
