/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"
#include "jobs/projection.h"

void fc_projection_free(fc_projection *p)
{
    free(p->then_free);
    free(p->kept);
    free(p->spare_level);
    fc_levels_free(&p->now);
    fc_levels_free(&p->then);
    *p = (fc_projection){0};
}

static int allocate(fc_projection *p, const fc_servers *s)
{
    int ret = fc_levels_init(&p->now, s->size, s->most);

    if (ret == FC_OK) ret = fc_levels_init(&p->then, s->size, s->most);
    p->then_free = calloc(s->most, sizeof *p->then_free);
    p->kept = calloc(2 * ((size_t)s->most / 64 + 1), sizeof *p->kept); /* half of it is scratch */
    p->spare_level = calloc((size_t)s->size + 1, sizeof *p->spare_level);
    p->most = s->most;
    if (ret == FC_OK && p->then_free && p->kept && p->spare_level) return FC_OK;
    fc_projection_free(p);
    return FC_E_NOMEM;
}

/* From what is: nothing has ended, nothing is kept. */
static int begin(fc_projection *p, const fc_servers *s)
{
    int ret = FC_OK;

    if (p->most != s->most) {
        fc_projection_free(p);
        ret = allocate(p, s);
    }
    if (ret) return ret;
    fc_levels_clear(&p->now);
    fc_levels_clear(&p->then);
    memset(p->kept, 0, p->now.words * sizeof *p->kept);
    memcpy(p->then_free, s->free, s->most * sizeof *s->free);
    for (uint32_t i = 0; i < s->most; i++) {
        if (s->state[i] != FC_SERVER_IN) continue;
        fc_levels_add(&p->now, i, s->free[i]);
        fc_levels_add(&p->then, i, s->free[i]);
    }
    memcpy(p->spare_level, p->now.count, ((size_t)s->size + 1) * sizeof *p->spare_level);
    p->part = 0;
    p->part_server = FC_NO_SERVER;
    p->time = -INFINITY;
    p->valid = true;
    return FC_OK;
}

static bool is_kept(const fc_projection *p, uint32_t server)
{
    return p->kept[server / 64] >> server % 64 & 1;
}

/* GPUs of a server that are spare, of which `free` are free now. */
static uint32_t spare_of(const fc_projection *p, uint32_t server, uint32_t free)
{
    if (is_kept(p, server)) return 0;
    if (server != p->part_server) return free;
    uint32_t left = p->then_free[server] > p->part ? p->then_free[server] - p->part : 0;
    return left < free ? left : free;
}

/* GPUs of a server that are free: now, and then. */
static void move(fc_projection *p, uint32_t server, uint32_t before, uint32_t after, uint32_t then)
{
    p->spare_level[spare_of(p, server, before)]--;
    if (before != after) fc_levels_move(&p->now, server, before, after);
    if (then != p->then_free[server]) {
        fc_levels_move(&p->then, server, p->then_free[server], then);
        p->then_free[server] = then;
    }
    p->spare_level[spare_of(p, server, after)]++;
}

/* ---- What starts and ends. */

/* The gang's GPUs fall free (1), are taken (-1) or stay (0): now, where those taken have been taken
 * already and those that fall free are still held; and then. */
static void change(fc_projection *p, const fc_servers *s, uint32_t share, int now, int then)
{
    for (; share != FC_NO_SHARE; share = s->shares[share].next_of_job) {
        uint32_t server = s->shares[share].server, gpus = s->shares[share].gpus;
        uint32_t free = s->free[server];

        if (s->state[server] != FC_SERVER_IN) continue;
        move(p, server, now < 0 ? free + gpus : free, now > 0 ? free + gpus : free,
             then < 0 ? p->then_free[server] - gpus : p->then_free[server] + (then ? gpus : 0));
    }
}

void fc_projection_put(fc_projection *p, const fc_servers *s, uint32_t share, double expected_end)
{
    if (p->valid) change(p, s, share, -1, expected_end > p->time ? -1 : 0);
}

void fc_projection_lift(fc_projection *p, const fc_servers *s, uint32_t share, double expected_end)
{
    if (p->valid) change(p, s, share, 1, expected_end > p->time ? 1 : 0);
}

void fc_projection_expect(fc_projection *p, const fc_servers *s, uint32_t share, double before,
                          double after)
{
    if (!p->valid || (before > p->time) == (after > p->time)) return;
    change(p, s, share, 0, after > p->time ? -1 : 1);
}

/* ---- Where it stands. */

static bool fits(const fc_projection *p, uint32_t gpus)
{
    return fc_servers_room(p->then.size, p->then.count) >= gpus;
}

/* Moves over the next ends, all at one time, and returns that; INFINITY if there are none. */
static double end_next(fc_projection *p, const fc_servers *s, const fc_ordered *running,
                       const fc_tasks *tasks)
{
    fc_ordered_entry entry = {0};
    bool more = fc_ordered_after(running, p->time, UINT64_MAX, &entry);
    double end = more ? entry.key : INFINITY;

    while (more && entry.key == end) {
        change(p, s, tasks->task[entry.slot].share, 0, 1);
        more = fc_ordered_after(running, entry.key, entry.seq, &entry);
    }
    p->time = end;
    return end;
}

/* Takes the last ends back, all at one time, and returns that; -INFINITY if there are none. */
static double undo_last(fc_projection *p, const fc_servers *s, const fc_ordered *running,
                        const fc_tasks *tasks)
{
    fc_ordered_entry entry = {0};
    bool more = fc_ordered_before(running, p->time, UINT64_MAX, &entry);
    double end = more ? entry.key : -INFINITY;

    while (more && entry.key == end) {
        change(p, s, tasks->task[entry.slot].share, 0, -1);
        more = fc_ordered_before(running, entry.key, entry.seq, &entry);
    }
    p->time = nextafter(end, -INFINITY);
    return end;
}

int fc_projection_reach(fc_projection *p, const fc_servers *s, const fc_ordered *running,
                        const fc_tasks *tasks, uint32_t gpus, double *time)
{
    int ret = p->valid ? FC_OK : begin(p, s);

    if (ret) return ret;
    while (fits(p, gpus) && !isinf(undo_last(p, s, running, tasks))) continue;
    do *time = end_next(p, s, running, tasks);
    while (!isinf(*time) && !fits(p, gpus));
    return FC_OK;
}

int fc_projection_move(fc_projection *p, const fc_servers *s, const fc_ordered *running,
                       const fc_tasks *tasks, double time)
{
    fc_ordered_entry end = {0};
    int ret = p->valid ? FC_OK : begin(p, s);

    if (ret) return ret;
    while (fc_ordered_before(running, p->time, UINT64_MAX, &end) && end.key > time)
        undo_last(p, s, running, tasks);
    while (fc_ordered_after(running, p->time, UINT64_MAX, &end) && end.key <= time)
        end_next(p, s, running, tasks);
    p->time = time;
    return FC_OK;
}

/* ---- What is kept. */

/* The first `n` servers of those free then, those that are not empty now before the others. */
static void choose_whole(const fc_projection *p, uint32_t n, uint64_t *out)
{
    const uint64_t *then = fc_levels_row(&p->then, p->then.size);
    const uint64_t *empty = fc_levels_row(&p->now, p->now.size);

    memset(out, 0, p->now.words * sizeof *out);
    for (int emptied = 0; emptied < 2; emptied++) {
        for (size_t w = 0; w < p->now.words && n > 0; w++) {
            uint64_t bits = emptied ? then[w] & empty[w] : then[w] & ~empty[w];

            if (p->part_server / 64 == w) bits &= ~(UINT64_C(1) << p->part_server % 64);
            uint32_t count = (uint32_t)__builtin_popcountll(bits);
            for (; count > n; count--) bits &= ~(UINT64_C(1) << (63 - __builtin_clzll(bits)));
            out[w] |= bits;
            n -= count;
        }
    }
    assert(n == 0);
}

static void set_part(fc_projection *p, const fc_servers *s, uint32_t server, uint32_t part)
{
    uint32_t before = p->part_server;

    if (before != FC_NO_SERVER) p->spare_level[spare_of(p, before, s->free[before])]--;
    p->part_server = FC_NO_SERVER;
    if (before != FC_NO_SERVER) p->spare_level[spare_of(p, before, s->free[before])]++;
    if (server == FC_NO_SERVER) return;
    p->spare_level[spare_of(p, server, s->free[server])]--;
    p->part_server = server;
    p->part = part;
    p->spare_level[spare_of(p, server, s->free[server])]++;
}

void fc_projection_keep(fc_projection *p, const fc_servers *s, uint32_t gpus)
{
    uint32_t part = gpus % s->size, server = FC_NO_SERVER;
    uint64_t *kept = p->kept + p->now.words;

    if (part > 0) server = fc_levels_first(&p->then, part, NULL);
    set_part(p, s, server, part);
    choose_whole(p, gpus / s->size, kept);
    for (size_t w = 0; w < p->now.words; w++) {
        for (uint64_t bits = p->kept[w] ^ kept[w]; bits; bits &= bits - 1) {
            uint64_t bit = bits & (0 - bits);
            uint32_t i = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);

            p->spare_level[spare_of(p, i, s->free[i])]--;
            p->kept[w] ^= bit;
            p->spare_level[spare_of(p, i, s->free[i])]++;
        }
    }
}

/* ---- What is spare. */

uint64_t fc_projection_spare_room(const fc_projection *p, const fc_servers *s)
{
    return fc_servers_room(s->size, p->spare_level);
}

/* The server for the rest of a gang. */
static uint32_t server_for(const fc_projection *p, const fc_servers *s, uint32_t part)
{
    uint32_t best = FC_NO_SERVER, other = p->part_server;

    for (uint32_t level = part; best == FC_NO_SERVER && level <= s->size; level++) {
        const uint64_t *row = fc_levels_row(&p->now, level);
        bool can = other != FC_NO_SERVER && s->free[other] == level &&
                   spare_of(p, other, s->free[other]) >= part;

        for (size_t w = 0; best == FC_NO_SERVER && w < p->now.words; w++) {
            uint64_t bits = row[w] & ~p->kept[w];
            if (other / 64 == w && !can) bits &= ~(UINT64_C(1) << other % 64);
            if (bits) best = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
        }
    }
    return best;
}

int fc_projection_place(const fc_projection *p, fc_servers *s, uint32_t slot, uint32_t gpus,
                        uint32_t *share, bool *placed)
{
    uint32_t whole = gpus / s->size, part = gpus % s->size, server = FC_NO_SERVER;
    const uint64_t *empty = fc_levels_row(&p->now, s->size);
    int ret = fc_servers_reserve(s, whole + 1);

    *share = FC_NO_SHARE;
    *placed = ret == FC_OK && fc_projection_spare_room(p, s) >= gpus;
    if (!*placed) return ret;
    if (part > 0) {
        server = server_for(p, s, part);
        fc_servers_put(s, server, part, slot, share);
    }
    for (size_t w = 0; w < p->now.words && whole > 0; w++) {
        for (uint64_t bits = empty[w] & ~p->kept[w]; bits && whole > 0; bits &= bits - 1) {
            uint32_t i = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);

            if (i == server || i == p->part_server) continue;
            fc_servers_put(s, i, s->size, slot, share);
            whole--;
        }
    }
    assert(whole == 0);
    return FC_OK;
}

/* ---- Checks. */

static bool same_levels(const fc_levels *a, const fc_levels *b)
{
    size_t levels = (size_t)a->size + 1;

    return memcmp(a->bits, b->bits, levels * a->words * sizeof *a->bits) == 0 &&
           memcmp(a->count, b->count, levels * sizeof *a->count) == 0;
}

bool fc_projection_verify(const fc_projection *p, const fc_servers *s, const fc_ordered *running,
                          const fc_tasks *tasks)
{
    fc_projection anew = {0};
    bool right = true;

    if (!p->valid) return true;
    if (begin(&anew, s) != FC_OK) return false;
    for (fc_ordered_entry e = {.key = -INFINITY};
         fc_ordered_after(running, e.key, e.seq, &e) && e.key <= p->time;)
        change(&anew, s, tasks->task[e.slot].share, 0, 1);
    right =
        p->most == s->most && same_levels(&p->now, &anew.now) && same_levels(&p->then, &anew.then);
    memset(anew.spare_level, 0, ((size_t)s->size + 1) * sizeof *anew.spare_level);
    for (uint32_t i = 0; right && i < s->most; i++) {
        if (s->state[i] == FC_SERVER_IN) anew.spare_level[spare_of(p, i, s->free[i])]++;
    }
    right = right && memcmp(p->spare_level, anew.spare_level,
                            ((size_t)s->size + 1) * sizeof *p->spare_level) == 0;
    fc_projection_free(&anew);
    return right;
}
