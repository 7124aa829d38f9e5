/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Trees as text: what `show` prints, that it reads back, and the hash.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "scenario/tree_print.h"
#include "tree_helper.h"

static const char *printed(fixture *f, const fc_tree *tree, fc_lang lang)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(fc_tree_print_resolved(tree, out, lang), FC_OK);
    assert_int_equal(fclose(out), 0);
    const char *kept = fc_arena_strdup(f->arena, text);
    free(text);
    return kept;
}

static const char *difference(fixture *f, const fc_tree *a, const fc_tree *b, size_t *count)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_int_equal(fc_tree_diff(a, b, out, count), FC_OK);
    assert_int_equal(fclose(out), 0);
    const char *kept = fc_arena_strdup(f->arena, text);
    free(text);
    return kept;
}

static const char *hash(fixture *f, const fc_tree *tree)
{
    char *hex = fc_arena_alloc(f->arena, 65);
    assert_int_equal(fc_tree_hash(tree, hex), FC_OK);
    assert_int_equal(strlen(hex), 64);
    return hex;
}

static const char *hash_of(fixture *f, const char *text)
{
    resolved_text(f, text, NULL, NULL);
    assert_non_null(last_tree);
    return hash(f, last_tree);
}

/* --- show --resolved ---------------------------------------------------------------------- */

static void each_value_says_where_it_was_set(void **state)
{
    fixture *f = *state;
    write_file("base.yaml", "fleetcast: 1\n"
                            "title: {en: 'Korea: \"3만\"', ko: 한국}\n"
                            "m:\n"
                            "  a b: {x: 20 MW, 'null': ~x}\n"
                            "  list: [1, 'a, b', {k: null}]\n");
    const char *text = "extends: base.yaml\n"
                       "m: {a b: {x: 30 MW}, none: {}}\n"
                       "text: |\n"
                       "  two\n"
                       "  lines\n"
                       "policies: {p: {set: {m.a b.x: 40 MW}}}\n";
    resolved_text(f, text, NAMES("p"), NAMES("m.y=3 만"));
    assert_string_equal(
        printed(f, last_tree, FC_LANG_EN),
        "fleetcast: 1  # base.yaml:1\n"
        "title:\n"
        "  en: \"Korea: \\\"3만\\\"\"  # base.yaml:2\n"
        "  ko: 한국  # base.yaml:2\n"
        "m:\n"
        "  a b:\n"
        "    x: 40 MW  # policy p (s.yaml:6); was 30 MW, s.yaml:2; was 20 MW, base.yaml:4\n"
        "    \"null\": \"~x\"  # base.yaml:4\n"
        "  list: [1, \"a, b\", {k: null}]  # base.yaml:5\n"
        "  none: {}  # s.yaml:2\n"
        "  y: 3 만  # --set\n"
        "text: \"two\\nlines\\n\"  # s.yaml:3\n"
        "policies:\n"
        "  p:\n"
        "    set:\n"
        "      m.a b.x: 40 MW  # s.yaml:6\n");
    assert_non_null(strstr(printed(f, last_tree, FC_LANG_KO),
                           "x: 40 MW  # 정책 p (s.yaml:6); 이전 30 MW, s.yaml:2; 이전 20 MW, "
                           "base.yaml:4\n"));
    resolved_text(f, "{}", NULL, NULL);
    assert_string_equal(printed(f, last_tree, FC_LANG_EN), "{}\n");
}

static void file_names_cannot_break_the_comment(void **state)
{
    fixture *f = *state;
    write_file("a\nb: 2\xff.yaml", "a: 1\n");
    assert_string_equal(resolved_file(f, "a\nb: 2\xff.yaml"), "a: 1\n");
    assert_string_equal(printed(f, last_tree, FC_LANG_EN), "a: 1  # a?b: 2?.yaml:1\n");
}

/* --- random trees ------------------------------------------------------------------------- */

/* Marsaglia's xorshift64: enough to make texts up. */
static uint64_t bits = 88172645463325252u;

static size_t pick(size_t count)
{
    bits ^= bits << 13;
    bits ^= bits >> 7;
    bits ^= bits << 17;
    return (size_t)(bits % count);
}

static const fc_node *random_scalar(fixture *f, bool key)
{
    static const char *const plain[] = {"40 MW", "-3",        "1,460,000", "2026-07-01", "3만 8천",
                                        "59 %",  "a:b",       "x/y",       "null",       "~",
                                        "(a) b", "50% of it", "[x",        "null"};
    static const char *const pieces[] = {"a",  "나",       ":",  " ", ": ", " #", "\"", "'",
                                         "\\", "\n",       "\t", ",", "[",  "}",  "- ", "null",
                                         "：", "\xc2\xa0", "%",  "0", ".",  "*",  "&",  "!"};
    fc_node *node = fc_arena_alloc(f->arena, sizeof *node);
    fc_text text = FC_TEXT_EMPTY;
    node->quoted = key || pick(2);
    if (node->quoted)
        for (size_t n = pick(6) + key; n > 0; n--)
            fc_text_add(&text, pieces[pick(sizeof pieces / sizeof *pieces)]);
    else
        fc_text_add(&text, plain[pick(sizeof plain / sizeof *plain)]);
    fc_text_addn(&text, "", 0);
    node->text = fc_arena_strdup(f->arena, text.data);
    node->length = strlen(node->text);
    node->size = 1;
    node->file = "random.yaml";
    fc_text_free(&text);
    return node;
}

static const fc_node *random_node(fixture *f, int depth);

static const fc_node *random_map(fixture *f, int depth)
{
    fc_node *map = fc_arena_alloc(f->arena, sizeof *map);
    const fc_node *children[2 * 6];
    size_t count = 0;
    for (size_t n = pick(6); n > 0; n--) {
        const fc_node *key = random_scalar(f, true);
        bool known = false;
        for (size_t i = 0; i < count; i += 2) known |= !strcmp(children[i]->text, key->text);
        if (known || !strcmp(key->text, "extends") || !strcmp(key->text, "active")) continue;
        children[count++] = key;
        children[count] = random_node(f, depth - 1);
        while (fc_node_is_null(children[count])) children[count] = random_scalar(f, false);
        count++;
    }
    if (!pick(3)) {
        fc_node *usual = fc_arena_alloc(f->arena, sizeof *usual);
        *usual = (fc_node){.text = "usual", .length = 5, .size = 1, .file = "random.yaml"};
        if (depth < 4) { /* atomic, but not the whole tree */
            children[count++] = usual;
            children[count++] = random_scalar(f, false);
        }
    }
    *map = (fc_node){.kind = FC_NODE_MAP, .file = "random.yaml", .text = ""};
    assert_int_equal(fc_node_fill(f->arena, map, children, count), FC_OK);
    return map;
}

static const fc_node *random_node(fixture *f, int depth)
{
    size_t kind = depth > 0 ? pick(4) : 0;
    if (kind > 1) return random_map(f, depth);
    if (kind == 0) return random_scalar(f, false);
    fc_node *list = fc_arena_alloc(f->arena, sizeof *list);
    const fc_node *items[3];
    size_t count = pick(4);
    for (size_t i = 0; i < count; i++) items[i] = random_node(f, depth - 1);
    *list = (fc_node){.kind = FC_NODE_SEQUENCE, .file = "random.yaml", .text = ""};
    assert_int_equal(fc_node_fill(f->arena, list, items, count), FC_OK);
    return list;
}

static fc_tree *tree_of(fixture *f, const fc_node *node)
{
    fc_tree *tree = fc_tree_create(f->arena, &test_schema);
    const fc_layer *layer = fc_tree_add_layer(tree, FC_LAYER_FILE, "random.yaml");
    assert_int_equal(fc_tree_merge(tree, layer, node, f->diag), FC_OK);
    return tree;
}

static void what_is_printed_reads_back(void **state)
{
    fixture *f = *state;
    size_t values = 0;
    for (int i = 0; i < 3000; i++) {
        const fc_tree *tree = tree_of(f, random_map(f, 4));
        const char *text = printed(f, tree, i % 2 ? FC_LANG_EN : FC_LANG_KO), *told = dump(f, tree);
        values += tree->settings;
        assert_string_equal(resolved_text(f, text, NULL, NULL), told);
        assert_string_equal(hash(f, last_tree), hash(f, tree));
        size_t count = 1;
        assert_string_equal(difference(f, tree, last_tree, &count), "");
        assert_int_equal(count, 0);
    }
    assert_true(values > 20000); /* the trees were no trifles */
}

/* A child file that says what is new, and deletes what is gone, makes the one tree the other. */
static void layering_leaves_no_trace_in_the_hash(void **state)
{
    fixture *f = *state;
    size_t differ = 0;
    for (int i = 0; i < 1000; i++) {
        const fc_node *from = random_map(f, 4), *to = random_map(f, 4);
        fc_tree *tree = tree_of(f, from);
        const fc_tree *wanted = tree_of(f, to);
        bool same = !strcmp(hash(f, tree), hash(f, wanted));
        size_t count = 0;
        difference(f, tree, wanted, &count);
        assert_int_equal(same, count == 0); /* hash and diff agree on what a difference is */
        differ += !same;
        const fc_layer *layer = fc_tree_add_layer(tree, FC_LAYER_FILE, "child.yaml");
        for (const fc_entry *e = tree->root->first; e; e = e->next) fc_entry_remove(e);
        assert_int_equal(fc_tree_merge(tree, layer, to, f->diag), FC_OK);
        assert_string_equal(hash(f, tree), hash(f, wanted));
        /* laying the same over it again changes nothing */
        assert_int_equal(fc_tree_merge(tree, layer, to, f->diag), FC_OK);
        assert_string_equal(hash(f, tree), hash(f, wanted));
    }
    assert_true(differ > 700);
}

/* --- hash --------------------------------------------------------------------------------- */

static void the_hash_sees_what_is_said(void **state)
{
    fixture *f = *state;
    write_file("base.yaml", "m: {y: 9, x: 1}\n");
    const char *const same[] = {
        "m: {x: 1, y: {usual: 2, b: [1, null]}}\nn: text\n",
        "n: 'text' # a comment\nm:\n  y: {b: [1, ~], usual: \"2\"}\n  x: 1\n",
        "extends: base.yaml\nn: text\nm: {y: {usual: 2, b: [1, Null]}}\n",
        "extends: base.yaml\nn: text\nm: {y: {usual: 2, b: &b [1, ~]}}\n",
    };
    const char *const other[] = {
        "m: {x: 1, y: {usual: 2, b: [null, 1]}}\nn: text\n",
        "m: {x: 1, y: {usual: 2, b: [1, 'null']}}\nn: text\n",
        "m: {x: 1, y: {usual: 2, b: [1]}}\nn: text\n",
        "m: {x: 2, y: {usual: 2, b: [1, null]}}\nn: text\n",
        "m: {x: 1, z: {usual: 2, b: [1, null]}}\nn: text\n",
        "m: {y: {usual: 2, b: [1, null]}}\nx: 1\nn: text\n",
        "m: {x: 1, y: {usual: 2, b: [1, null]}}\nn: text\no: {}\n",
        "m: {x: 1, y: {usual: 2, b: [1, null]}}\nn: [text]\n",
        "m: {x: 1, y: {usual: 2, b: [1, null]}}\nn: {text: ''}\n",
    };
    const char *first = hash_of(f, same[0]);
    /* printf 'M2:S1:mM2:S1:xS1:1S1:yM2:S1:bL2:S1:1NS5:usualS1:2S1:nS4:text' | sha256sum */
    assert_string_equal(first, "c9d6d5813e8273c5c30b147a32205fa9783ddd4290af8e30e729693f944a194d");
    for (size_t i = 1; i < sizeof same / sizeof *same; i++)
        assert_string_equal(hash_of(f, same[i]), first);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_string_not_equal(hash_of(f, other[i]), first);
}

static void a_static_policy_hashes_as_if_written_out(void **state)
{
    fixture *f = *state;
    const char *by_policy = "m: {x: 1}\npolicies: {p: {set: {m.x: 2}}}\nactive: [p]\n";
    const char *written = "m: {x: 2}\npolicies: {p: {set: {m.x: 2}}}\n";
    assert_string_equal(hash_of(f, by_policy), hash_of(f, written));
}

/* --- show --diff -------------------------------------------------------------------------- */

static void differences_are_told_by_path(void **state)
{
    fixture *f = *state;
    resolved_text(
        f, "a: 1\nm: {x: 1, gone: {p: 1, q: {}}, y: {usual: 1, k: 2}}\nkind: {z: 1}\nlast: 1\n",
        NULL, NULL);
    const fc_tree *a = last_tree;
    resolved_text(f, "m: {y: {k: 2, usual: '1'}, new: {r: 1}, x: 2}\nkind: [3]\na: 1\n", NULL,
                  NULL);
    size_t count = 0;
    assert_string_equal(difference(f, a, last_tree, &count), "+ m.new.r: 1\n"
                                                             "~ m.x: 1 -> 2\n"
                                                             "- m.gone.p: 1\n"
                                                             "- m.gone.q: {}\n"
                                                             "~ kind: {z: 1} -> [3]\n"
                                                             "- last: 1\n");
    assert_int_equal(count, 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_value_says_where_it_was_set), TEST(file_names_cannot_break_the_comment),
        TEST(what_is_printed_reads_back),       TEST(layering_leaves_no_trace_in_the_hash),
        TEST(the_hash_sees_what_is_said),       TEST(a_static_policy_hashes_as_if_written_out),
        TEST(differences_are_told_by_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
