/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is read is what was written, where it was written; and nothing hostile takes long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/text.h"
#include "scenario/document.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct fixture {
    fc_arena *arena;
    fc_diag *diag;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->arena = fc_arena_create();
    f->diag = fc_diag_create();
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    fc_arena_free(f->arena);
    fc_diag_free(f->diag);
    free(f);
    return 0;
}

static const fc_node *parse(fixture *f, const char *text)
{
    const fc_node *root = NULL;
    assert_int_equal(fc_document_parse(f->arena, "t.yaml", text, strlen(text), f->diag, &root), 0);
    assert_non_null(root);
    return root;
}

/* [a, "quoted", {key: value}] on one line. */
static void write_node(const fc_node *node, fc_text *out)
{
    if (node->kind == FC_NODE_SCALAR) {
        fc_text_printf(out, node->quoted ? "\"%s\"" : "%s", node->text);
        return;
    }
    bool map = node->kind == FC_NODE_MAP;
    fc_text_add(out, map ? "{" : "[");
    for (size_t i = 0; i < node->count; i++) {
        if (i) fc_text_add(out, ", ");
        if (map) {
            write_node(node->pairs[i].key, out);
            fc_text_add(out, ": ");
        }
        write_node(map ? node->pairs[i].value : node->items[i], out);
    }
    fc_text_add(out, map ? "}" : "]");
}

static void test_fidelity(void **state)
{
    static const struct {
        const char *text, *tree;
    } cases[] = {
        {"a: 1", "{a: 1}"},
        {"- a\n- b: 1\n  c: 2\n-\n  - d\n", "[a, {b: 1, c: 2}, [d]]"},
        {"a:\nb: ~\nc: null\nd: ''\n", "{a: , b: ~, c: null, d: \"\"}"},
        {"{a: [1, 2.5, x y], b: {}, c: []}", "{a: [1, 2.5, x y], b: {}, c: []}"},
        {"지역: {수도권: 3만 장, 비수도권: 1조 4,6억}\n",
         "{지역: {수도권: 3만 장, 비수도권: 1조 4, 6억: }}"},
        {"제목: 국가 AI 컴퓨팅 센터 # 해설\n", "{제목: 국가 AI 컴퓨팅 센터}"},
        {"a: \"x\\ty \\uAC00 \\\"q\\\"\"\n", "{a: \"x\ty 가 \"q\"\"}"},
        {"a: 'it''s: [x]'\n\"b c\": 1\n", "{a: \"it's: [x]\", \"b c\": 1}"},
        {"a: one\n  two\n\n  three\nb: 1\n", "{a: one two\nthree, b: 1}"},
        {"a: |\n  one\n   two\nb: >-\n  one\n  two\n", "{a: \"one\n two\n\", b: \"one two\"}"},
        {"a: 2026-07-01\nb: yes\nc: 0x10\nd: 1e3\n", "{a: 2026-07-01, b: yes, c: 0x10, d: 1e3}"},
        {"2025: {b200: 77 %, h200: 23 %}\n", "{2025: {b200: 77 %, h200: 23 %}}"},
        {"a: &x [1, 2]\nb: *x\nc: {d: *x}\n", "{a: [1, 2], b: [1, 2], c: {d: [1, 2]}}"},
        {"just text", "just text"},
        {"sites[region=non-capital].grid: 12 months\n",
         "{sites[region=non-capital].grid: 12 months}"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fc_text out = FC_TEXT_EMPTY;
        write_node(parse(f, cases[i].text), &out);
        assert_string_equal(out.data, cases[i].tree);
        fc_text_free(&out);
    }
}

static void assert_at(const fc_node *node, int line, int column)
{
    assert_non_null(node);
    fc_place where = fc_node_place(node, "some.path");
    assert_string_equal(where.file, "t.yaml");
    assert_string_equal(where.path, "some.path");
    assert_int_equal(where.line, line);
    assert_int_equal(where.column, column);
}

static void test_places(void **state)
{
    const fc_node *root = parse(*state, "# head\n"
                                        "지역: {수도권: 3만, b: [x, \"y\"]}\r\n"
                                        "\r\n"
                                        "list:\n"
                                        "  - one\n"
                                        "  - two: |\n"
                                        "      text\n"
                                        "    none:\n");
    assert_at(root, 2, 1);
    const fc_node *region = fc_node_get(root, "지역"), *list = fc_node_get(root, "list");
    assert_at(region, 2, 5); /* columns count characters, not bytes */
    assert_at(fc_node_get(region, "수도권"), 2, 11);
    assert_at(fc_node_get(region, "b")->items[1], 2, 22);
    assert_at(fc_node_find(root, "list")->key, 4, 1);
    assert_at(list, 5, 3);
    assert_at(list->items[0], 5, 5);
    assert_at(fc_node_get(list->items[1], "two"), 6, 10);
    assert_at(fc_node_get(list->items[1], "none"), 8, 10);
}

static void test_access(void **state)
{
    fixture *f = *state;
    const fc_node *root =
        parse(f, "{a: ~, b: null, c: Null, d: NULL, e: , f: '', g: 'null', h: nil, i: [], j: 0}");
    static const char nulls[] = "abcde";
    for (size_t i = 0; i < root->count; i++)
        assert_int_equal(fc_node_is_null(root->pairs[i].value),
                         strchr(nulls, *root->pairs[i].key->text) != NULL);
    assert_false(fc_node_is_null(NULL));
    assert_null(fc_node_get(root, "z"));
    assert_null(fc_node_get(root, "aa"));
    assert_null(fc_node_get(NULL, "a"));
    assert_null(fc_node_get(fc_node_get(root, "i"), "a"));
    assert_null(fc_node_get(fc_node_get(root, "j"), "a"));
}

static void test_size_and_depth(void **state)
{
    const fc_node *root = parse(*state, "a: &x [1, [2]]\nb: {c: *x, d: *x}\ne: {}\n");
    const fc_node *a = fc_node_get(root, "a"), *b = fc_node_get(root, "b");
    assert_int_equal(a->size, 4);
    assert_int_equal(a->depth, 2);
    assert_ptr_equal(fc_node_get(b, "c"), a);
    assert_ptr_equal(fc_node_get(b, "d"), a);
    assert_int_equal(b->size, 1 + 2 * (1 + 4));
    assert_int_equal(b->depth, 3);
    assert_int_equal(root->size, 1 + 3 + 4 + 11 + 1);
    assert_int_equal(root->depth, 4);
    assert_int_equal(a->items[0]->depth, 0);
}

/* Maps large enough to have an index find every key and no other, in the order written. */
static void test_large_map(void **state)
{
    enum { N = 3000 };
    fixture *f = *state;
    fc_text text = FC_TEXT_EMPTY;
    for (int i = 0; i < N; i++) fc_text_printf(&text, "key%d: %d\n", i * 7919 % N, i);
    const fc_node *root = parse(f, text.data);
    assert_int_equal(root->count, N);
    for (int i = 0; i < N; i++) {
        char key[16], value[16];
        snprintf(key, sizeof key, "key%d", i * 7919 % N);
        snprintf(value, sizeof value, "%d", i);
        assert_string_equal(root->pairs[i].key->text, key);
        assert_ptr_equal(fc_node_find(root, key), &root->pairs[i]);
        assert_string_equal(fc_node_get(root, key)->text, value);
    }
    assert_null(fc_node_get(root, "key"));
    assert_null(fc_node_get(root, "key3000"));
    assert_null(fc_node_get(root, "zzz"));
    fc_text_add(&text, "key42: again\nkey7: again\n");
    const fc_node *none = NULL;
    assert_int_equal(fc_document_parse(f->arena, "t.yaml", text.data, text.length, f->diag, &none),
                     FC_E_DOC_DUPLICATE);
    assert_int_equal(fc_diag_errors(f->diag), 2);
    assert_int_equal(fc_diag_place(f->diag, 0).line, N + 1);
    assert_int_equal(fc_diag_place(f->diag, 1).line, N + 2);
    fc_text_free(&text);
}

/* Without the keys given twice a map is as if they had never been there, whatever its size was. */
static void test_repeats(void **state)
{
    fixture *f = *state;
    for (int keys = 14; keys <= 18; keys++)
        for (int lines = keys + 1; lines <= 2 * keys; lines++) {
            const fc_node *root = NULL;
            fc_text text = FC_TEXT_EMPTY;
            for (int i = 0; i < lines; i++) fc_text_printf(&text, "key%d: %d\n", i % keys, i);
            fc_diag_clear(f->diag);
            assert_int_equal(
                fc_document_parse(f->arena, "t.yaml", text.data, text.length, f->diag, &root),
                FC_E_DOC_DUPLICATE);
            assert_int_equal(fc_diag_errors(f->diag), lines - keys);
            assert_int_equal(root->count, keys);
            assert_int_equal(root->size, 1 + 2 * keys);
            for (int i = 0; i < keys; i++) {
                assert_int_equal(root->pairs[i].value->line, i + 1);
                assert_ptr_equal(fc_node_find(root, root->pairs[i].key->text), &root->pairs[i]);
            }
            fc_text_free(&text);
        }
    fc_diag_clear(f->diag);
}

static void test_fill(void **state)
{
    fixture *f = *state;
    const fc_node *parent = parse(f, "{a: 1, b: [2, 3]}");
    const fc_node *children[] = {parent->pairs[1].key, parent->pairs[1].value, parent->pairs[0].key,
                                 parent};
    fc_node map = {.kind = FC_NODE_MAP, .text = ""};
    assert_int_equal(fc_node_fill(f->arena, &map, children, 4), FC_OK);
    assert_int_equal(map.count, 2);
    assert_int_equal(map.size, 1 + (1 + 3) + (1 + 7));
    assert_int_equal(map.depth, 3);
    assert_ptr_equal(fc_node_get(&map, "a"), parent);
    assert_ptr_equal(fc_node_get(&map, "b"), parent->pairs[1].value);
}

static void test_value(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *text, *tree;
    } cases[] = {
        {"18000", "18000"},
        {"30,000", "30,000"},
        {"", ""},
        {"  ", ""},
        {"null", "null"},
        {"'null'", "\"null\""},
        {"4조 원", "4조 원"},
        {"{usual: 12 months, bad_1_in_20: 36 months}",
         "{usual: 12 months, bad_1_in_20: 36 months}"},
        {"[a, b]", "[a, b]"},
    };
    const fc_node *value = NULL;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fc_text out = FC_TEXT_EMPTY;
        assert_int_equal(fc_document_parse_value(f->arena, "--set", cases[i].text, f->diag, &value),
                         FC_OK);
        write_node(value, &out);
        assert_string_equal(out.data ? out.data : "", cases[i].tree);
        assert_string_equal(value->file, "--set");
        assert_int_equal(value->line, 1);
        fc_text_free(&out);
    }
    fc_document_parse_value(f->arena, "--set", "", f->diag, &value);
    assert_true(fc_node_is_null(value));
    assert_int_equal(fc_document_parse_value(f->arena, "--set", "{a: 18,000}", f->diag, &value),
                     FC_E_TEXT_COMMA);
    char *message = fc_diag_text(f->diag, 0, FC_LANG_EN);
    assert_string_equal(message, "--set:1:5: a comma inside { } or [ ] separates, so 18,000 is cut "
                                 "apart: write 18000, or '18,000' in quotes [E307]");
    free(message);
    assert_null(value);
}

/* --- files -------------------------------------------------------------------------------- */

static char *temporary_folder(fixture *f)
{
    const char *base = getenv("TMPDIR");
    char *folder = fc_arena_printf(f->arena, "%s/fc-document-XXXXXX", base ? base : "/tmp");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_load(fixture *f, const char *path, int code, const char *reason)
{
    const fc_node *root = NULL;
    fc_diag_clear(f->diag);
    assert_int_equal(fc_document_load(f->arena, path, f->diag, &root), code);
    assert_int_equal(fc_diag_errors(f->diag), 1);
    assert_null(root);
    char *sentence = fc_diag_sentence(f->diag, 0, FC_LANG_EN);
    assert_non_null(strstr(sentence, reason));
    free(sentence);
}

static void test_files(void **state)
{
    fixture *f = *state;
    char *folder = temporary_folder(f);
    char *path = fc_arena_printf(f->arena, "%s/시나리오.yaml", folder);
    const fc_node *root = NULL;

    write_file(path, "gpus: 30,000\n");
    assert_int_equal(fc_document_load(f->arena, path, f->diag, &root), FC_OK);
    assert_string_equal(fc_node_get(root, "gpus")->text, "30,000");
    assert_string_equal(root->file, path);

    if (geteuid() != 0) { /* root may read anything */
        assert_int_equal(chmod(path, 0), 0);
        assert_load(f, path, FC_E_DOC_FILE, "Permission denied");
    }
    assert_int_equal(truncate(path, 100 * 1000 * 1000), 0); /* a hole: quick to make */
    assert_load(f, path, FC_E_DOC_LIMIT, "8 MiB");
    unlink(path);
    assert_load(f, path, FC_E_DOC_FILE, "No such file");
    assert_load(f, folder, FC_E_DOC_FILE, "Is a directory");
    assert_load(f, "/dev/zero", FC_E_DOC_LIMIT, "8 MiB"); /* never ends */
    assert_load(f, "/dev/null", FC_E_DOC_EMPTY, "nothing");
    rmdir(folder);
}

static void test_pipe(void **state)
{
    fixture *f = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a: 1\n", 5), 5);
    close(ends[1]);
    char *path = fc_arena_printf(f->arena, "/dev/fd/%d", ends[0]);
    const fc_node *root = NULL;
    assert_int_equal(fc_document_load(f->arena, path, f->diag, &root), FC_OK);
    assert_string_equal(fc_node_get(root, "a")->text, "1");
    close(ends[0]);
}

/* --- hostile texts ------------------------------------------------------------------------ */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* what else runs here does not count */
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#if defined(__SANITIZE_ADDRESS__)
#define INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSTRUMENTED 1
#endif
#endif
#ifdef INSTRUMENTED
static const double most_seconds = 20;
#else
static const double most_seconds = 4; /* less than one on an idle core */
#endif

/* `head`, then `unit` `times` times, then `tail`. Returns the code. */
static int parse_repeated(fixture *f, const char *head, const char *unit, size_t times,
                          const char *tail)
{
    fc_text text = FC_TEXT_EMPTY;
    const fc_node *root = NULL;
    fc_text_add(&text, head);
    for (size_t i = 0; i < times; i++) fc_text_add(&text, unit);
    fc_text_add(&text, tail);
    fc_diag_clear(f->diag);
    double start = now();
    int ret = fc_document_parse(f->arena, "t.yaml", text.data, text.length, f->diag, &root);
    assert_true(now() - start < most_seconds);
    fc_text_free(&text);
    return ret;
}

static void test_depth(void **state)
{
    fixture *f = *state;
    assert_int_equal(parse_repeated(f, "", "[", 200000, ""), FC_E_DOC_LIMIT);
    assert_int_equal(fc_diag_place(f->diag, 0).column, FC_DOCUMENT_DEPTH + 1);
    assert_int_equal(parse_repeated(f, "", "{a: ", 200000, ""), FC_E_DOC_LIMIT);
    assert_int_equal(parse_repeated(f, "", "- ", 200000, ""), FC_E_DOC_LIMIT);
    assert_int_equal(
        parse_repeated(f, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "]",
                       FC_DOCUMENT_DEPTH, ""),
        FC_OK);
    /* An alias is as deep as what it stands for. */
    fc_text text = FC_TEXT_EMPTY;
    const fc_node *root = NULL;
    fc_text_add(&text, "a0: &a0 []\n");
    for (int i = 1; i <= FC_DOCUMENT_DEPTH; i++)
        fc_text_printf(&text, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    fc_diag_clear(f->diag);
    assert_int_equal(fc_document_parse(f->arena, "t", text.data, text.length, f->diag, &root),
                     FC_E_DOC_LIMIT);
    assert_int_equal(fc_diag_place(f->diag, 0).line, FC_DOCUMENT_DEPTH);
    fc_text_free(&text);
}

static void test_nodes(void **state)
{
    fixture *f = *state;
    const fc_node *root = NULL;
    fc_text laughs = FC_TEXT_EMPTY;
    fc_text_add(&laughs, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
        fc_text_printf(&laughs, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++) fc_text_printf(&laughs, "%s*a%d", k ? "," : "", i - 1);
        fc_text_add(&laughs, "]\n");
    }
    assert_int_equal(fc_document_parse(f->arena, "t", laughs.data, laughs.length, f->diag, &root),
                     FC_E_DOC_LIMIT);
    assert_int_equal(fc_diag_place(f->diag, 0).line, 6);
    fc_text_free(&laughs);

    /* The list itself and its items: exactly the limit, and one more. */
    assert_int_equal(parse_repeated(f, "[a", ",a", FC_DOCUMENT_NODES - 2, "]"), FC_OK);
    assert_int_equal(parse_repeated(f, "[a", ",a", FC_DOCUMENT_NODES - 1, "]"), FC_E_DOC_LIMIT);
}

static void test_long_texts(void **state)
{
    fixture *f = *state;
    const size_t most = FC_DOCUMENT_BYTES;
    assert_int_equal(parse_repeated(f, "a: ", "x", most - 3, ""), FC_OK);
    assert_int_equal(parse_repeated(f, "a: ", "x", most - 2, ""), FC_E_DOC_LIMIT);
    assert_int_equal(parse_repeated(f, "", "#", most, ""), FC_E_DOC_EMPTY);
    assert_int_equal(parse_repeated(f, "", "\n", most, ""), FC_E_DOC_EMPTY);
    assert_int_equal(parse_repeated(f, "\"", " \n", most / 2 - 1, ""), FC_E_TEXT_UNCLOSED);
    assert_int_equal(parse_repeated(f, "", "---\n", most / 4, ""), FC_E_DOC_SEVERAL);
    assert_int_equal(parse_repeated(f, "", "%", most, ""), FC_E_TEXT_QUOTE);
    assert_int_equal(parse_repeated(f, "!", "x", most - 1, ""), FC_E_DOC_FEATURE);
    assert_int_equal(parse_repeated(f, "*", "x", most - 1, ""), FC_E_DOC_ALIAS);
    assert_int_equal(parse_repeated(f, "", "k: 1\n", 99000, ""), FC_E_DOC_DUPLICATE);
    assert_int_equal(parse_repeated(f, "", "- a：b\n", 190000, ""), FC_E_TEXT_CHARACTER);
    assert_int_equal(parse_repeated(f, "{a: 100", ",000", 90000, "}"), FC_E_TEXT_COMMA);
    assert_int_equal(parse_repeated(f, "", "\xb0\xa1 ", most / 3, ""), FC_E_TEXT_CP949);
    assert_int_equal(parse_repeated(f, "", "가 ", most / 4 - 1, "\xff"), FC_E_TEXT_UTF8);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_fidelity),  TEST(test_places), TEST(test_access), TEST(test_size_and_depth),
        TEST(test_large_map), TEST(test_fill),   TEST(test_value),  TEST(test_files),
        TEST(test_repeats),   TEST(test_fill),   TEST(test_value),  TEST(test_files),
        TEST(test_pipe),      TEST(test_depth),  TEST(test_nodes),  TEST(test_long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
