/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/tree_print.h"

#include <string.h>
#include "scenario/text_check.h"

/* --- values ----------------------------------------------------------------------------------- */

/* Whether a text may stand without quotes where YAML's flow rules hold, and so anywhere. Narrower
 * than YAML: quotes never harm. Other than ASCII is as its author wrote it. */
static bool plain(const fc_node *node)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const char *text = node->text;
    size_t length = node->length;
    if (node->quoted || !length || fc_node_is_null(node)) return false;
    bool starts = (unsigned char)text[0] >= 0x80 || strchr(letters, text[0]) ||
                  ((text[0] == '-' || text[0] == '+') && text[1] >= '0' && text[1] <= '9');
    if (!starts || text[length - 1] == ' ') return false;
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p < 0x80 && !strchr(letters, *p) && !strchr(" ._/%+-*()<>=~^$;", *p))
            return false;
    return true;
}

static void add_quoted(fc_text *out, const char *text)
{
    fc_text_add(out, "\"");
    for (const char *p = text; *p; p++) {
        switch (*p) {
        case '"':
            fc_text_add(out, "\\\"");
            break;
        case '\\':
            fc_text_add(out, "\\\\");
            break;
        case '\n':
            fc_text_add(out, "\\n");
            break;
        case '\r':
            fc_text_add(out, "\\r");
            break;
        case '\t':
            fc_text_add(out, "\\t");
            break;
        default:
            fc_text_addn(out, p, 1);
        }
    }
    fc_text_add(out, "\"");
}

/* A scalar that is not null, whatever it looks like: as keys are. */
static void add_scalar(fc_text *out, const fc_node *node)
{
    if (plain(node))
        fc_text_add(out, node->text);
    else
        add_quoted(out, node->text);
}

void fc_node_format(const fc_node *node, fc_text *out)
{
    if (fc_node_is_null(node)) {
        fc_text_add(out, "null");
    } else if (node->kind == FC_NODE_SCALAR) {
        add_scalar(out, node);
    } else if (node->kind == FC_NODE_SEQUENCE) {
        fc_text_add(out, "[");
        for (size_t i = 0; i < node->count; i++) {
            if (i) fc_text_add(out, ", ");
            fc_node_format(node->items[i], out);
        }
        fc_text_add(out, "]");
    } else {
        fc_text_add(out, "{");
        for (size_t i = 0; i < node->count; i++) {
            if (i) fc_text_add(out, ", ");
            add_scalar(out, node->pairs[i].key);
            fc_text_add(out, ": ");
            fc_node_format(node->pairs[i].value, out);
        }
        fc_text_add(out, "}");
    }
}

/* --- where from ------------------------------------------------------------------------------- */

/* A file's name may hold any byte; a comment is one line of UTF-8. */
static void add_file(fc_text *out, const char *file)
{
    for (const char *at = file, *end = file + strlen(file); at < end;) {
        const char *from = at;
        uint32_t code = fc_text_decode(&at, end);
        if (code == UINT32_MAX) at = from + 1;
        if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
            code == 0xfeff || code == UINT32_MAX)
            fc_text_add(out, "?");
        else
            fc_text_addn(out, from, (size_t)(at - from));
    }
}

void fc_setting_format(const fc_setting *setting, fc_lang lang, fc_text *out)
{
    const fc_node *value = setting->value;
    bool policy = setting->layer->kind == FC_LAYER_POLICY;
    if (policy) {
        fc_text_add(out, lang == FC_LANG_KO ? "정책 " : "policy ");
        add_file(out, setting->layer->name);
        fc_text_add(out, " (");
    }
    add_file(out, value->file ? value->file : setting->layer->name);
    if (setting->layer->kind == FC_LAYER_FILE || policy) fc_text_printf(out, ":%d", value->line);
    if (policy) fc_text_add(out, ")");
}

static void add_comment(fc_text *out, const fc_entry *entry, fc_lang lang)
{
    fc_text old = FC_TEXT_EMPTY;
    fc_text_add(out, "  # ");
    fc_setting_format(entry->set, lang, out);
    for (const fc_setting *s = entry->set->earlier; s; s = s->earlier) {
        char shown[FC_SHOWN];
        fc_text_clear(&old);
        fc_node_format(s->value, &old);
        fc_text_show(shown, sizeof shown, old.data ? old.data : "");
        fc_text_printf(out, lang == FC_LANG_KO ? "; 이전 %s, " : "; was %s, ", shown);
        fc_setting_format(s, lang, out);
    }
    out->failed |= fc_text_failed(&old);
    fc_text_free(&old);
}

/* --- trees ------------------------------------------------------------------------------------ */

static void add_entry(fc_text *out, const fc_entry *entry, size_t depth, fc_lang lang)
{
    for (size_t i = 1; i < depth; i++) fc_text_add(out, "  ");
    add_scalar(out, entry->set->key);
    fc_text_add(out, ":");
    if (entry->is_map && entry->count) {
        fc_text_add(out, "\n");
        return;
    }
    fc_text_add(out, " ");
    if (entry->is_map)
        fc_text_add(out, "{}");
    else
        fc_node_format(entry->set->value, out);
    add_comment(out, entry, lang);
    fc_text_add(out, "\n");
}

static int write_out(fc_text *text, FILE *out)
{
    int ret = fc_text_failed(text) ? FC_E_NOMEM : FC_OK;
    if (!ret && text->length) fwrite(text->data, 1, text->length, out);
    fc_text_clear(text);
    return ret;
}

int fc_tree_print_resolved(const fc_tree *tree, FILE *out, fc_lang lang)
{
    int ret = FC_OK;
    fc_text line = FC_TEXT_EMPTY;
    if (!tree->root->count) fc_text_add(&line, "{}\n");
    const char *names[FC_TREE_DEPTH];
    for (const fc_entry *e = tree->root; e && !ret; e = fc_entry_next(tree->root, e)) {
        if (e != tree->root) add_entry(&line, e, fc_entry_names(e, names), lang);
        ret = write_out(&line, out);
    }
    fc_text_free(&line);
    return ret;
}

/* --- differences ------------------------------------------------------------------------------ */

typedef struct diff {
    FILE *out;
    fc_arena *arena;
    fc_text line;
    size_t count;
} diff;

/* What `entry` says in one node; an empty map is a value too. */
static int add_line(diff *d, char sign, const fc_entry *from, const fc_entry *to)
{
    const char *names[FC_TREE_DEPTH];
    const fc_node *nodes[] = {from ? fc_entry_node(d->arena, from) : NULL,
                              to ? fc_entry_node(d->arena, to) : NULL};
    if ((from && !nodes[0]) || (to && !nodes[1])) return FC_E_NOMEM;
    fc_text_printf(&d->line, "%c ", sign);
    fc_path_format(names, fc_entry_names(to ? to : from, names), &d->line);
    fc_text_add(&d->line, ": ");
    if (from) fc_node_format(nodes[0], &d->line);
    if (from && to) fc_text_add(&d->line, " -> ");
    if (to) fc_node_format(nodes[1], &d->line);
    fc_text_add(&d->line, "\n");
    d->count++;
    return write_out(&d->line, d->out);
}

/* Everything below an entry that only one side has. */
static int add_side(diff *d, char sign, const fc_entry *top)
{
    int ret = FC_OK;
    for (const fc_entry *e = top; e && !ret; e = fc_entry_next(top, e))
        if (!e->first) ret = add_line(d, sign, sign == '-' ? e : NULL, sign == '+' ? e : NULL);
    return ret;
}

static int compare(diff *d, const fc_entry *a, const fc_entry *b)
{
    int ret = FC_OK;
    if (!a->is_map || !b->is_map) {
        bool same = !a->is_map && !b->is_map && fc_node_same(a->set->value, b->set->value);
        return same ? FC_OK : add_line(d, '~', a, b);
    }
    for (const fc_entry *e = b->first; e && !ret; e = e->next) {
        const fc_entry *other = fc_entry_child(a, e->name);
        ret = other ? compare(d, other, e) : add_side(d, '+', e);
    }
    for (const fc_entry *e = a->first; e && !ret; e = e->next)
        if (!fc_entry_child(b, e->name)) ret = add_side(d, '-', e);
    return ret;
}

int fc_tree_diff(const fc_tree *a, const fc_tree *b, FILE *out, size_t *count)
{
    diff d = {.out = out, .arena = fc_arena_create()};
    int ret = d.arena ? compare(&d, a->root, b->root) : FC_E_NOMEM;
    if (count) *count = d.count;
    fc_text_free(&d.line);
    fc_arena_free(d.arena);
    return ret;
}
