/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"
#include "jobs/ordered.h"

enum { FAN = 32, ROW = 8, MAX_HEIGHT = 12, NONE = UINT32_MAX };

/* Key and seq as one number that orders like the pair: one comparison, and no branch on it. */
__extension__ typedef unsigned __int128 place;

/* Above every place: fills a node beyond its last one. */
static const place BEYOND = ~(place)0;

/* An entry, or a subtree seen from above. */
typedef struct item {
    double shortest;
    uint64_t gpus;
    uint32_t narrowest;
    uint32_t down; /* the entry's slot, or the subtree's node */
} item;

union fc_ordered_node {
    struct {
        uint32_t count;
        place at[FAN]; /* of the entry, or of the subtree's first; apart, so that a search reads
                        * few cache lines */
        item of[FAN];
    };
    uint32_t next_free;
};

/* The bits of a double >= 0 are in the order of the doubles, those below 0 in the opposite one. */
static uint64_t ordered_bits(double key)
{
    uint64_t bits;

    key += 0.0; /* -0.0 is 0 */
    memcpy(&bits, &key, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static place place_of(double key, uint64_t seq)
{
    return (place)ordered_bits(key) << 64 | seq;
}

static fc_ordered_entry entry_at(const fc_ordered_node *leaf, uint32_t i)
{
    uint64_t bits = (uint64_t)(leaf->at[i] >> 64);
    fc_ordered_entry entry = {.seq = (uint64_t)leaf->at[i],
                              .length = leaf->of[i].shortest,
                              .gpus = leaf->of[i].narrowest,
                              .slot = leaf->of[i].down};

    bits = bits >> 63 ? bits & ~((uint64_t)1 << 63) : ~bits;
    memcpy(&entry.key, &bits, sizeof bits);
    return entry;
}

/* How many of a node lie before a place: first of every eighth, then of eight. */
static uint32_t count_before(const fc_ordered_node *n, place limit)
{
    uint32_t rows = 0, count = 0;

    for (uint32_t i = ROW - 1; i + ROW < FAN; i += ROW) rows += n->at[i] < limit;
    for (uint32_t i = 0; i < ROW; i++) count += n->at[rows * ROW + i] < limit;
    return rows * ROW + count;
}

/* The last child that starts at or before a place; the first if none does. */
static uint32_t child_for(const fc_ordered_node *n, place where)
{
    uint32_t count = count_before(n, where + 1);

    return count > 0 ? count - 1 : 0;
}

/* What a node looks like from above, counted anew. */
static item summary(const fc_ordered *o, uint32_t node)
{
    const fc_ordered_node *n = &o->nodes[node];
    item sum = {.shortest = INFINITY, .narrowest = NONE, .down = node};

    for (uint32_t i = 0; i < n->count; i++) sum.gpus += n->of[i].gpus;
    for (uint32_t i = 0; o->searched && i < n->count; i++) {
        if (n->of[i].shortest < sum.shortest) sum.shortest = n->of[i].shortest;
        if (n->of[i].narrowest < sum.narrowest) sum.narrowest = n->of[i].narrowest;
    }
    return sum;
}

/* Room for `more` nodes, so that what follows cannot fail half way. */
static int reserve(fc_ordered *o, uint32_t more)
{
    uint32_t size = o->allocated;
    fc_ordered_node *nodes = NULL;

    if (size - o->used >= more) return FC_OK; /* free nodes not counted: they come on top */
    size += size / 2 + more;
    nodes = realloc(o->nodes, size * sizeof *nodes);
    if (!nodes) return FC_E_NOMEM;
    o->nodes = nodes;
    o->allocated = size;
    return FC_OK;
}

static uint32_t take_node(fc_ordered *o)
{
    uint32_t node = o->free_node;

    if (node != NONE) {
        o->free_node = o->nodes[node].next_free;
    } else {
        assert(o->used < o->allocated);
        node = o->used++;
    }
    o->nodes[node].count = 0;
    memset(o->nodes[node].at, 0xff, sizeof o->nodes[node].at); /* BEYOND */
    return node;
}

static void give_node(fc_ordered *o, uint32_t node)
{
    o->nodes[node].next_free = o->free_node;
    o->free_node = node;
}

int fc_ordered_init(fc_ordered *o, bool searched)
{
    *o = (fc_ordered){
        .free_node = NONE, .shortest = INFINITY, .narrowest = NONE, .searched = searched};
    int ret = reserve(o, 1);
    if (ret == FC_OK) o->root = take_node(o);
    return ret;
}

void fc_ordered_free(fc_ordered *o)
{
    free(o->nodes);
    *o = (fc_ordered){.free_node = NONE, .shortest = INFINITY, .narrowest = NONE};
}

/* ---- One node. */

/* Puts a new one at i of a node that is not full, and takes one out. */
static void put(fc_ordered_node *n, uint32_t i, place at, item of)
{
    memmove(n->at + i + 1, n->at + i, (n->count - i) * sizeof *n->at);
    memmove(n->of + i + 1, n->of + i, (n->count - i) * sizeof *n->of);
    n->at[i] = at;
    n->of[i] = of;
    n->count++;
}

static void drop(fc_ordered_node *n, uint32_t i)
{
    n->count--;
    memmove(n->at + i, n->at + i + 1, (n->count - i) * sizeof *n->at);
    memmove(n->of + i, n->of + i + 1, (n->count - i) * sizeof *n->of);
    n->at[n->count] = BEYOND;
}

/* Appends what `from` holds from `first` on, and takes it out there. */
static void move_tail(fc_ordered_node *to, fc_ordered_node *from, uint32_t first)
{
    uint32_t count = from->count - first;

    memcpy(to->at + to->count, from->at + first, count * sizeof *to->at);
    memcpy(to->of + to->count, from->of + first, count * sizeof *to->of);
    memset(from->at + first, 0xff, count * sizeof *from->at);
    to->count += count;
    from->count = first;
}

/* Cuts the full child i of a parent that has room. At the right edge the cut leaves the left part
 * nearly full, because queues mostly grow at their end. */
static void split(fc_ordered *o, uint32_t parent, uint32_t i, bool at_edge)
{
    uint32_t left = o->nodes[parent].of[i].down, right = take_node(o);

    move_tail(&o->nodes[right], &o->nodes[left], at_edge ? FAN - 2 : FAN / 2);
    o->nodes[parent].of[i] = summary(o, left);
    put(&o->nodes[parent], i + 1, o->nodes[right].at[0], summary(o, right));
}

static void grow_root(fc_ordered *o)
{
    uint32_t old = o->root;

    o->root = take_node(o);
    put(&o->nodes[o->root], 0, o->nodes[old].at[0], summary(o, old));
    o->height++;
}

/* Joins child i with the next one where both fit well into one node. */
static void join(fc_ordered *o, fc_ordered_node *parent, uint32_t i)
{
    if (i + 1 >= parent->count) return;
    uint32_t left = parent->of[i].down, right = parent->of[i + 1].down;

    if (o->nodes[left].count + o->nodes[right].count > FAN * 3 / 4) return;
    move_tail(&o->nodes[left], &o->nodes[right], 0);
    give_node(o, right);
    drop(parent, i + 1);
    parent->of[i] = summary(o, left);
}

/* ---- Entries come and go. */

int fc_ordered_insert(fc_ordered *o, fc_ordered_entry entry)
{
    place where = place_of(entry.key, entry.seq);
    uint32_t node = 0;
    int ret = reserve(o, o->height + 3);

    if (ret) return ret;
    if (o->nodes[o->root].count == FAN) grow_root(o);
    node = o->root;
    for (uint32_t height = o->height; height > 0; height--) {
        uint32_t i = child_for(&o->nodes[node], where);
        if (o->nodes[o->nodes[node].of[i].down].count == FAN) {
            split(o, node, i, i + 1 == o->nodes[node].count);
            i += o->nodes[node].at[i + 1] <= where;
        }
        fc_ordered_node *n = &o->nodes[node];
        n->of[i].gpus += entry.gpus;
        if (o->searched && entry.length < n->of[i].shortest) n->of[i].shortest = entry.length;
        if (o->searched && entry.gpus < n->of[i].narrowest) n->of[i].narrowest = entry.gpus;
        if (where < n->at[i]) n->at[i] = where;
        node = n->of[i].down;
    }
    fc_ordered_node *leaf = &o->nodes[node];
    put(leaf, count_before(leaf, where), where,
        (item){entry.length, entry.gpus, entry.gpus, entry.slot});
    o->count++;
    o->gpus += entry.gpus;
    if (o->searched && entry.length < o->shortest) o->shortest = entry.length;
    if (o->searched && entry.gpus < o->narrowest) o->narrowest = entry.gpus;
    return FC_OK;
}

/* Child i of `node` lost `gone`. */
static void child_shrank(fc_ordered *o, uint32_t node, uint32_t i, const item *gone)
{
    fc_ordered_node *n = &o->nodes[node];
    uint32_t child = n->of[i].down;

    if (o->nodes[child].count == 0) {
        give_node(o, child);
        drop(n, i);
        return;
    }
    n->at[i] = o->nodes[child].at[0];
    n->of[i].gpus -= gone->gpus;
    if (o->searched &&
        (gone->shortest <= n->of[i].shortest || gone->narrowest <= n->of[i].narrowest))
        n->of[i] = summary(o, child);
    if (o->nodes[child].count <= FAN / 4) {
        join(o, n, i);
        if (i > 0) join(o, n, i - 1);
    }
}

bool fc_ordered_remove(fc_ordered *o, double key, uint64_t seq)
{
    uint32_t path[MAX_HEIGHT], taken[MAX_HEIGHT], node = o->root;
    place where = place_of(key, seq);

    assert(o->height < MAX_HEIGHT);
    for (uint32_t height = o->height; height > 0; height--) {
        path[height] = node;
        taken[height] = child_for(&o->nodes[node], where);
        node = o->nodes[node].of[taken[height]].down;
    }
    fc_ordered_node *leaf = &o->nodes[node];
    uint32_t at = count_before(leaf, where);
    if (at == leaf->count || leaf->at[at] != where) return false;
    item gone = leaf->of[at];
    drop(leaf, at);
    for (uint32_t height = 1; height <= o->height; height++)
        child_shrank(o, path[height], taken[height], &gone);
    while (o->height > 0 && o->nodes[o->root].count <= 1) {
        uint32_t old = o->root;
        if (o->nodes[old].count == 0) { /* its only child has just gone */
            o->height = 0;
            break;
        }
        o->root = o->nodes[old].of[0].down;
        o->height--;
        give_node(o, old);
    }
    o->count--;
    o->gpus -= gone.gpus;
    if (o->searched && (gone.shortest <= o->shortest || gone.narrowest <= o->narrowest)) {
        item all = summary(o, o->root);
        o->shortest = all.shortest;
        o->narrowest = all.narrowest;
    }
    return true;
}

/* ---- Questions. */

bool fc_ordered_first(const fc_ordered *o, fc_ordered_entry *out)
{
    uint32_t node = o->root;

    if (o->count == 0) return false;
    for (uint32_t height = o->height; height > 0; height--) node = o->nodes[node].of[0].down;
    *out = entry_at(&o->nodes[node], 0);
    return true;
}

bool fc_ordered_after(const fc_ordered *o, double key, uint64_t seq, fc_ordered_entry *out)
{
    uint32_t node = o->root, right = NONE, right_height = 0;
    place next = place_of(key, seq) + 1;

    if (o->count == 0) return false;
    for (uint32_t height = o->height; height > 0; height--) {
        const fc_ordered_node *n = &o->nodes[node];
        uint32_t i = child_for(n, next - 1);
        if (i + 1 < n->count) {
            right = n->of[i + 1].down;
            right_height = height - 1;
        }
        node = n->of[i].down;
    }
    uint32_t at = count_before(&o->nodes[node], next);
    if (at == o->nodes[node].count) {
        if (right == NONE) return false;
        for (; right_height > 0; right_height--) right = o->nodes[right].of[0].down;
        node = right;
        at = 0;
    }
    *out = entry_at(&o->nodes[node], at);
    return true;
}

bool fc_ordered_before(const fc_ordered *o, double key, uint64_t seq, fc_ordered_entry *out)
{
    uint32_t node = o->root, left = NONE, left_height = 0;
    place where = place_of(key, seq);

    for (uint32_t height = o->height; height > 0; height--) {
        const fc_ordered_node *n = &o->nodes[node];
        uint32_t i = child_for(n, where);
        if (i > 0) {
            left = n->of[i - 1].down;
            left_height = height - 1;
        }
        node = n->of[i].down;
    }
    uint32_t at = count_before(&o->nodes[node], where);
    if (at == 0 && left != NONE) {
        for (node = left; left_height > 0; left_height--)
            node = o->nodes[node].of[o->nodes[node].count - 1].down;
        at = o->nodes[node].count;
    }
    if (at == 0) return false;
    *out = entry_at(&o->nodes[node], at - 1);
    return true;
}

static int visit_in(const fc_ordered *o, uint32_t node, uint32_t height,
                    int (*visit)(void *self, const fc_ordered_entry *entry), void *self)
{
    const fc_ordered_node *n = &o->nodes[node];
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < n->count; i++) {
        if (height > 0) {
            ret = visit_in(o, n->of[i].down, height - 1, visit, self);
        } else {
            fc_ordered_entry entry = entry_at(n, i);
            ret = visit(self, &entry);
        }
    }
    return ret;
}

int fc_ordered_visit(const fc_ordered *o, int (*visit)(void *self, const fc_ordered_entry *entry),
                     void *self)
{
    return visit_in(o, o->root, o->height, visit, self);
}

static bool find_in(const fc_ordered *o, uint32_t node, uint32_t height, uint32_t gpus,
                    double length, fc_ordered_entry *out)
{
    const fc_ordered_node *n = &o->nodes[node];

    for (uint32_t i = 0; i < n->count; i++) {
        if (n->of[i].narrowest > gpus || !(n->of[i].shortest <= length)) continue;
        if (height == 0) {
            *out = entry_at(n, i);
            return true;
        }
        if (find_in(o, n->of[i].down, height - 1, gpus, length, out)) return true;
    }
    return false;
}

bool fc_ordered_find(const fc_ordered *o, uint32_t gpus, double length, fc_ordered_entry *out)
{
    if (o->narrowest > gpus || !(o->shortest <= length) || o->count == 0) return false;
    return find_in(o, o->root, o->height, gpus, length, out);
}

uint64_t fc_ordered_gpus_through(const fc_ordered *o, double key)
{
    place beyond = ((place)ordered_bits(key) + 1) << 64;
    uint64_t sum = 0;
    uint32_t node = o->root, whole = 0;

    for (uint32_t height = o->height;; height--) {
        const fc_ordered_node *n = &o->nodes[node];
        whole = height > 0 ? child_for(n, beyond - 1) : count_before(n, beyond);
        for (uint32_t i = 0; i < whole; i++) sum += n->of[i].gpus;
        if (height == 0) return sum;
        node = n->of[whole].down;
    }
}

bool fc_ordered_reach(const fc_ordered *o, uint64_t gpus, fc_ordered_entry *out)
{
    uint32_t node = o->root;

    if (o->gpus < gpus) return false;
    for (uint32_t height = o->height;; height--) {
        const fc_ordered_node *n = &o->nodes[node];
        uint32_t i = 0;
        for (; n->of[i].gpus < gpus; i++) gpus -= n->of[i].gpus;
        if (height == 0) {
            *out = entry_at(n, i);
            return true;
        }
        node = n->of[i].down;
    }
}

static bool verify_in(const fc_ordered *o, uint32_t node, uint32_t height, size_t *count)
{
    const fc_ordered_node *n = &o->nodes[node];

    if (n->count > FAN || (n->count == 0 && node != o->root)) return false;
    for (uint32_t i = n->count; i < FAN; i++) {
        if (n->at[i] != BEYOND) return false;
    }
    for (uint32_t i = 0; i < n->count; i++) {
        if (i > 0 && n->at[i] <= n->at[i - 1]) return false;
        if (height == 0) {
            ++*count;
            continue;
        }
        item kept = n->of[i], counted = summary(o, kept.down);
        if (n->at[i] != o->nodes[kept.down].at[0] || kept.gpus != counted.gpus ||
            kept.shortest != counted.shortest || kept.narrowest != counted.narrowest)
            return false;
        if (!verify_in(o, kept.down, height - 1, count)) return false;
    }
    return true;
}

bool fc_ordered_verify(const fc_ordered *o)
{
    size_t count = 0;
    item all = summary(o, o->root);

    return verify_in(o, o->root, o->height, &count) && count == o->count && all.gpus == o->gpus &&
           all.shortest == o->shortest && all.narrowest == o->narrowest;
}
