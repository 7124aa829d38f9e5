/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tree is built from libyaml's events with an explicit stack of open maps and lists, so depth
 * and size are known before memory is spent on them.
 */
#include "scenario/document.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>
#include "scenario/document_hint.h"
#include "scenario/text_check.h"

enum { STOP = -1 }; /* the pass is over though the text is not; the diag says why */

typedef struct anchor {
    const char *name;
    const fc_node *node; /* NULL while it is open: an alias to it would be a cycle */
    int line;
} anchor;

/* A map or a list whose end has not been seen. Its children so far are the last of `children`. */
typedef struct frame {
    fc_node *node;
    anchor *anchor;
    size_t first;
    bool flow;
} frame;

typedef struct builder {
    fc_arena *arena;
    fc_diag *diag;
    fc_source source;
    const fc_node **children; /* of all open frames, outermost first */
    size_t count, room;
    frame frames[FC_DOCUMENT_DEPTH];
    int open;
    size_t nodes;  /* so far, aliases expanded */
    void *anchors; /* a tsearch tree of anchor */
    const fc_node *root;
    yaml_mark_t last; /* where the last event began */
    int slip;         /* what was wrong with it if it was a plain scalar */
    bool ended;       /* by the line `...` */
    int error;        /* the first one's number */
    size_t repeats;   /* keys and anchors given twice: what is left without them is a document */
} builder;

static fc_place place(const builder *b, yaml_mark_t mark)
{
    return (fc_place){b->source.name, (int)mark.line + 1, (int)mark.column + 1, NULL};
}

/* Keeps the first error; the pass goes on. */
static void note(builder *b, int code)
{
    if (!b->error) b->error = code;
}

static int limit(builder *b, const fc_place *where)
{
    note(b, fc_text_limit(where, b->diag));
    return STOP;
}

/* --- anchors ------------------------------------------------------------------------------ */

static int compare_anchors(const void *a, const void *b)
{
    return strcmp(((const anchor *)a)->name, ((const anchor *)b)->name);
}

static void keep_anchor(void *made)
{
    (void)made; /* in the arena */
}

/* Declares &name; `*out` is NULL when the node has none. */
static int declare(builder *b, const yaml_char_t *name, yaml_mark_t mark, anchor **out)
{
    *out = NULL;
    if (!name) return FC_OK;
    anchor *made = fc_arena_alloc(b->arena, sizeof *made);
    if (!made) return FC_E_NOMEM;
    *made =
        (anchor){.name = fc_arena_strdup(b->arena, (const char *)name), .line = (int)mark.line + 1};
    if (!made->name) return FC_E_NOMEM;
    anchor **kept = tsearch(made, &b->anchors, compare_anchors);
    if (!kept) return FC_E_NOMEM;
    if (*kept != made) {
        fc_place where = place(b, mark);
        char line[16], shown[FC_SHOWN];
        snprintf(line, sizeof line, "%d", (*kept)->line);
        shown[0] = '&';
        fc_text_show(shown + 1, sizeof shown - 1, made->name);
        note(b, fc_fail(b->diag, FC_E_DOC_DUPLICATE, &where, shown, line, NULL));
        b->repeats++;
    }
    *out = *kept;
    return FC_OK;
}

/* --- nodes -------------------------------------------------------------------------------- */

static bool next_is_key(const builder *b)
{
    if (!b->open) return false;
    const frame *f = &b->frames[b->open - 1];
    return f->node->kind == FC_NODE_MAP && (b->count - f->first) % 2 == 0;
}

/* Hangs a node under the open frame; `weight` nodes are new to the budget. */
static int hang(builder *b, const fc_node *node, size_t weight, const fc_place *where)
{
    b->nodes += weight;
    if (b->nodes > FC_DOCUMENT_NODES) return limit(b, where);
    if (next_is_key(b)) {
        if (node->kind != FC_NODE_SCALAR || !node->length)
            note(b, fc_fail(b->diag, FC_E_DOC_KEY, where, NULL));
        else if (!node->quoted && !strcmp(node->text, "<<"))
            note(b, fc_fail(b->diag, FC_E_DOC_FEATURE, where, "<<", NULL));
    }
    if (!b->open) {
        b->root = node;
        return FC_OK;
    }
    if (b->count == b->room) {
        size_t room = b->room ? b->room * 2 : 256;
        const fc_node **children = realloc(b->children, room * sizeof(fc_node *));
        if (!children) return FC_E_NOMEM;
        b->children = children;
        b->room = room;
    }
    b->children[b->count++] = node;
    return FC_OK;
}

static void refuse_tag(builder *b, const yaml_char_t *tag, const fc_place *where)
{
    static const char core[] = "tag:yaml.org,2002:";
    if (!tag) return;
    const char *text = (const char *)tag;
    bool short_form = !strncmp(text, core, sizeof core - 1);
    size_t skip = short_form ? sizeof core - 1 : 0, mark = short_form ? 2 : 0;
    char shown[FC_SHOWN] = "!!";
    fc_text_show(shown + mark, sizeof shown - mark, text + skip);
    note(b, fc_fail(b->diag, FC_E_DOC_FEATURE, where, shown, NULL));
}

/* Is this plain scalar the first thing on its line that belongs to its parent's map? There
 * `gpus:18000` is surely a key whose space was forgotten. */
static bool stands_as_key(const builder *b, int line)
{
    if (!b->open) return true;
    const frame *f = &b->frames[b->open - 1];
    return f->node->kind == FC_NODE_MAP && !f->flow && !next_is_key(b) &&
           line > b->children[b->count - 1]->line;
}

static int add_scalar(builder *b, const yaml_event_t *event)
{
    fc_place where = place(b, event->start_mark);
    anchor *named = NULL;
    refuse_tag(b, event->data.scalar.tag, &where);
    int ret = declare(b, event->data.scalar.anchor, event->start_mark, &named);
    if (ret) return ret;
    fc_node *node = fc_arena_alloc(b->arena, sizeof *node);
    char *text = fc_arena_strndup(b->arena, (const char *)event->data.scalar.value,
                                  event->data.scalar.length);
    if (!node || !text) return FC_E_NOMEM;
    *node = (fc_node){.kind = FC_NODE_SCALAR,
                      .line = where.line,
                      .column = where.column,
                      .file = where.file,
                      .text = text,
                      .length = event->data.scalar.length,
                      .quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
                      .size = 1};
    if (named) named->node = node;
    if (node->quoted) /* escapes such as "\0" make what the text itself may not hold */
        note(b, fc_text_check_escapes(text, node->length, &where, b->diag));
    else
        b->slip = fc_hint_plain(&b->source, event->start_mark.index, event->end_mark.index, where,
                                stands_as_key(b, where.line), b->diag);
    note(b, b->slip);
    return hang(b, node, 1, &where);
}

static int add_alias(builder *b, const yaml_event_t *event)
{
    fc_place where = place(b, event->start_mark);
    const anchor wanted = {.name = (const char *)event->data.alias.anchor};
    anchor *const *found = tfind(&wanted, &b->anchors, compare_anchors);
    if (!found || !(*found)->node) {
        char shown[FC_SHOWN];
        fc_text_show(shown, sizeof shown, wanted.name);
        note(b, fc_fail(b->diag, FC_E_DOC_ALIAS, &where, shown, NULL));
        return STOP; /* what it stands for is unknown: nothing after it can be judged */
    }
    const fc_node *node = (*found)->node;
    if (b->open + node->depth > FC_DOCUMENT_DEPTH) return limit(b, &where);
    return hang(b, node, node->size, &where);
}

static int open_frame(builder *b, fc_node_kind kind, const yaml_event_t *event,
                      const yaml_char_t *name, const yaml_char_t *tag, bool flow)
{
    fc_place where = place(b, event->start_mark);
    if (b->open == FC_DOCUMENT_DEPTH) return limit(b, &where);
    anchor *named = NULL;
    refuse_tag(b, tag, &where);
    int ret = declare(b, name, event->start_mark, &named);
    if (ret) return ret;
    fc_node *node = fc_arena_alloc(b->arena, sizeof *node);
    if (!node) return FC_E_NOMEM;
    *node = (fc_node){
        .kind = kind, .line = where.line, .column = where.column, .file = where.file, .text = ""};
    ret = hang(b, node, 1, &where);
    if (ret) return ret;
    b->frames[b->open++] = (frame){.node = node, .anchor = named, .first = b->count, .flow = flow};
    return FC_OK;
}

/* Reports keys that come again, and leaves them out: they hide nothing else that is wrong. */
static int leave_repeats_out(builder *b, fc_node *map, const fc_node **children)
{
    size_t kept = 0, repeats = b->repeats;
    for (size_t i = 0; i < map->count; i++) {
        const fc_node *key = map->pairs[i].key;
        const fc_pair *first = key->length ? fc_node_find(map, key->text) : NULL;
        if (!first || first == &map->pairs[i]) {
            children[kept++] = key;
            children[kept++] = map->pairs[i].value;
            continue;
        }
        fc_place where = fc_node_place(key, NULL);
        char line[16], shown[FC_SHOWN];
        snprintf(line, sizeof line, "%d", first->key->line);
        fc_text_show(shown, sizeof shown, key->text);
        note(b, fc_fail(b->diag, FC_E_DOC_DUPLICATE, &where, shown, line, NULL));
        b->repeats++;
    }
    return b->repeats == repeats ? FC_OK : fc_node_fill(b->arena, map, children, kept);
}

/* Moves the frame's children into the arena and finishes its node. */
static int close_frame(builder *b)
{
    assert(b->open > 0);
    frame *f = &b->frames[--b->open];
    const fc_node **children = b->children ? b->children + f->first : NULL;
    size_t count = b->count - f->first;
    b->count = f->first;
    int cut = f->flow ? fc_hint_flow(children, count, f->node->kind == FC_NODE_MAP, b->diag) : 0;
    note(b, cut);
    int ret = fc_node_fill(b->arena, f->node, children, count);
    if (ret) return ret;
    if (children && f->node->kind == FC_NODE_MAP && !cut)
        ret = leave_repeats_out(b, f->node, children);
    if (ret) return ret;
    if (f->anchor) f->anchor->node = f->node;
    return FC_OK;
}

static int handle(builder *b, const yaml_event_t *event)
{
    fc_place where = place(b, event->start_mark);
    b->slip = FC_OK;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (!b->root) return FC_OK;
        note(b, fc_fail(b->diag, FC_E_DOC_SEVERAL, &where, NULL));
        return STOP;
    case YAML_DOCUMENT_END_EVENT:
        b->ended = !event->data.document_end.implicit;
        return FC_OK;
    case YAML_ALIAS_EVENT:
        return add_alias(b, event);
    case YAML_SCALAR_EVENT:
        return add_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_frame(b, FC_NODE_SEQUENCE, event, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag,
                          event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
    case YAML_MAPPING_START_EVENT:
        return open_frame(b, FC_NODE_MAP, event, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag,
                          event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_frame(b);
    default:
        return FC_OK;
    }
}

/* libyaml gave up. Where the text before it was already found wrong, that is the reason. */
static int explain(builder *b, const yaml_parser_t *parser)
{
    if (b->slip) return b->slip;
    if (b->ended) {
        fc_place where = place(b, parser->problem_mark);
        return fc_fail(b->diag, FC_E_DOC_SEVERAL, &where, NULL);
    }
    const frame *f = b->open ? &b->frames[b->open - 1] : NULL;
    return fc_hint_syntax(parser, &b->source, b->last, f && f->flow ? f->node : NULL, b->diag);
}

static int build(builder *b)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) return FC_E_NOMEM;
    yaml_parser_set_input_string(&parser, (const unsigned char *)b->source.bytes, b->source.length);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    int ret = FC_OK;
    for (bool done = false; !done && !ret;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            ret = explain(b, &parser);
            break;
        }
        ret = handle(b, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        b->last = event.start_mark;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return b->error && ret != FC_E_NOMEM ? b->error : ret;
}

/* --- entry points ------------------------------------------------------------------------- */

static int parse(fc_arena *arena, const char *name, const char *bytes, size_t length, fc_diag *diag,
                 const fc_node **root)
{
    *root = NULL;
    builder *b = NULL;
    const char *kept = fc_arena_strdup(arena, name);
    int ret = kept ? fc_text_check(kept, bytes, length, diag) : FC_E_NOMEM;
    if (ret) goto out;
    b = calloc(1, sizeof *b);
    if (!b) {
        ret = FC_E_NOMEM;
        goto out;
    }
    b->arena = arena;
    b->diag = diag;
    b->source = (fc_source){.name = kept, .bytes = bytes, .length = length};
    size_t before = fc_diag_errors(diag);
    ret = build(b);
    if (!ret || (ret == FC_E_DOC_DUPLICATE && fc_diag_errors(diag) - before == b->repeats))
        *root = b->root;
out:
    if (ret == FC_E_NOMEM) fc_fail(diag, ret, NULL, NULL);
    if (b) {
        tdestroy(b->anchors, keep_anchor);
        free(b->children);
    }
    free(b);
    return ret;
}

int fc_document_parse(fc_arena *arena, const char *name, const char *bytes, size_t length,
                      fc_diag *diag, const fc_node **out)
{
    int ret = parse(arena, name, bytes, length, diag, out);
    bool blank = !*out || (fc_node_is_null(*out) && !(*out)->length); /* '---' alone is blank too */
    if (ret || !blank) return ret;
    *out = NULL;
    return fc_fail(diag, FC_E_DOC_EMPTY, &(fc_place){.file = name}, NULL);
}

int fc_document_parse_value(fc_arena *arena, const char *name, const char *text, fc_diag *diag,
                            const fc_node **out)
{
    int ret = parse(arena, name, text, strlen(text), diag, out);
    if (ret || *out) return ret;
    fc_node *null = fc_arena_alloc(arena, sizeof *null);
    const char *file = fc_arena_strdup(arena, name);
    if (!null || !file) return fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    *null = (fc_node){
        .kind = FC_NODE_SCALAR, .line = 1, .column = 1, .file = file, .text = "", .size = 1};
    *out = null;
    return FC_OK;
}

/* Reads at most one byte more than the limit, so that what is longer is known to be. */
static int read_all(int fd, char **bytes, size_t *length)
{
    size_t room = 65536;
    *length = 0;
    *bytes = malloc(room);
    if (!*bytes) return ENOMEM;
    while (*length <= FC_DOCUMENT_BYTES) {
        if (*length == room) {
            char *more = realloc(*bytes, room * 2);
            if (!more) return ENOMEM;
            *bytes = more;
            room *= 2;
        }
        ssize_t got = read(fd, *bytes + *length, room - *length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        if (got == 0) break;
        *length += (size_t)got;
    }
    return 0;
}

int fc_document_load(fc_arena *arena, const char *path, fc_diag *diag, const fc_node **out)
{
    int ret = FC_OK, error = 0;
    char *bytes = NULL;
    size_t length = 0;
    struct stat status;
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status)) {
        error = errno;
        goto out;
    }
    if (S_ISREG(status.st_mode) && status.st_size > FC_DOCUMENT_BYTES)
        length = FC_DOCUMENT_BYTES + 1; /* refused by its length alone */
    else
        error = read_all(fd, &bytes, &length);
    if (!error) ret = fc_document_parse(arena, path, bytes, length, diag, out);
out:
    if (error == ENOMEM)
        ret = fc_fail(diag, FC_E_NOMEM, NULL, NULL);
    else if (error)
        ret = fc_fail(diag, FC_E_DOC_FILE, NULL, path, strerror(error), NULL);
    if (fd >= 0) close(fd);
    free(bytes);
    return ret;
}
