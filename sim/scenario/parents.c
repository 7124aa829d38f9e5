/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/parents.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/text.h"
#include "scenario/nearest.h"

/* Files are told apart by device and inode: a link is not another parent. */
typedef struct file_id {
    dev_t device;
    ino_t inode;
    bool known;   /* a text in memory need not be a file */
    bool missing; /* there is no such file */
} file_id;

typedef struct done {
    file_id id;
    struct done *next;
} done;

typedef struct loader {
    fc_arena *arena;
    fc_diag *diag;
    const char *data; /* folder of the catalogue, or NULL */
    fc_parent *first, *last;
    done *done;
    struct {
        file_id id;
        const char *name;
    } chain[FC_PARENTS_DEPTH]; /* the file being read and those that led to it */
    size_t depth;
    int error; /* the first */
} loader;

static void note(loader *l, int code)
{
    if (!l->error) l->error = code;
}

static bool same_file(file_id a, file_id b)
{
    return a.known && b.known && a.device == b.device && a.inode == b.inode;
}

static file_id identify(const char *path)
{
    struct stat status;
    if (stat(path, &status)) return (file_id){.missing = errno == ENOENT || errno == ENOTDIR};
    return (file_id){.device = status.st_dev, .inode = status.st_ino, .known = true};
}

/* --- messages --------------------------------------------------------------------------------- */

static bool is_yaml(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml"));
}

/* The scenario in `folder` whose name is most like `name`; NULL if none is near. */
static const char *nearest_file(loader *l, const char *folder, const char *name)
{
    DIR *directory = opendir(folder);
    fc_nearest nearest = fc_nearest_start(name, l->diag);
    if (!directory) return NULL;
    for (const struct dirent *e = readdir(directory); e; e = readdir(directory)) {
        const char *kept = is_yaml(e->d_name) ? fc_arena_strdup(l->arena, e->d_name) : NULL;
        if (kept) fc_nearest_try(&nearest, kept);
    }
    closedir(directory);
    return nearest.found;
}

static void refuse_missing(loader *l, const fc_node *item, const char *path)
{
    fc_place where = fc_node_place(item, "extends");
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? fc_arena_strndup(l->arena, path, (size_t)(slash - path) + 1) : ".";
    const char *near = folder ? nearest_file(l, folder, slash ? slash + 1 : path) : NULL;
    if (near && slash) near = fc_arena_printf(l->arena, "%s%s", folder, near);
    note(l, fc_fail(l->diag, near ? FC_E_LAYER_MISSING_NEAR : FC_E_LAYER_MISSING, &where, path,
                    near, NULL));
}

static void refuse_cycle(loader *l, const fc_node *item, size_t from)
{
    fc_place where = fc_node_place(item, "extends");
    fc_text circle = FC_TEXT_EMPTY;
    for (size_t i = from; i < l->depth; i++) fc_text_printf(&circle, "%s -> ", l->chain[i].name);
    fc_text_add(&circle, l->chain[from].name);
    note(l, fc_fail(l->diag, FC_E_LAYER_CYCLE, &where, circle.data ? circle.data : "", NULL));
    fc_text_free(&circle);
}

static void refuse_depth(loader *l, const fc_node *item)
{
    fc_place where = fc_node_place(item, "extends");
    char depth[16];
    snprintf(depth, sizeof depth, "%d", FC_PARENTS_DEPTH);
    note(l, fc_fail(l->diag, FC_E_LAYER_DEPTH, &where, depth, NULL));
}

/* --- reading ---------------------------------------------------------------------------------- */

static int add_file(loader *l, const char *path, file_id id, const fc_node *root);

/* The parent's path from the working directory. */
static const char *join(const loader *l, const char *file, const char *parent)
{
    static const char catalogue[] = "data:";
    const char *slash = strrchr(file, '/');
    if (l->data && !strncmp(parent, catalogue, strlen(catalogue)))
        return fc_arena_printf(l->arena, "%s/%s", l->data, parent + strlen(catalogue));
    if (*parent == '/' || !slash) return parent;
    return fc_arena_printf(l->arena, "%.*s/%s", (int)(slash - file), file, parent);
}

static int add_parent(loader *l, const char *file, const fc_node *item)
{
    const fc_node *root = NULL;
    if (item->kind != FC_NODE_SCALAR || !item->length || fc_node_is_null(item)) {
        fc_place where = fc_node_place(item, "extends");
        note(l, fc_fail(l->diag, FC_E_LAYER_EXTENDS, &where, NULL));
        return FC_OK;
    }
    const char *path = join(l, file, item->text);
    if (!path) return FC_E_NOMEM;
    file_id id = identify(path);
    for (size_t i = 0; i < l->depth; i++)
        if (same_file(id, l->chain[i].id)) {
            refuse_cycle(l, item, i);
            return FC_OK;
        }
    for (const done *d = l->done; d; d = d->next)
        if (same_file(id, d->id)) return FC_OK;
    if (id.missing) {
        refuse_missing(l, item, path);
    } else if (l->depth == FC_PARENTS_DEPTH) {
        refuse_depth(l, item);
    } else {
        int ret = fc_document_load(l->arena, path, l->diag, &root);
        if (root) return add_file(l, path, id, root);
        note(l, ret);
    }
    return FC_OK;
}

static int add_parents(loader *l, const char *path, const fc_node *extends)
{
    if (extends->kind != FC_NODE_SEQUENCE) return add_parent(l, path, extends);
    int ret = FC_OK;
    for (size_t i = 0; i < extends->count && !ret; i++)
        ret = add_parent(l, path, extends->items[i]);
    return ret;
}

static const fc_node *without(fc_arena *arena, const fc_node *map, const fc_pair *pair)
{
    const fc_node **children = fc_arena_array(arena, map->count, 2 * sizeof *children);
    fc_node *rest = fc_arena_alloc(arena, sizeof *rest);
    size_t n = 0;
    if (!children || !rest) return NULL;
    for (size_t i = 0; i < map->count; i++) {
        if (&map->pairs[i] == pair) continue;
        children[n++] = map->pairs[i].key;
        children[n++] = map->pairs[i].value;
    }
    *rest = (fc_node){.kind = FC_NODE_MAP,
                      .line = map->line,
                      .column = map->column,
                      .file = map->file,
                      .text = ""};
    return fc_node_fill(arena, rest, children, n) ? NULL : rest;
}

/* Adds the parents of a file, then the file. */
static int add_file(loader *l, const char *path, file_id id, const fc_node *root)
{
    if (root->kind != FC_NODE_MAP) {
        fc_place where = fc_node_place(root, NULL);
        note(l, fc_fail(l->diag, FC_E_TREE_ROOT, &where, NULL));
        return FC_OK;
    }
    done *d = fc_arena_alloc(l->arena, sizeof *d);
    fc_parent *parent = fc_arena_alloc(l->arena, sizeof *parent);
    if (!d || !parent) return FC_E_NOMEM;
    l->chain[l->depth].id = id;
    l->chain[l->depth++].name = path;
    const fc_pair *extends = fc_node_find(root, "extends");
    int ret = extends ? add_parents(l, path, extends->value) : FC_OK;
    l->depth--;
    if (ret) return ret;
    *d = (done){.id = id, .next = l->done};
    l->done = d;
    *parent = (fc_parent){.name = path, .root = extends ? without(l->arena, root, extends) : root};
    *(l->last ? &l->last->next : &l->first) = parent;
    l->last = parent;
    return parent->root ? FC_OK : FC_E_NOMEM;
}

int fc_parents_load(fc_arena *arena, const char *path, const char *bytes, size_t length,
                    const char *data, fc_diag *diag, const fc_parent **out)
{
    loader l = {.arena = arena, .diag = diag, .data = data};
    const fc_node *root = NULL;
    *out = NULL;
    int ret = bytes ? fc_document_parse(arena, path, bytes, length, diag, &root)
                    : fc_document_load(arena, path, diag, &root);
    if (!root) return ret;
    const char *name = fc_arena_strdup(arena, path);
    ret = name ? add_file(&l, name, identify(path), root) : FC_E_NOMEM;
    if (ret == FC_E_NOMEM) fc_fail(diag, ret, NULL, NULL);
    if (l.error) ret = l.error;
    if (!ret) *out = l.first;
    return ret;
}
