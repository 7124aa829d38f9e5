/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "fleetcast/error.h"
#include "kernel/path.h"
#include "kernel/stats.h"

/* Piece k of a path runs from point k - 1 to point k: piece 0 from minus to piece `count` to plus
 * infinity, both of them constant. */
typedef struct piece {
    double from, to;    /* [from, to) */
    double left, right; /* value at from, and towards to */
} piece;

static piece piece_of(const fc_path *path, size_t k)
{
    piece p = {.from = -INFINITY, .to = INFINITY, .left = path->before};

    if (k > 0) {
        p.from = path->time[k - 1];
        p.left = path->value[k - 1];
    }
    p.right = p.left;
    if (k < path->count) {
        p.to = path->time[k];
        if (k > 0 && path->kind == FC_PATH_LINEAR) p.right = path->value[k];
    }
    return p;
}

static double piece_at(const piece *p, double t)
{
    if (p->left == p->right) return p->left;
    return p->left + (p->right - p->left) * ((t - p->from) / (p->to - p->from));
}

/* The piece cut to [a, b], which it overlaps. Its ends keep their exact values. */
static piece piece_cut(piece p, double a, double b)
{
    piece cut = p;

    if (a > p.from) {
        cut.from = a;
        cut.left = piece_at(&p, a);
    }
    if (b < p.to) {
        cut.to = b;
        cut.right = piece_at(&p, b);
    }
    return cut;
}

static double piece_area(const piece *p)
{
    double mean = 0.5 * (p->left + p->right);
    return mean == 0 ? 0 : mean * (p->to - p->from); /* 0 for ever is 0, not NaN */
}

/* How far into the piece (from its start) its area reaches `area`, 0 < area <= its whole area.
 * With w the part of the length: left w + (right - left) w^2 / 2 = area / length, solved in the
 * form without cancellation, in units of the greater value so that no square can underflow. */
static double piece_inverse(const piece *p, double area)
{
    if (p->left == p->right) return area / p->left;
    double length = p->to - p->from, unit = fmax(p->left, p->right);
    double left = p->left / unit, slope = (p->right - p->left) / unit;
    double want = area / length / unit;
    double root = sqrt(fmax(0, left * left + 2 * slope * want));
    return left + root > 0 ? length * (2 * want / (left + root)) : 0;
}

static size_t passed_points(const fc_path *path, double t)
{
    return fc_times_passed(path->time, path->count, t);
}

int fc_path_check(const fc_path *path)
{
    if (!(fabs(path->before) <= FC_PATH_LIMIT)) return FC_E_DOMAIN;
    for (size_t i = 0; i < path->count; i++) {
        if (!(fabs(path->value[i]) <= FC_PATH_LIMIT)) return FC_E_DOMAIN;
        if (!(fabs(path->time[i]) <= FC_PATH_LIMIT)) return FC_E_DOMAIN;
        if (i > 0 && !(path->time[i - 1] < path->time[i])) return FC_E_DOMAIN;
    }
    return FC_OK;
}

static double value_in(const fc_path *path, size_t k, double t)
{
    piece p = piece_of(path, k);
    return piece_at(&p, t);
}

double fc_path_at(const fc_path *path, double t)
{
    return value_in(path, passed_points(path, t), t);
}

double fc_path_integral(const fc_path *path, double a, double b)
{
    fc_sum sum = FC_SUM_ZERO;

    if (b < a) return -fc_path_integral(path, b, a);
    for (size_t k = passed_points(path, a); k <= path->count; k++) {
        piece p = piece_of(path, k);
        if (!(p.from < b)) break;
        p = piece_cut(p, a, b);
        fc_sum_add(&sum, piece_area(&p));
    }
    return fc_sum_value(&sum);
}

/* fc_path_inverse_integral with `from` in piece k. */
static double inverse_from(const fc_path *path, size_t k, double from, double area)
{
    if (!(area > 0)) return from;
    for (; k <= path->count; k++) {
        piece p = piece_cut(piece_of(path, k), from, INFINITY);
        double whole = piece_area(&p);
        if (whole >= area) return fmin(p.from + piece_inverse(&p, area), p.to);
        area -= whole; /* stays above 0: unequal doubles have a difference */
    }
    return INFINITY;
}

double fc_path_inverse_integral(const fc_path *path, double from, double area)
{
    return inverse_from(path, passed_points(path, from), from, area);
}

double fc_path_next_change(const fc_path *path, double t)
{
    size_t k = passed_points(path, t);

    if (path->kind == FC_PATH_STEP) {
        double now = value_in(path, k, t);
        while (k < path->count && path->value[k] == now) k++;
    }
    return k < path->count ? path->time[k] : INFINITY;
}

/* The greatest of sign * value on [a, b]; on every piece it is at an end. */
static double extreme(const fc_path *path, double a, double b, double sign)
{
    double best = -INFINITY;

    for (size_t k = passed_points(path, a); k <= path->count; k++) {
        piece p = piece_of(path, k);
        if (p.from > b) break;
        p = piece_cut(p, a, b);
        best = fmax(best, fmax(sign * p.left, sign * p.right));
    }
    return sign * best;
}

double fc_path_max(const fc_path *path, double a, double b)
{
    return extreme(path, a, b, 1);
}

double fc_path_min(const fc_path *path, double a, double b)
{
    return extreme(path, a, b, -1);
}

fc_path_cursor fc_path_cursor_on(const fc_path *path)
{
    return (fc_path_cursor){.path = path};
}

static void cursor_seek(fc_path_cursor *cursor, double t)
{
    const fc_path *path = cursor->path;

    if (cursor->passed > 0 && t < path->time[cursor->passed - 1])
        cursor->passed = passed_points(path, t);
    else
        while (cursor->passed < path->count && path->time[cursor->passed] <= t) cursor->passed++;
}

double fc_path_cursor_at(fc_path_cursor *cursor, double t)
{
    cursor_seek(cursor, t);
    return value_in(cursor->path, cursor->passed, t);
}

double fc_path_cursor_inverse_integral(fc_path_cursor *cursor, double from, double area)
{
    cursor_seek(cursor, from);
    return inverse_from(cursor->path, cursor->passed, from, area);
}
