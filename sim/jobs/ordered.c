/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleetcast/error.h"
#include "jobs/ordered.h"

enum { LEAF = 32, INNER = 24, MAX_HEIGHT = 12, NONE = UINT32_MAX };

/* A subtree, seen from above. */
typedef struct branch {
    double key; /* of its first entry */
    uint64_t seq;
    uint64_t gpus;
    double shortest;
    uint32_t narrowest;
    uint32_t node;
} branch;

union fc_ordered_node {
    struct {
        uint32_t count;
        union {
            fc_ordered_entry entry[LEAF];
            branch child[INNER];
        };
    };
    uint32_t next_free;
};

static bool before(double key, uint64_t seq, double other_key, uint64_t other_seq)
{
    return key < other_key || (key == other_key && seq < other_seq);
}

/* What a node looks like from above, counted anew. */
static branch summary(const fc_ordered *o, uint32_t node, uint32_t height)
{
    const fc_ordered_node *n = &o->nodes[node];
    branch b = {.shortest = INFINITY, .narrowest = NONE, .node = node};

    for (uint32_t i = 0; i < n->count; i++)
        b.gpus += height == 0 ? n->entry[i].gpus : n->child[i].gpus;
    for (uint32_t i = 0; o->searched && i < n->count; i++) {
        double shortest = height == 0 ? n->entry[i].length : n->child[i].shortest;
        uint32_t narrowest = height == 0 ? n->entry[i].gpus : n->child[i].narrowest;

        if (shortest < b.shortest) b.shortest = shortest;
        if (narrowest < b.narrowest) b.narrowest = narrowest;
    }
    if (n->count > 0) {
        b.key = height == 0 ? n->entry[0].key : n->child[0].key;
        b.seq = height == 0 ? n->entry[0].seq : n->child[0].seq;
    }
    return b;
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

/* The last child that starts at or before (key, seq); the first if none does. */
static uint32_t child_for(const fc_ordered_node *n, double key, uint64_t seq)
{
    uint32_t low = 0, high = n->count;

    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (before(key, seq, n->child[middle].key, n->child[middle].seq))
            high = middle;
        else
            low = middle;
    }
    return low;
}

/* The first entry of a leaf that is not before (key, seq). */
static uint32_t entry_for(const fc_ordered_node *n, double key, uint64_t seq)
{
    uint32_t low = 0, high = n->count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (before(n->entry[middle].key, n->entry[middle].seq, key, seq))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_full(const fc_ordered *o, uint32_t node, uint32_t height)
{
    return o->nodes[node].count == (height == 0 ? LEAF : INNER);
}

/* Cuts the full child i of a parent that has room; the child is of `height`. At the right edge the
 * cut leaves the left part nearly full, because queues mostly grow at their end. */
static void split(fc_ordered *o, uint32_t parent, uint32_t i, uint32_t height, bool at_edge)
{
    uint32_t left = o->nodes[parent].child[i].node, right = take_node(o);
    fc_ordered_node *p = &o->nodes[parent], *l = &o->nodes[left], *r = &o->nodes[right];
    uint32_t keep = at_edge ? l->count - 2 : l->count / 2;

    r->count = l->count - keep;
    if (height == 0)
        memcpy(r->entry, l->entry + keep, r->count * sizeof *r->entry);
    else
        memcpy(r->child, l->child + keep, r->count * sizeof *r->child);
    l->count = keep;
    memmove(p->child + i + 2, p->child + i + 1, (p->count - i - 1) * sizeof *p->child);
    p->count++;
    p->child[i] = summary(o, left, height);
    p->child[i + 1] = summary(o, right, height);
}

static void grow_root(fc_ordered *o)
{
    uint32_t old = o->root;

    o->root = take_node(o);
    o->nodes[o->root].count = 1;
    o->nodes[o->root].child[0] = summary(o, old, o->height);
    o->height++;
}

int fc_ordered_insert(fc_ordered *o, fc_ordered_entry entry)
{
    int ret = reserve(o, o->height + 3);

    if (ret) return ret;
    if (is_full(o, o->root, o->height)) grow_root(o);
    uint32_t node = o->root;
    for (uint32_t height = o->height; height > 0; height--) {
        uint32_t i = child_for(&o->nodes[node], entry.key, entry.seq);
        if (is_full(o, o->nodes[node].child[i].node, height - 1)) {
            split(o, node, i, height - 1, i + 1 == o->nodes[node].count);
            const branch *next = &o->nodes[node].child[i + 1];
            if (!before(entry.key, entry.seq, next->key, next->seq)) i++;
        }
        branch *b = &o->nodes[node].child[i];
        b->gpus += entry.gpus;
        if (o->searched && entry.length < b->shortest) b->shortest = entry.length;
        if (o->searched && entry.gpus < b->narrowest) b->narrowest = entry.gpus;
        if (before(entry.key, entry.seq, b->key, b->seq)) {
            b->key = entry.key;
            b->seq = entry.seq;
        }
        node = b->node;
    }
    fc_ordered_node *leaf = &o->nodes[node];
    uint32_t at = entry_for(leaf, entry.key, entry.seq);
    memmove(leaf->entry + at + 1, leaf->entry + at, (leaf->count - at) * sizeof *leaf->entry);
    leaf->entry[at] = entry;
    leaf->count++;
    o->count++;
    o->gpus += entry.gpus;
    if (o->searched && entry.length < o->shortest) o->shortest = entry.length;
    if (o->searched && entry.gpus < o->narrowest) o->narrowest = entry.gpus;
    return FC_OK;
}

/* Joins child i with the next one where both fit well into one node. */
static void join(fc_ordered *o, fc_ordered_node *parent, uint32_t i, uint32_t height)
{
    if (i + 1 >= parent->count) return;
    uint32_t right = parent->child[i + 1].node;
    fc_ordered_node *l = &o->nodes[parent->child[i].node], *r = &o->nodes[right];
    uint32_t room = height == 0 ? LEAF : INNER;

    if (l->count + r->count > room * 3 / 4) return;
    if (height == 0)
        memcpy(l->entry + l->count, r->entry, r->count * sizeof *r->entry);
    else
        memcpy(l->child + l->count, r->child, r->count * sizeof *r->child);
    l->count += r->count;
    give_node(o, right);
    memmove(parent->child + i + 1, parent->child + i + 2,
            (parent->count - i - 2) * sizeof *parent->child);
    parent->count--;
    parent->child[i] = summary(o, parent->child[i].node, height);
}

/* Child i of `node` lost `gone`. `height` is the child's. */
static void child_shrank(fc_ordered *o, uint32_t node, uint32_t i, uint32_t height,
                         const fc_ordered_entry *gone)
{
    fc_ordered_node *n = &o->nodes[node];
    branch *b = &n->child[i];

    if (o->nodes[b->node].count == 0) {
        give_node(o, b->node);
        memmove(n->child + i, n->child + i + 1, (n->count - i - 1) * sizeof *n->child);
        n->count--;
        return;
    }
    b->gpus -= gone->gpus;
    if (o->searched && (gone->length <= b->shortest || gone->gpus <= b->narrowest)) {
        *b = summary(o, b->node, height);
    } else if (gone->key == b->key && gone->seq == b->seq) {
        const fc_ordered_node *child = &o->nodes[b->node];
        b->key = height == 0 ? child->entry[0].key : child->child[0].key;
        b->seq = height == 0 ? child->entry[0].seq : child->child[0].seq;
    }
    if (o->nodes[b->node].count <= (height == 0 ? LEAF : INNER) / 4) {
        join(o, n, i, height);
        if (i > 0) join(o, n, i - 1, height);
    }
}

bool fc_ordered_remove(fc_ordered *o, double key, uint64_t seq)
{
    uint32_t path[MAX_HEIGHT], taken[MAX_HEIGHT], node = o->root;

    assert(o->height < MAX_HEIGHT);
    for (uint32_t height = o->height; height > 0; height--) {
        path[height] = node;
        taken[height] = child_for(&o->nodes[node], key, seq);
        node = o->nodes[node].child[taken[height]].node;
    }
    fc_ordered_node *leaf = &o->nodes[node];
    uint32_t at = entry_for(leaf, key, seq);
    if (at == leaf->count || leaf->entry[at].key != key || leaf->entry[at].seq != seq) return false;
    fc_ordered_entry gone = leaf->entry[at];
    leaf->count--;
    memmove(leaf->entry + at, leaf->entry + at + 1, (leaf->count - at) * sizeof *leaf->entry);
    for (uint32_t height = 1; height <= o->height; height++)
        child_shrank(o, path[height], taken[height], height - 1, &gone);
    while (o->height > 0 && o->nodes[o->root].count <= 1) {
        uint32_t old = o->root;
        if (o->nodes[old].count == 0) { /* its only child has just gone */
            o->height = 0;
            break;
        }
        o->root = o->nodes[old].child[0].node;
        o->height--;
        give_node(o, old);
    }
    o->count--;
    o->gpus -= gone.gpus;
    if (o->searched && (gone.length <= o->shortest || gone.gpus <= o->narrowest)) {
        branch all = summary(o, o->root, o->height);
        o->shortest = all.shortest;
        o->narrowest = all.narrowest;
    }
    return true;
}

bool fc_ordered_first(const fc_ordered *o, fc_ordered_entry *out)
{
    uint32_t node = o->root;

    if (o->count == 0) return false;
    for (uint32_t height = o->height; height > 0; height--) node = o->nodes[node].child[0].node;
    *out = o->nodes[node].entry[0];
    return true;
}

bool fc_ordered_after(const fc_ordered *o, double key, uint64_t seq, fc_ordered_entry *out)
{
    uint32_t node = o->root, right = NONE, right_height = 0;

    if (o->count == 0) return false;
    for (uint32_t height = o->height; height > 0; height--) {
        const fc_ordered_node *n = &o->nodes[node];
        uint32_t i = child_for(n, key, seq);
        if (i + 1 < n->count) {
            right = n->child[i + 1].node;
            right_height = height - 1;
        }
        node = n->child[i].node;
    }
    const fc_ordered_node *leaf = &o->nodes[node];
    uint32_t at = entry_for(leaf, key, seq);
    if (at < leaf->count && leaf->entry[at].key == key && leaf->entry[at].seq == seq) at++;
    if (at < leaf->count) {
        *out = leaf->entry[at];
        return true;
    }
    if (right == NONE) return false;
    for (; right_height > 0; right_height--) right = o->nodes[right].child[0].node;
    *out = o->nodes[right].entry[0];
    return true;
}

bool fc_ordered_before(const fc_ordered *o, double key, uint64_t seq, fc_ordered_entry *out)
{
    uint32_t node = o->root, left = NONE, left_height = 0;

    for (uint32_t height = o->height; height > 0; height--) {
        const fc_ordered_node *n = &o->nodes[node];
        uint32_t i = child_for(n, key, seq);
        if (i > 0) {
            left = n->child[i - 1].node;
            left_height = height - 1;
        }
        node = n->child[i].node;
    }
    uint32_t at = entry_for(&o->nodes[node], key, seq);
    if (at == 0 && left != NONE) {
        for (node = left; left_height > 0; left_height--)
            node = o->nodes[node].child[o->nodes[node].count - 1].node;
        at = o->nodes[node].count;
    }
    if (at == 0) return false;
    *out = o->nodes[node].entry[at - 1];
    return true;
}

static int visit_in(const fc_ordered *o, uint32_t node, uint32_t height,
                    int (*visit)(void *self, const fc_ordered_entry *entry), void *self)
{
    const fc_ordered_node *n = &o->nodes[node];
    int ret = FC_OK;

    for (uint32_t i = 0; ret == FC_OK && i < n->count; i++)
        ret = height == 0 ? visit(self, &n->entry[i])
                          : visit_in(o, n->child[i].node, height - 1, visit, self);
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
        if (height > 0) {
            const branch *b = &n->child[i];
            if (b->narrowest <= gpus && b->shortest <= length &&
                find_in(o, b->node, height - 1, gpus, length, out))
                return true;
        } else if (n->entry[i].gpus <= gpus && n->entry[i].length <= length) {
            *out = n->entry[i];
            return true;
        }
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
    uint64_t sum = 0;
    uint32_t node = o->root;

    for (uint32_t height = o->height; height > 0; height--) {
        const fc_ordered_node *n = &o->nodes[node];
        uint32_t i = 0;
        while (i + 1 < n->count && n->child[i + 1].key <= key) sum += n->child[i++].gpus;
        node = n->child[i].node;
    }
    const fc_ordered_node *leaf = &o->nodes[node];
    for (uint32_t i = 0; i < leaf->count && leaf->entry[i].key <= key; i++)
        sum += leaf->entry[i].gpus;
    return sum;
}

bool fc_ordered_reach(const fc_ordered *o, uint64_t gpus, fc_ordered_entry *out)
{
    uint32_t node = o->root, i = 0;

    if (o->gpus < gpus) return false;
    for (uint32_t height = o->height; height > 0; height--) {
        const fc_ordered_node *n = &o->nodes[node];
        for (i = 0; n->child[i].gpus < gpus; i++) gpus -= n->child[i].gpus;
        node = n->child[i].node;
    }
    const fc_ordered_node *leaf = &o->nodes[node];
    for (i = 0; leaf->entry[i].gpus < gpus; i++) gpus -= leaf->entry[i].gpus;
    *out = leaf->entry[i];
    return true;
}

static bool verify_in(const fc_ordered *o, uint32_t node, uint32_t height, size_t *count)
{
    const fc_ordered_node *n = &o->nodes[node];

    if (n->count > (height == 0 ? LEAF : INNER) || (n->count == 0 && node != o->root)) return false;
    for (uint32_t i = 0; i < n->count; i++) {
        if (height == 0) {
            const fc_ordered_entry *e = &n->entry[i];
            if (i > 0 && !before(e[-1].key, e[-1].seq, e->key, e->seq)) return false;
            ++*count;
            continue;
        }
        branch kept = n->child[i], counted = summary(o, kept.node, height - 1);
        if (kept.key != counted.key || kept.seq != counted.seq || kept.gpus != counted.gpus ||
            kept.shortest != counted.shortest || kept.narrowest != counted.narrowest)
            return false;
        if (i > 0 && !before(n->child[i - 1].key, n->child[i - 1].seq, kept.key, kept.seq))
            return false;
        if (!verify_in(o, kept.node, height - 1, count)) return false;
    }
    return true;
}

bool fc_ordered_verify(const fc_ordered *o)
{
    size_t count = 0;
    branch all = summary(o, o->root, o->height);

    return verify_in(o, o->root, o->height, &count) && count == o->count && all.gpus == o->gpus &&
           all.shortest == o->shortest && all.narrowest == o->narrowest;
}
