/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"
#include "jobs/servers.h"

enum { NONE = UINT32_MAX };

static void level_insert(fc_servers *s, uint32_t server)
{
    uint32_t level = s->free[server], first = s->head[level];

    s->next[server] = first;
    s->prev[server] = NONE;
    if (first != NONE) s->prev[first] = server;
    s->head[level] = server;
    s->at_level[level]++;
}

static void level_remove(fc_servers *s, uint32_t server)
{
    uint32_t level = s->free[server], next = s->next[server], prev = s->prev[server];

    if (next != NONE) s->prev[next] = prev;
    if (prev != NONE)
        s->next[prev] = next;
    else
        s->head[level] = next;
    s->at_level[level]--;
}

int fc_servers_init(fc_servers *s, uint32_t size, uint32_t units, uint32_t most)
{
    size_t n = most, levels = (size_t)size + 1;

    *s = (fc_servers){.size = size, .most = most, .free_share = NONE};
    s->free = calloc(n, sizeof *s->free);
    s->state = calloc(n, sizeof *s->state);
    s->first_share = calloc(n, sizeof *s->first_share);
    s->next = calloc(n, sizeof *s->next);
    s->prev = calloc(n, sizeof *s->prev);
    s->head = calloc(levels, sizeof *s->head);
    s->at_level = calloc(levels, sizeof *s->at_level);
    s->then_free = calloc(n, sizeof *s->then_free);
    s->then_level = calloc(levels, sizeof *s->then_level);
    if (!s->free || !s->state || !s->first_share || !s->next || !s->prev || !s->head ||
        !s->at_level || !s->then_free || !s->then_level) {
        fc_servers_free(s);
        return FC_E_NOMEM;
    }
    for (size_t i = 0; i < levels; i++) s->head[i] = NONE;
    for (uint32_t i = 0; i < most; i++) s->first_share[i] = FC_NO_SHARE;
    for (uint32_t i = units; i-- > 0;) fc_servers_enter(s, i); /* the first is taken first */
    return FC_OK;
}

void fc_servers_free(fc_servers *s)
{
    free(s->free);
    free(s->state);
    free(s->first_share);
    free(s->next);
    free(s->prev);
    free(s->head);
    free(s->at_level);
    free(s->shares);
    free(s->then_free);
    free(s->then_level);
    *s = (fc_servers){0};
}

/* Room for `to` numbers in place of `from`; the new ones are `value`. */
static int grow(uint32_t **array, uint32_t from, uint32_t to, uint32_t value)
{
    uint32_t *grown = realloc(*array, to * sizeof *grown);

    if (!grown) return FC_E_NOMEM;
    for (uint32_t i = from; i < to; i++) grown[i] = value;
    *array = grown;
    return FC_OK;
}

int fc_servers_grow(fc_servers *s, uint32_t most)
{
    uint32_t to = most > s->most + s->most / 2 ? most : s->most + s->most / 2;
    uint8_t *state = realloc(s->state, to);

    if (!state) return FC_E_NOMEM;
    memset(state + s->most, FC_SERVER_OUT, to - s->most);
    s->state = state;
    if (grow(&s->free, s->most, to, 0) || grow(&s->first_share, s->most, to, FC_NO_SHARE) ||
        grow(&s->next, s->most, to, 0) || grow(&s->prev, s->most, to, 0) ||
        grow(&s->then_free, s->most, to, 0))
        return FC_E_NOMEM;
    s->most = to;
    return FC_OK;
}

uint64_t fc_servers_room(uint32_t size, const uint32_t *at_level)
{
    uint32_t part = size - 1;

    while (part > 0 && at_level[part] == 0) part--;
    return (uint64_t)at_level[size] * size + part;
}

/* Shares on the free list, at least `n`, so that placing a gang cannot fail half way. */
int fc_servers_reserve(fc_servers *s, uint32_t n)
{
    uint32_t have = 0;

    for (uint32_t i = s->free_share; i != NONE && have < n; i = s->shares[i].next_of_job) have++;
    if (have == n) return FC_OK;
    uint32_t size = s->share_count + s->share_count / 2 + n + 64;
    fc_server_share *shares = realloc(s->shares, size * sizeof *shares);
    if (!shares) return FC_E_NOMEM;
    for (uint32_t i = size; i-- > s->share_count;) {
        shares[i] = (fc_server_share){.next_of_job = s->free_share};
        s->free_share = i;
    }
    s->shares = shares;
    s->share_count = size;
    return FC_OK;
}

/* `gpus` of the server to the job, as the new first of its shares. */
void fc_servers_put(fc_servers *s, uint32_t server, uint32_t gpus, uint32_t slot, uint32_t *share)
{
    uint32_t at = s->free_share, first = s->first_share[server];

    s->free_share = s->shares[at].next_of_job;
    s->shares[at] = (fc_server_share){.server = server,
                                      .gpus = gpus,
                                      .slot = slot,
                                      .next_of_job = *share,
                                      .before = NONE,
                                      .after = first};
    if (first != NONE) s->shares[first].before = at;
    s->first_share[server] = at;
    level_remove(s, server);
    s->free[server] -= gpus;
    level_insert(s, server);
    *share = at;
}

int fc_servers_place(fc_servers *s, uint32_t slot, uint32_t gpus, uint32_t *share)
{
    uint32_t whole = gpus / s->size, part = gpus % s->size, level = part;
    int ret = fc_servers_reserve(s, whole + 1);

    *share = FC_NO_SHARE;
    if (ret) return ret;
    if (part > 0) {
        while (s->at_level[level] == 0) level++; /* ends: the caller knows that it fits */
        fc_servers_put(s, s->head[level], part, slot, share);
    }
    for (; whole > 0; whole--) fc_servers_put(s, s->head[s->size], s->size, slot, share);
    return FC_OK;
}

uint64_t fc_servers_release(fc_servers *s, uint32_t share)
{
    uint64_t out = 0;

    while (share != FC_NO_SHARE) {
        fc_server_share *part = &s->shares[share];
        uint32_t server = part->server, next = part->next_of_job;

        if (part->after != NONE) s->shares[part->after].before = part->before;
        if (part->before != NONE)
            s->shares[part->before].after = part->after;
        else
            s->first_share[server] = part->after;
        if (s->state[server] == FC_SERVER_IN) level_remove(s, server);
        s->free[server] += part->gpus;
        if (s->state[server] == FC_SERVER_IN) {
            level_insert(s, server);
        } else {
            out += part->gpus;
            if (s->free[server] == s->size) s->state[server] = FC_SERVER_OUT;
        }
        part->next_of_job = s->free_share;
        s->free_share = share;
        share = next;
    }
    return out;
}

void fc_servers_enter(fc_servers *s, uint32_t server)
{
    assert(s->state[server] == FC_SERVER_OUT || s->state[server] == FC_SERVER_BROKEN);
    s->state[server] = FC_SERVER_IN;
    s->free[server] = s->size;
    level_insert(s, server);
}

void fc_servers_leave(fc_servers *s, uint32_t server, fc_server_state state)
{
    assert(s->first_share[server] == FC_NO_SHARE);
    if (s->state[server] == FC_SERVER_IN) level_remove(s, server);
    s->free[server] = s->size;
    s->state[server] = (uint8_t)state;
}

uint32_t fc_servers_add(fc_servers *s, uint32_t n, uint64_t *gpus_in)
{
    uint32_t added = 0;

    *gpus_in = 0;
    for (uint32_t i = 0; i < s->most && added < n; i++) {
        if (s->state[i] != FC_SERVER_LEAVING) continue;
        s->state[i] = FC_SERVER_IN;
        level_insert(s, i);
        *gpus_in += s->free[i];
        added++;
    }
    for (uint32_t i = 0; i < s->most && added < n; i++) {
        if (s->state[i] != FC_SERVER_OUT) continue;
        fc_servers_enter(s, i);
        *gpus_in += s->size;
        added++;
    }
    return added;
}

uint32_t fc_servers_remove(fc_servers *s, uint32_t n, uint64_t *gpus_out)
{
    uint32_t gone = 0;

    *gpus_out = 0;
    for (uint32_t level = s->size + 1; level-- > 0 && gone < n;) {
        while (gone < n && s->head[level] != NONE) {
            uint32_t server = s->head[level];

            level_remove(s, server);
            s->state[server] = level == s->size ? FC_SERVER_OUT : FC_SERVER_LEAVING;
            *gpus_out += level;
            gone++;
        }
    }
    return gone;
}

void fc_servers_suppose(fc_servers *s)
{
    memcpy(s->then_free, s->free, s->most * sizeof *s->free);
    memcpy(s->then_level, s->at_level, ((size_t)s->size + 1) * sizeof *s->at_level);
}

void fc_servers_suppose_end(fc_servers *s, uint32_t share)
{
    for (; share != FC_NO_SHARE; share = s->shares[share].next_of_job) {
        uint32_t server = s->shares[share].server;

        if (s->state[server] != FC_SERVER_IN) continue;
        s->then_level[s->then_free[server]]--;
        s->then_free[server] += s->shares[share].gpus;
        s->then_level[s->then_free[server]]++;
    }
}

void fc_servers_suppose_start(fc_servers *s, uint32_t share)
{
    for (; share != FC_NO_SHARE; share = s->shares[share].next_of_job) {
        uint32_t server = s->shares[share].server;

        if (s->state[server] != FC_SERVER_IN) continue;
        s->then_level[s->then_free[server]]--;
        s->then_free[server] -= s->shares[share].gpus;
        s->then_level[s->then_free[server]]++;
    }
}

bool fc_servers_verify(const fc_servers *s, uint64_t free_gpus)
{
    uint64_t free = 0;

    for (uint32_t i = 0; i < s->most; i++) {
        uint32_t held = 0;

        for (uint32_t at = s->first_share[i]; at != NONE; at = s->shares[at].after)
            held += s->shares[at].gpus;
        if (s->state[i] == FC_SERVER_IN) free += s->free[i];
        if ((s->state[i] == FC_SERVER_IN || held > 0) && s->free[i] + held != s->size) return false;
        if (held > 0 && s->state[i] != FC_SERVER_IN && s->state[i] != FC_SERVER_LEAVING)
            return false;
    }
    for (uint32_t level = 0; level <= s->size; level++) {
        uint32_t n = 0;
        for (uint32_t i = s->head[level]; i != NONE; i = s->next[i], n++) {
            if (s->free[i] != level || s->state[i] != FC_SERVER_IN) return false;
        }
        if (n != s->at_level[level]) return false;
    }
    return free == free_gpus;
}
