/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Paths and selectors: what they stand for and how they are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "scenario/selector.h"
#include "tree_helper.h"

static const char scenario[] =
    "fleets:\n"
    "  korea:\n"
    "    sites:\n"
    "      a: {region: capital, kind: new, grid: {connect: 1}, phases: {p: {power: 1}, q: {power: "
    "2}}}\n"
    "      b: {region: non-capital, kind: new, phases: {p: {power: 3}}}\n"
    "      c: {region: {value: non-capital, source: map}, kind: old}\n"
    "      a.b: {region: 'x]y'}\n"
    "      'say \"hi\"': {region: z}\n"
    "    lead: {usual: 3 months}\n"
    "  japan: {sites: {a: {region: non-capital}}, empty: {}}\n";

/* The paths a selector stands for, those not there yet with a '+'; or what is wrong with it. */
static const char *selected(fixture *f, const char *selector)
{
    const fc_selected *list = NULL;
    size_t count = 0;
    fc_text out = FC_TEXT_EMPTY;
    resolved_text(f, scenario, NULL, NULL);
    assert_non_null(last_tree);
    const fc_place place = {.file = "p.yaml", .line = 3, .column = 5};
    int ret = fc_tree_select(last_tree, f->arena, selector, &place, f->diag, &list, &count);
    assert_int_equal(ret, fc_diag_first(f->diag));
    if (ret) return messages(f, FC_LANG_EN);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        const char *path = fc_path_text(f->arena, list[i].names, list[i].depth);
        fc_text_printf(&out, "%s%s%s", i ? " " : "", path, list[i].entry ? "" : "+");
        assert_ptr_equal(fc_tree_find(last_tree, path), list[i].entry);
    }
    const char *kept = fc_arena_strdup(f->arena, out.data);
    fc_text_free(&out);
    return kept;
}

static void selectors_expand_in_order(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *selector, *paths;
    } cases[] = {
        {"fleets.korea.lead", "fleets.korea.lead"},
        {" fleets . korea .lead ", "fleets.korea.lead"},
        {"fleets.korea.sites.a.phases.p.power", "fleets.korea.sites.a.phases.p.power"},
        {"fleets.korea.sites.a", "fleets.korea.sites.a"},
        {"fleets.korea.sites.new", "fleets.korea.sites.new+"},
        {"top", "top+"},
        {"fleets.*.sites.a.region", "fleets.korea.sites.a.region fleets.japan.sites.a.region"},
        {"*.japan.empty.x", "fleets.japan.empty.x+"},
        /* those without phases are passed over */
        {"fleets.*.sites.*.phases.*.power",
         "fleets.korea.sites.a.phases.p.power fleets.korea.sites.a.phases.q.power "
         "fleets.korea.sites.b.phases.p.power"},
        {"fleets.korea.sites[region=non-capital].kind",
         "fleets.korea.sites.b.kind fleets.korea.sites.c.kind"},
        {"fleets.korea.sites.*[region=non-capital].kind",
         "fleets.korea.sites.b.kind fleets.korea.sites.c.kind"},
        {"fleets.korea.sites[ region = non-capital ][kind=new]", "fleets.korea.sites.b"},
        {"fleets.*.sites[region=non-capital].area",
         "fleets.korea.sites.b.area+ fleets.korea.sites.c.area+ fleets.japan.sites.a.area+"},
        {"fleets.korea.sites.\"a.b\".region", "fleets.korea.sites.\"a.b\".region"},
        {"fleets.korea.sites.'a.b'.region", "fleets.korea.sites.\"a.b\".region"},
        {"fleets.korea.sites['region'=\"x]y\"].area", "fleets.korea.sites.\"a.b\".area+"},
        {"fleets.korea.sites.\"say \"\"hi\"\"\".region",
         "fleets.korea.sites.\"say \"\"hi\"\"\".region"},
        /* a group may be made on the way, a named thing not (below) */
        {"fleets.korea.sites[kind=new].grid.connect",
         "fleets.korea.sites.a.grid.connect fleets.korea.sites.b.grid.connect+"},
        {"fleets.japan.sites.a.grid.grid.x", "fleets.japan.sites.a.grid.grid.x+"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(selected(f, cases[i].selector), cases[i].paths);
}

static void what_does_not_match_is_named(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *selector, *message;
    } cases[] = {
        {"fleets.koera.sites.a.x",
         "nothing matches 'fleets.koera.sites.a.x': there is no 'fleets.koera'; did you mean "
         "'fleets.korea'? [E357]"},
        {"fleets.korea.sites.a-b.region", "nothing matches 'fleets.korea.sites.a-b.region': there "
                                          "is no 'fleets.korea.sites.a-b'; did "
                                          "you mean 'fleets.korea.sites.\"a.b\"'? [E357]"},
        {"fleets.*.programmes.x.y",
         "nothing matches 'fleets.*.programmes.x.y': there is no 'fleets.korea.programmes' [E356]"},
        {"fleets.japan.empty.*",
         "nothing matches 'fleets.japan.empty.*': there is no 'fleets.japan.empty.*' [E356]"},
        {"fleets.japan.sites.a.grid.*",
         "nothing matches 'fleets.japan.sites.a.grid.*': there is no "
         "'fleets.japan.sites.a.grid' [E356]"},
        {"fleets.korea.sites[region=non-captial].x",
         "nothing matches 'fleets.korea.sites[region=non-captial].x': no member of "
         "'fleets.korea.sites' has region=non-captial; did you mean region=non-capital? [E359]"},
        {"fleets.korea.sites[region=non-capital][kind=odl].x",
         "nothing matches 'fleets.korea.sites[region=non-capital][kind=odl].x': no member of "
         "'fleets.korea.sites' has region=non-capital, kind=odl; did you mean region=non-capital, "
         "kind=old? [E359]"},
        {"fleets.korea.sites[owner=state]",
         "nothing matches 'fleets.korea.sites[owner=state]': no member of 'fleets.korea.sites' has "
         "owner=state [E358]"},
        {"fleets.korea.lead.usual",
         "'fleets.korea.lead' is one value and is set as a whole, so there is no "
         "'fleets.korea.lead.usual' [E343]"},
        {"", "the path '' cannot be read: NAME is missing at character 1 [E355]"},
        {"a..b", "the path 'a..b' cannot be read: NAME is missing at character 3 [E355]"},
        {"a.", "the path 'a.' cannot be read: NAME is missing at character 3 [E355]"},
        {"나주[x", "the path '나주[x' cannot be read: = is missing at character 5 [E355]"},
        {"a[=1]", "the path 'a[=1]' cannot be read: NAME is missing at character 3 [E355]"},
        {"a[x=]", "the path 'a[x=]' cannot be read: VALUE is missing at character 5 [E355]"},
        {"a[x=1", "the path 'a[x=1' cannot be read: ] is missing at character 6 [E355]"},
        {"a[x=1]b", "the path 'a[x=1]b' cannot be read: . is missing at character 7 [E355]"},
        {"a.\"b", "the path 'a.\"b' cannot be read: \" is missing at character 5 [E355]"},
        {"a.\"\"", "the path 'a.\"\"' cannot be read: NAME is missing at character 5 [E355]"},
        {"a*", "the path 'a*' cannot be read: . is missing at character 2 [E355]"},
        {"a]", "the path 'a]' cannot be read: . is missing at character 2 [E355]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char expected[512];
        snprintf(expected, sizeof expected, "p.yaml:3:5: %s\n", cases[i].message);
        assert_string_equal(selected(f, cases[i].selector), expected);
    }
    selected(f, "fleets.koera.x");
    assert_string_equal(
        messages(f, FC_LANG_KO),
        "p.yaml:3:5: 'fleets.koera.x': 맞는 항목이 없습니다('fleets.koera' 없음); 가장 "
        "가까운 이름: 'fleets.korea' [E357]\n");
}

static void find_takes_plain_paths_only(void **state)
{
    fixture *f = *state;
    resolved_text(f, scenario, NULL, NULL);
    assert_string_equal(fc_tree_find(last_tree, "fleets.japan")->name, "japan");
    static const char *const nothing[] = {"",
                                          "fleets.",
                                          ".fleets",
                                          "fleets.*",
                                          "fleets.korea.lead.usual",
                                          "fleets.korea.sites[kind=old]",
                                          "fleets.\"korea",
                                          "x"};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        assert_null(fc_tree_find(last_tree, nothing[i]));
    char lengthy[1000]; /* more than the buffer on the stack */
    memset(lengthy, ' ', sizeof lengthy);
    strcpy(lengthy + sizeof lengthy - 7, "fleets");
    assert_string_equal(fc_tree_find(last_tree, lengthy)->name, "fleets");
}

static void every_path_text_leads_back(void **state)
{
    fixture *f = *state;
    resolved_text(
        f,
        "{a: {'null': {'.': 1, '[x]': 2, ' b': 3, 'b ': 4, '\"': 5, '\"\"': 6, \"'\": 7, '*': 8, "
        "'=': 9, 'c d': 10, '나주 1': 11, \"line\\nbreak\": 12}}}",
        NULL, NULL);
    size_t count = 0;
    for (const fc_entry *e = last_tree->root->first; e;
         e = fc_entry_next(last_tree->root, e), count++)
        assert_ptr_equal(fc_tree_find(last_tree, fc_entry_path(f->arena, e)), e);
    assert_int_equal(count, 2 + 12);
}

static void settings_are_cut_at_the_equals_sign(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {{"a=1", 1},     {"a[b=c].d=e", 8}, {"a.\"x=y\".z=1", 9},   {"a.'x=]y'=1", 8},
                 {"nothing", 7}, {"=1", 0},         {"a[b=\"]=\"].c=1", 11}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(fc_selector_length(cases[i].text), cases[i].length);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(selectors_expand_in_order),           TEST(what_does_not_match_is_named),
        TEST(find_takes_plain_paths_only),         TEST(every_path_text_leads_back),
        TEST(settings_are_cut_at_the_equals_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
