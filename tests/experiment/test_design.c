/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Designs: their points, exactly where theory says them, and that they are what they claim. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "experiment/design.h"

static fc_arena *arena;
static fc_diag *diag;

static int setup(void **state)
{
    (void)state;
    arena = fc_arena_create();
    diag = fc_diag_create();
    return arena && diag ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    fc_arena_free(arena);
    fc_diag_free(diag);
    return 0;
}

static const char *const two_values[] = {"1", "2"}, *const three_values[] = {"a", "b", "c"};
static const fc_factor two_factors[] = {
    {.name = "x", .key = "x", .n_values = 2, .values = two_values},
    {.name = "y", .key = "y", .n_values = 3, .values = three_values}};

/* The cells of a design, "1 a|1 b|...", '.' where there is none. */
static const char *cells_of(const fc_design *d)
{
    static char text[2000];
    size_t used = 0;
    for (uint32_t p = 0; p < d->n_points; p++)
        for (uint32_t c = 0; c < d->n_columns; c++) {
            const char *cell = d->cells[(size_t)p * d->n_columns + c];
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", cell ? cell : ".",
                                     c + 1 < d->n_columns  ? " "
                                     : p + 1 < d->n_points ? "|"
                                                           : "");
        }
    return text;
}

static void test_values(void **state)
{
    (void)state;
    fc_design d;
    assert_int_equal(fc_design_grid(arena, two_factors, 2, diag, &d), FC_OK);
    assert_string_equal(cells_of(&d), "1 a|1 b|1 c|2 a|2 b|2 c");
    assert_int_equal(fc_design_one_at_a_time(arena, two_factors, 2, diag, &d), FC_OK);
    assert_string_equal(cells_of(&d), ". .|1 .|2 .|. a|. b|. c");
    /* 2^20 points are too many; no product overflows on the way there. */
    fc_factor many[70];
    for (size_t i = 0; i < 70; i++) many[i] = two_factors[0];
    assert_int_equal(fc_design_grid(arena, many, 70, diag, &d), FC_E_DESIGN_SIZE);
}

static const char *names[45];
static char name_texts[45][8];

static void make_names(void)
{
    for (size_t i = 0; i < 45; i++) {
        snprintf(name_texts[i], sizeof name_texts[i], "f%zu", i);
        names[i] = name_texts[i];
    }
}

static int sample(fc_design_kind kind, uint64_t seed, uint32_t columns, uint32_t points,
                  uint32_t shifts, fc_design *out)
{
    make_names();
    return fc_design_sample(arena, kind, seed, names, columns, points, shifts, diag, out);
}

static double at(const fc_design *d, uint32_t point, uint32_t column)
{
    return d->quantiles[(size_t)point * d->n_columns + column];
}

/* One point in each stratum of each column; within a stratum anywhere. */
static void test_latin_hypercube(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 7, 100, 4096};
    for (size_t s = 0; s < 5; s++) {
        uint32_t n = sizes[s];
        fc_design d;
        assert_int_equal(sample(FC_DESIGN_LATIN_HYPERCUBE, 3, 5, n, 0, &d), FC_OK);
        for (uint32_t c = 0; c < 5; c++) {
            static bool seen[4096];
            memset(seen, 0, sizeof seen);
            for (uint32_t p = 0; p < n; p++) {
                double u = at(&d, p, c);
                assert_true(u > 0 && u < 1);
                uint32_t stratum = (uint32_t)(u * n);
                assert_in_range(stratum, 0, n - 1);
                assert_false(seen[stratum]);
                seen[stratum] = true;
            }
        }
    }
}

/* The places within the strata and the pairs of columns are independent: sums of 4,096 terms, each
 * within 4 standard errors (p < 1e-4 apiece, seed fixed). */
static void test_latin_hypercube_is_random(void **state)
{
    (void)state;
    fc_design d;
    uint32_t n = 4096;
    assert_int_equal(sample(FC_DESIGN_LATIN_HYPERCUBE, 11, 3, n, 0, &d), FC_OK);
    double within = 0, pairs = 0, serial = 0;
    for (uint32_t p = 0; p < n; p++) {
        double place = at(&d, p, 0) * n;
        within += place - floor(place) - 0.5;
        pairs += (at(&d, p, 0) - 0.5) * (at(&d, p, 1) - 0.5);
        if (p > 0) serial += (at(&d, p, 2) - 0.5) * (at(&d, p - 1, 2) - 0.5);
    }
    assert_true(fabs(within) < 4 * sqrt(n / 12.0));
    assert_true(fabs(pairs) < 4 * sqrt(n / 144.0));
    assert_true(fabs(serial) < 4 * sqrt(n / 144.0));
}

/* The first points of the sequence as Bratley and Fox give them (TOMS 659): 0, 1/2, 3/4, 1/4, ...
 * in every dimension the first two the same. Differences within a shift are the sequence's own. */
static void test_sobol_known(void **state)
{
    (void)state;
    static const double first[8][3] = {{0, 0, 0},
                                       {0.5, 0.5, 0.5},
                                       {0.75, 0.25, 0.75},
                                       {0.25, 0.75, 0.25},
                                       {0.375, 0.375, 0.625},
                                       {0.875, 0.875, 0.125},
                                       {0.625, 0.125, 0.375},
                                       {0.125, 0.625, 0.875}};
    fc_design d;
    assert_int_equal(sample(FC_DESIGN_SOBOL, 1, 3, 16 * 8, 16, &d), FC_OK);
    assert_int_equal(d.shift_points, 8);
    for (uint32_t s = 0; s < 16; s++)
        for (uint32_t p = 0; p < 8; p++)
            for (uint32_t c = 0; c < 3; c++) {
                double difference = at(&d, s * 8 + p, c) - at(&d, s * 8, c);
                double wanted = first[p][c];
                double wrapped = difference - wanted - floor(difference - wanted + 0.5);
                assert_true(fabs(wrapped) < 1e-12);
            }
}

/* All 40 dimensions: of the first 64 points each half, quarter, ... 64th holds its share, which a
 * shift keeps as gaps: sorted, neighbours are 1/64 apart around the circle. */
static void test_sobol_balance(void **state)
{
    (void)state;
    fc_design d;
    assert_int_equal(sample(FC_DESIGN_SOBOL, 5, 40, 16 * 64, 16, &d), FC_OK);
    for (uint32_t s = 0; s < 16; s++)
        for (uint32_t c = 0; c < 40; c++) {
            bool seen[64] = {false};
            for (uint32_t p = 0; p < 64; p++) {
                double u = at(&d, s * 64 + p, c), from = at(&d, s * 64, c);
                double offset = (u - from) * 64;
                int cell = (int)lround(offset < 0 ? offset + 64 : offset) % 64;
                assert_false(seen[cell]);
                seen[cell] = true;
                assert_true(u > 0 && u < 1);
            }
        }
}

/* Shifts of different columns and copies are different and uncorrelated. */
static void test_shifts(void **state)
{
    (void)state;
    fc_design d;
    uint32_t copies = 1000;
    assert_int_equal(sample(FC_DESIGN_SOBOL, 9, 2, copies, copies, &d), FC_OK);
    double sum = 0, pairs = 0, serial = 0;
    for (uint32_t s = 0; s < copies; s++) { /* one point a shift: the shift itself */
        sum += at(&d, s, 0) - 0.5;
        pairs += (at(&d, s, 0) - 0.5) * (at(&d, s, 1) - 0.5);
        if (s > 0) serial += (at(&d, s, 0) - 0.5) * (at(&d, s - 1, 0) - 0.5);
    }
    assert_true(fabs(sum) < 4 * sqrt(copies / 12.0));
    assert_true(fabs(pairs) < 4 * sqrt(copies / 144.0));
    assert_true(fabs(serial) < 4 * sqrt(copies / 144.0));
}

static void test_sobol_limits(void **state)
{
    (void)state;
    fc_design d;
    assert_int_equal(sample(FC_DESIGN_SOBOL, 1, 40, 64, 16, &d), FC_OK);
    for (uint32_t c = 0; c < 40; c++) assert_true(at(&d, 1, c) != at(&d, 0, c));
    assert_int_equal(sample(FC_DESIGN_SOBOL, 1, 41, 64, 16, &d), FC_E_DESIGN_DIMENSIONS);
    assert_int_equal(sample(FC_DESIGN_LATIN_HYPERCUBE, 1, 41, 64, 16, &d), FC_OK);
    assert_int_equal(sample(FC_DESIGN_SOBOL, 1, 3, 65, 16, &d), FC_E_DESIGN_SHIFTS);
    assert_int_equal(sample(FC_DESIGN_SOBOL, 1, 3, 8, 16, &d), FC_E_DESIGN_SHIFTS);
    assert_int_equal(sample(FC_DESIGN_MONTE_CARLO, 1, 45, 2000000, 0, &d), FC_E_DESIGN_SIZE);
}

/* One more factor moves no point of another. */
static void test_columns_stand_alone(void **state)
{
    (void)state;
    static const fc_design_kind kinds[] = {FC_DESIGN_LATIN_HYPERCUBE, FC_DESIGN_SOBOL,
                                           FC_DESIGN_MONTE_CARLO};
    for (size_t k = 0; k < 3; k++) {
        fc_design few, more, other;
        assert_int_equal(sample(kinds[k], 4, 2, 32, 16, &few), FC_OK);
        assert_int_equal(sample(kinds[k], 4, 3, 32, 16, &more), FC_OK);
        assert_int_equal(sample(kinds[k], 5, 2, 32, 16, &other), FC_OK);
        for (uint32_t p = 0; p < 32; p++)
            for (uint32_t c = 0; c < 2; c++) {
                assert_true(at(&few, p, c) == at(&more, p, c));
                assert_true(at(&few, p, c) != at(&other, p, c));
            }
    }
}

/* The mean of a smooth function: the error of the spread-out designs is far smaller, by what
 * theory says. f = sum of (u - 1/2): LHS has variance d/(12 n^3), plain Monte Carlo d/(12 n). */
static void test_variance(void **state)
{
    (void)state;
    double spread[2];
    static const fc_design_kind kinds[] = {FC_DESIGN_MONTE_CARLO, FC_DESIGN_LATIN_HYPERCUBE};
    for (size_t k = 0; k < 2; k++) {
        double squares = 0;
        for (uint64_t seed = 0; seed < 400; seed++) {
            fc_design d;
            double sum = 0;
            assert_int_equal(sample(kinds[k], seed, 3, 20, 0, &d), FC_OK);
            for (size_t i = 0; i < 60; i++) sum += d.quantiles[i] - 0.5;
            squares += (sum / 20) * (sum / 20);
        }
        spread[k] = squares / 400;
    }
    /* Chi-square of 400: within 28 % of the exact value but for p < 1e-4. */
    assert_true(fabs(spread[0] / (3 / (12.0 * 20)) - 1) < 0.28);
    assert_true(fabs(spread[1] / (3 / (12.0 * 20 * 20 * 20)) - 1) < 0.28);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static char path[32];

static void make_path(void)
{
    strcpy(path, "/tmp/fc-design-XXXXXX");
    close(mkstemp(path));
}

static void test_csv(void **state)
{
    (void)state;
    fc_design d, back;
    char one[65], other[65];
    make_path();
    /* To the last bit. */
    assert_int_equal(sample(FC_DESIGN_SOBOL, 2, 5, 64, 16, &d), FC_OK);
    assert_int_equal(fc_design_write(&d, path, diag), FC_OK);
    assert_int_equal(fc_design_read(arena, path, diag, &back), FC_OK);
    fc_design_hash(&d, one);
    fc_design_hash(&back, other);
    assert_string_equal(one, other);
    assert_memory_equal(d.quantiles, back.quantiles, 64 * 5 * sizeof(double));
    assert_int_equal(back.shift_points, 4);
    /* Values with commas, quotes and braces; empty cells. */
    static const char *const odd[] = {"{low: 1, high: 2}", "say \"so\"", "30,000"};
    const fc_factor factors[] = {{.name = "x", .key = "x", .n_values = 3, .values = odd},
                                 two_factors[1]};
    assert_int_equal(fc_design_one_at_a_time(arena, factors, 2, diag, &d), FC_OK);
    assert_int_equal(fc_design_write(&d, path, diag), FC_OK);
    assert_int_equal(fc_design_read(arena, path, diag, &back), FC_OK);
    fc_design_hash(&d, one);
    fc_design_hash(&back, other);
    assert_string_equal(one, other);
    /* As a spreadsheet saves it. */
    write_text(path, "\xef\xbb\xbfx,y\r\n\"1,000\",a\r\n2,\r\n\r\n");
    assert_int_equal(fc_design_read(arena, path, diag, &back), FC_OK);
    assert_string_equal(cells_of(&back), "1,000 a|2 .");
    assert_int_equal(back.shift_points, 0);
    write_text(path, "shift,quantile(x)\n0,0.1\n0,0.2\n1,0.3\n1,0.4\n2,0.5\n2,0.6\n");
    assert_int_equal(fc_design_read(arena, path, diag, &back), FC_OK);
    assert_true(back.n_points == 6 && back.n_columns == 1 && back.shift_points == 2);
    write_text(path, "shift,x\n5,a\n0,b\n"); /* a factor of this name */
    assert_int_equal(fc_design_read(arena, path, diag, &back), FC_OK);
    assert_true(back.n_columns == 2 && back.shift_points == 0);
    assert_string_equal(cells_of(&back), "5 a|0 b");
    write_text(path, "point,x\n0,a\n1,b\n");
    assert_int_equal(fc_design_read(arena, path, diag, &back), FC_OK);
    assert_string_equal(cells_of(&back), "a|b");
    fc_diag_clear(diag);
    static const struct {
        const char *text;
        int code, line;
    } wrong[] = {
        {"point,x\n0,1\n2,1\n", FC_E_DESIGN_CSV, 3},
        {"point,x\n0,1\n0,2\n", FC_E_DESIGN_CSV, 3},
        {"point,x\nfoo,1\n", FC_E_DESIGN_CSV, 2},
        {"point,x\n1,1\n", FC_E_DESIGN_CSV, 2},
        {"", FC_E_DESIGN_CSV, 1},
        {"point\n0\n", FC_E_DESIGN_CSV, 1},
        {"x,y\n1\n", FC_E_DESIGN_CSV, 2},
        {"x,y\n1,2\n1,2,3\n", FC_E_DESIGN_CSV, 3},
        {"x,x\n1,2\n", FC_E_DESIGN_CSV, 1},
        {"x\n", FC_E_DESIGN_CSV, 2},
        {"x\n\"1\n", FC_E_DESIGN_CSV, 3},
        {"quantile(x),y\n0.5,1\n", FC_E_DESIGN_CSV, 1},
        {"quantile(x)\n1.5\n", FC_E_DESIGN_CSV, 2},
        {"shift,quantile(x)\n1,0.5\n", FC_E_DESIGN_CSV, 2},
        {"shift,quantile(x)\n0,0.5\n2,0.5\n", FC_E_DESIGN_CSV, 3},
        {"shift,quantile(x)\n0,0.5\n1,0.5\n1,0.5\n", FC_E_DESIGN_CSV, 4},
        {"shift,quantile(x)\n0,0.5\n0,0.5\n1,0.5\n2,0.5\n", FC_E_DESIGN_CSV, 5},
        {"shift,quantile(x)\n0,0.5\n0,0.5\n1,0.5\n", FC_E_DESIGN_CSV, 5},
        {"shift,quantile(x)\nfoo,0.5\n", FC_E_DESIGN_CSV, 2},
        {"quantile(x)\nnan\n", FC_E_DESIGN_CSV, 2},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_text(path, wrong[i].text);
        assert_int_equal(fc_design_read(arena, path, diag, &back), wrong[i].code);
        assert_int_equal(fc_diag_place(diag, 0).line, wrong[i].line);
        fc_diag_clear(diag);
    }
    unlink(path);
    assert_int_equal(fc_design_read(arena, path, diag, &back), FC_E_DOC_FILE);
}

/* As many lines as may be, whichever their ends. */
static void test_csv_largest(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    fc_design d;
    make_path();
    for (size_t e = 0; e < 3; e++)
        for (uint32_t more = 0; more < 2; more++) {
            FILE *file = fopen(path, "w");
            assert_non_null(file);
            fprintf(file, "x%s", ends[e]);
            for (uint32_t p = 0; p < FC_DESIGN_POINTS + 4 * more; p++)
                fprintf(file, "1%s", ends[e]);
            assert_int_equal(fclose(file), 0);
            int ret = fc_design_read(arena, path, diag, &d);
            assert_int_equal(ret, more ? FC_E_DESIGN_SIZE : FC_OK);
            if (!more) assert_int_equal(d.n_points, FC_DESIGN_POINTS);
        }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(test_values),
        TEST(test_latin_hypercube),
        TEST(test_latin_hypercube_is_random),
        TEST(test_sobol_known),
        TEST(test_sobol_balance),
        TEST(test_shifts),
        TEST(test_sobol_limits),
        TEST(test_columns_stand_alone),
        TEST(test_variance),
        TEST(test_csv),
        TEST(test_csv_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
