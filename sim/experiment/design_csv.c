/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Designs as CSV files. */
#include <assert.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "experiment/design.h"

enum { FILE_BYTES = 256 * 1024 * 1024, COLUMNS = 10000 };

/* ---- writing --------------------------------------------------------------------------------- */

static void put_cell(const char *text, FILE *out)
{
    if (!strpbrk(text, ",\"\r\n") && *text != ' ') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void put_all(const fc_design *d, FILE *out)
{
    char text[400];
    fputs(d->shift_points ? "point,shift" : "point", out);
    for (uint32_t c = 0; c < d->n_columns; c++) {
        fputc(',', out);
        if (d->quantiles) snprintf(text, sizeof text, "quantile(%s)", d->columns[c]);
        put_cell(d->quantiles ? text : d->columns[c], out);
    }
    fputc('\n', out);
    for (uint32_t p = 0; p < d->n_points; p++) {
        fprintf(out, "%u", p);
        if (d->shift_points) fprintf(out, ",%u", p / d->shift_points);
        for (uint32_t c = 0; c < d->n_columns; c++) {
            size_t at = (size_t)p * d->n_columns + c;
            fputc(',', out);
            if (d->quantiles)
                fprintf(out, "%.17g", d->quantiles[at]);
            else if (d->cells[at])
                put_cell(d->cells[at], out);
        }
        fputc('\n', out);
    }
}

int fc_design_write(const fc_design *design, const char *path, fc_diag *diag)
{
    FILE *out = fopen(path, "w");
    if (!out) return fc_fail(diag, FC_E_FILE_OPEN, NULL, path, strerror(errno), NULL);
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* a point is a point */
    locale_t before = plain ? uselocale(plain) : (locale_t)0;
    bool broken = !plain;
    if (plain) {
        put_all(design, out);
        uselocale(before);
        freelocale(plain);
    }
    broken |= ferror(out) != 0;
    if (fclose(out) || broken)
        return fc_fail(diag, FC_E_FILE_WRITE, NULL, path, strerror(errno), NULL);
    return FC_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct csv {
    fc_arena *arena;
    fc_diag *diag;
    const char *path;
    char *at; /* the rest of the text, which is cut into cells in place */
    int line;
} csv;

static int refuse(const csv *in, const char *what)
{
    fc_place place = {.file = in->path, .line = in->line};
    return fc_fail(in->diag, FC_E_DESIGN_CSV, &place, what, NULL);
}

/* The whole file, which ends with NUL, in the arena. */
static int read_file(csv *in)
{
    FILE *file = fopen(in->path, "r");
    char *text = NULL;
    size_t length = 0, room = 0;
    if (!file) return fc_fail(in->diag, FC_E_DOC_FILE, NULL, in->path, strerror(errno), NULL);
    int ret = FC_OK;
    for (size_t got = 1; got > 0 && !ret;) {
        if (length + 1 >= room) {
            room = room ? 2 * room : 65536;
            char *grown = room > FILE_BYTES ? NULL : realloc(text, room);
            if (!grown) ret = fc_fail(in->diag, FC_E_NOMEM, NULL, NULL);
            if (grown) text = grown;
        }
        if (!ret) length += got = fread(text + length, 1, room - length - 1, file);
    }
    if (!ret && ferror(file))
        ret = fc_fail(in->diag, FC_E_DOC_FILE, NULL, in->path, strerror(errno), NULL);
    fclose(file);
    if (!ret && text && memchr(text, '\0', length))
        ret = refuse(in, FC_BOTH("this is no text: save the list as CSV UTF-8",
                                 "텍스트가 아닙니다: 목록을 CSV UTF-8로 저장하십시오"));
    if (!ret) in->at = fc_arena_strndup(in->arena, text ? text : "", length);
    free(text);
    if (ret) return ret;
    if (!in->at) {
        fc_fail(in->diag, FC_E_NOMEM, NULL, NULL);
        return FC_E_NOMEM;
    }
    if (strncmp(in->at, "\xef\xbb\xbf", 3) == 0) in->at += 3;
    return FC_OK;
}

/* Cuts a quoted cell out; returns its end, or NULL if it is not closed. */
static char *cut_quoted(csv *in, char *at, char **cell)
{
    char *to = *cell = ++at;
    for (; *at; *to++ = *at++) {
        in->line += *at == '\n';
        if (*at != '"') continue;
        if (*++at != '"') {
            *to = '\0';
            return at + strspn(at, " ");
        }
    }
    return NULL;
}

/* One line's cells; *n 0 for an empty line. */
static int read_line(csv *in, char **cells, uint32_t *n)
{
    char *at = in->at;
    bool more = true;
    for (*n = 0; more;) {
        if (*n == COLUMNS) return refuse(in, FC_BOTH("too many columns", "열이 너무 많습니다"));
        while (*at == ' ') at++;
        char *cell = at, *end = at;
        if (*at == '"') {
            end = cut_quoted(in, at, &cell);
            if (!end || !strchr(",\r\n", *end))
                return refuse(in, FC_BOTH("a quote is not closed, or text follows it",
                                          "따옴표가 닫히지 않았거나 그 뒤에 글자가 있습니다"));
        } else {
            while (!strchr(",\r\n", *end)) end++; /* the text's end stops it, too */
            char *last = end;
            while (last > at && last[-1] == ' ') last--;
            if (last < end) *last = '\0';
        }
        cells[(*n)++] = cell;
        char stop = *end;
        more = stop == ',';
        *end = '\0';
        at = end + (stop != '\0');
        if (stop == '\r' && *at == '\n') at++;
    }
    in->at = at;
    if (*n == 1 && !*cells[0]) *n = 0;
    return FC_OK;
}

/* What leads the columns of the factors. */
typedef struct lead {
    uint32_t n;
    bool point, shift; /* in this order; a factor of values may be called shift, too */
} lead;

static lead find_lead(char *const *row, uint32_t n)
{
    lead out = {.point = n > 0 && strcmp(row[0], "point") == 0};
    uint32_t at = out.point;
    out.shift = n > at + 1 && strcmp(row[at], "shift") == 0 &&
                strncmp(row[at + 1], "quantile(", strlen("quantile(")) == 0;
    out.n = at + out.shift;
    return out;
}

/* The names of the columns, and what leads them. */
static int read_head(csv *in, fc_design *out, bool *quantiles, lead *leading)
{
    uint32_t n, marked = 0;
    char **row = fc_arena_array(in->arena, COLUMNS, sizeof *row);
    if (!row) return fc_fail(in->diag, FC_E_NOMEM, NULL, NULL);
    int ret = read_line(in, row, &n);
    if (ret) return ret;
    *leading = find_lead(row, n);
    const uint32_t first = leading->n;
    if (n <= first)
        return refuse(in, FC_BOTH("the first line names the columns: point,FACTOR,FACTOR",
                                  "첫 줄에는 열 이름을 씁니다: point,요인,요인"));
    const char **columns = fc_arena_array(in->arena, n, sizeof *columns);
    if (!columns) return fc_fail(in->diag, FC_E_NOMEM, NULL, NULL);
    for (uint32_t c = first; c < n; c++) {
        size_t length = strlen(row[c]);
        bool mark =
            strncmp(row[c], "quantile(", 9) == 0 && length > 10 && row[c][length - 1] == ')';
        marked += mark;
        if (mark) row[c][length - 1] = '\0';
        columns[c - first] = row[c] + (mark ? 9 : 0);
        for (uint32_t k = 0; k < c - first; k++)
            if (strcmp(columns[k], columns[c - first]) == 0)
                return refuse(in,
                              FC_BOTH("two columns have one name", "이름이 같은 열이 있습니다"));
    }
    *quantiles = marked > 0;
    out->columns = columns;
    out->n_columns = n - first;
    return marked == 0 || marked == out->n_columns
               ? FC_OK
               : refuse(in, FC_BOTH("columns of quantiles and columns of values: keep one kind",
                                    "quantile 열과 값 열이 섞였습니다: 한 종류만 쓰십시오"));
}

static bool read_quantile(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && *out > 0 && *out < 1;
}

static uint32_t count_lines(const char *text)
{
    uint32_t n = 1;
    for (; *text; text++) n += *text == '\n' || (*text == '\r' && text[1] != '\n');
    return n;
}

static bool is_number(const char *cell, uint32_t number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    return strcmp(cell, text) == 0;
}

static int refuse_shift(const csv *in)
{
    return refuse(in,
                  FC_BOTH("the column shift counts 0, 1, 2, ... in the order of the lines, with "
                          "as many points in each shift as in the first",
                          "shift 열은 줄 순서대로 0, 1, 2, ...이며, 설계점 수는 이동마다 첫 "
                          "이동과 같아야 합니다"));
}

/* The first shift tells how many points each has. */
static int check_shift(const csv *in, const char *cell, fc_design *out)
{
    uint32_t point = out->n_points, each = out->shift_points;
    if (is_number(cell, each ? point / each : 0)) return FC_OK;
    if (each || point == 0 || !is_number(cell, 1)) return refuse_shift(in);
    out->shift_points = point;
    return FC_OK;
}

static int end_shifts(const csv *in, fc_design *out)
{
    if (!out->shift_points) out->shift_points = out->n_points;
    return out->n_points % out->shift_points ? refuse_shift(in) : FC_OK;
}

/* Points are numbered as they stand: a number that says something else would be lost. */
static int check_number(const csv *in, const char *cell, uint32_t point)
{
    char number[16], what[300];
    if (is_number(cell, point)) return FC_OK;
    snprintf(number, sizeof number, "%u", point);
    snprintf(what, sizeof what,
             FC_BOTH("the column point counts 0, 1, 2, ... in the order of the lines: here %s was "
                     "expected; it may be left out",
                     "point 열은 줄 순서대로 0, 1, 2, ...입니다. 이 줄에 있어야 할 값: %s. 열을 "
                     "생략해도 됩니다"),
             number, number);
    return refuse(in, what);
}

/* The cells of one point. */
static int read_point(const csv *in, char *const *row, const lead *leading, double *numbers,
                      const char **cells, fc_design *out)
{
    int ret = leading->point ? check_number(in, row[0], out->n_points) : FC_OK;
    if (!ret && leading->shift) ret = check_shift(in, row[leading->point], out);
    for (uint32_t c = 0; c < out->n_columns && !ret; c++) {
        char *cell = row[c + leading->n];
        size_t at = (size_t)out->n_points * out->n_columns + c;
        if (cells) cells[at] = *cell ? cell : NULL;
        if (numbers && !read_quantile(cell, &numbers[at]))
            ret = refuse(in, FC_BOTH("a quantile is a number between 0 and 1",
                                     "quantile은 0과 1 사이의 수입니다"));
    }
    return ret;
}

static int read_points(csv *in, fc_design *out, bool quantiles, const lead *leading)
{
    uint32_t room = count_lines(in->at), n, columns = out->n_columns;
    if (room > FC_DESIGN_POINTS + 2 || (uint64_t)room * columns > FC_DESIGN_CELLS)
        return fc_fail(in->diag, FC_E_DESIGN_SIZE, NULL, "1000000", "50000000", NULL);
    double *numbers =
        quantiles ? fc_arena_array(in->arena, (size_t)room * columns + 1, sizeof *numbers) : NULL;
    const char **cells =
        quantiles ? NULL : fc_arena_array(in->arena, (size_t)room * columns + 1, sizeof *cells);
    char **row = fc_arena_array(in->arena, COLUMNS, sizeof *row);
    if (!row || (!numbers && !cells)) return fc_fail(in->diag, FC_E_NOMEM, NULL, NULL);
    for (in->line++; *in->at; in->line++) {
        int ret = read_line(in, row, &n);
        if (ret) return ret;
        if (n == 0) continue;
        if (n != columns + leading->n)
            return refuse(in, FC_BOTH("this line has not as many cells as the first",
                                      "칸 수가 첫 줄과 다릅니다"));
        if ((ret = read_point(in, row, leading, numbers, cells, out))) return ret;
        out->n_points++;
    }
    out->quantiles = numbers;
    out->cells = cells;
    if (!out->n_points) return refuse(in, FC_BOTH("there is no point", "설계점이 없습니다"));
    return leading->shift ? end_shifts(in, out) : FC_OK;
}

int fc_design_read(fc_arena *arena, const char *path, fc_diag *diag, fc_design *out)
{
    csv in = {.arena = arena, .diag = diag, .path = path, .line = 1};
    bool quantiles = false;
    lead leading = {0};
    *out = (fc_design){0};
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* a point is a point */
    if (!plain) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    locale_t before = uselocale(plain);
    int ret = read_file(&in);
    assert(ret || in.at);
    if (!ret) ret = read_head(&in, out, &quantiles, &leading);
    if (!ret) ret = read_points(&in, out, quantiles, &leading);
    uselocale(before);
    freelocale(plain);
    return ret;
}
