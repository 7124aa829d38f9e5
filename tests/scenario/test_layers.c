/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Layers: what is laid over what, in which order, and what is said when it cannot be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "tree_helper.h"

/* --- merging ------------------------------------------------------------------------------ */

static void maps_merge_and_values_replace(void **state)
{
    fixture *f = *state;
    write_file("base.yaml", "a: 1\n"
                            "m: {x: 1, deep: {p: 1, q: 2}}\n"
                            "list: [1, 2, 3]\n"
                            "t: {usual: 3 months, bad_1_in_20: 7 months}\n"
                            "v: {value: 3, source: table}\n");
    write_file("s.yaml", "extends: base.yaml\n"
                         "m: {deep: {q: 3, r: 4}, y: 2}\n"
                         "list: [4]\n"
                         "t: {usual: 2 months}\n"
                         "v: {value: 4}\n"
                         "new: {}\n");
    assert_string_equal(resolved_file(f, "s.yaml"), "a: 1\n"
                                                    "m.x: 1\n"
                                                    "m.deep.p: 1\n"
                                                    "m.deep.q: 3\n"
                                                    "m.deep.r: 4\n"
                                                    "m.y: 2\n"
                                                    "list: [4]\n"
                                                    "t: {usual: 2 months}\n"
                                                    "v: {value: 4}\n"
                                                    "new: {}\n");
}

static void kinds_replace_each_other(void **state)
{
    fixture *f = *state;
    write_file("base.yaml", "a: 1\nb: {x: 1}\nc: {x: 1}\nd: {usual: 1}\ne: {x: 1}\n");
    write_file("s.yaml", "extends: base.yaml\n"
                         "a: {x: 2}\nb: 2\nc: {usual: 2}\nd: {x: 2}\ne: {}\n");
    assert_string_equal(resolved_file(f, "s.yaml"), "a.x: 2\n"
                                                    "b: 2\n"
                                                    "c: {usual: 2}\n"
                                                    "d.x: 2\n"
                                                    "e.x: 1\n");
}

static void null_deletes(void **state)
{
    fixture *f = *state;
    write_file("base.yaml", "sites: {a: {power: 1}, b: {power: 2}, c: {power: 3}}\nnote: x\n");
    write_file("s.yaml", "extends: base.yaml\nsites: {b: null}\nnote:\n");
    assert_string_equal(resolved_file(f, "s.yaml"), "sites.a.power: 1\nsites.c.power: 3\n");
    /* what comes back is new: it stands last and has nothing of the old */
    write_file("t.yaml", "extends: s.yaml\nsites: {b: {cost: 4}}\n");
    assert_string_equal(resolved_file(f, "t.yaml"),
                        "sites.a.power: 1\nsites.c.power: 3\nsites.b.cost: 4\n");
    /* inside an atomic value, and in a list, null is only null */
    assert_string_equal(resolved_text(f, "a: {usual: ~, x: }\nb: [null]\n", NULL, NULL),
                        "a: {usual: null, x: null}\nb: [null]\n");
}

static void deleting_nothing_is_an_error(void **state)
{
    fixture *f = *state;
    write_file("base.yaml", "sites: {solaseado: {power: 1}}\n");
    write_file("s.yaml", "extends: base.yaml\n"
                         "sites:\n"
                         "  solaseda: null\n"
                         "  x.y: ~\n"
                         "  solaseado: {area: }\n");
    assert_string_equal(
        resolved_file(f, "s.yaml"),
        "s.yaml:3:3: sites.solaseda: 'solaseda' is set to nothing, which deletes it, but there is "
        "nothing of that name to delete; did you mean 'solaseado'? [E342]\n"
        "s.yaml:4:3: sites.\"x.y\": 'x.y' is set to nothing, which deletes it, but there is "
        "nothing "
        "of that name to delete [E341]\n"
        "s.yaml:5:15: sites.solaseado.area: 'area' is set to nothing, which deletes it, but there "
        "is nothing of that name to delete [E341]\n");
    assert_non_null(strstr(messages(f, FC_LANG_KO),
                           "s.yaml:3:3: sites.solaseda: 'solaseda': 빈 값은 삭제를 뜻하는데 지울 "
                           "항목이 없습니다; 가장 가까운 이름: 'solaseado' [E342]\n"));
}

static void settings_remember_what_they_replaced(void **state)
{
    fixture *f = *state;
    write_file("a.yaml", "m: {x: 1}\n");
    write_file("b.yaml", "extends: a.yaml\n# two\nm: {x: 2}\n");
    write_file("c.yaml", "extends: b.yaml\n\n\nm:\n  x: 3\n");
    resolved_file(f, "c.yaml");
    const fc_entry *x = fc_tree_find(last_tree, "m.x"), *m = fc_tree_find(last_tree, "m");
    const struct {
        const char *file, *value;
        int index, line, column;
    } expected[] = {{"c.yaml", "3", 2, 5, 6}, {"b.yaml", "2", 1, 3, 8}, {"a.yaml", "1", 0, 1, 8}};
    const fc_setting *s = x->set;
    for (size_t i = 0; i < 3; i++, s = s->earlier) {
        assert_string_equal(s->value->text, expected[i].value);
        assert_string_equal(s->value->file, expected[i].file);
        assert_string_equal(s->layer->name, expected[i].file);
        assert_int_equal(s->layer->index, expected[i].index);
        assert_int_equal(s->value->line, expected[i].line);
        assert_int_equal(s->value->column, expected[i].column);
    }
    assert_null(s);
    assert_string_equal(m->set->layer->name, "a.yaml"); /* a map: who named it first */
    assert_null(m->set->earlier);
    fc_place place = fc_entry_key_place(f->arena, x);
    assert_string_equal(place.path, "m.x");
    assert_int_equal(place.line, 1 + 4);
    assert_int_equal(place.column, 3);
}

/* --- parents ------------------------------------------------------------------------------ */

static void parents_come_left_to_right_depth_first(void **state)
{
    fixture *f = *state;
    assert_int_equal(mkdir("base", 0700), 0);
    write_file("base/root.yaml", "order: root\nroot: 1\n");
    write_file("base/a.yaml", "extends: root.yaml\norder: a\na: 1\nboth: a\n");
    write_file("b.yaml", "order: b\nb: 1\nboth: b\n");
    write_file("s.yaml", "extends: [base/a.yaml, b.yaml]\ns: 1\n");
    assert_string_equal(resolved_file(f, "s.yaml"),
                        "order: b\nroot: 1\na: 1\nboth: b\nb: 1\ns: 1\n");
    const fc_setting *s = fc_tree_find(last_tree, "order")->set;
    assert_string_equal(s->value->file, "b.yaml");
    assert_string_equal(s->earlier->value->file, "base/a.yaml");
    assert_string_equal(s->earlier->earlier->value->file, "base/root.yaml");
}

static void a_diamond_is_laid_once(void **state)
{
    fixture *f = *state;
    write_file("root.yaml", "x: root\ny: root\nz: 1\n");
    write_file("a.yaml", "extends: root.yaml\nx: a\nz: null\n");
    write_file("b.yaml", "extends: ./root.yaml\ny: b\n");
    assert_int_equal(symlink("root.yaml", "link.yaml"), 0);
    write_file("s.yaml", "extends: [a.yaml, b.yaml, link.yaml]\n");
    /* laid again before b, root would undo a's x and bring back z */
    assert_string_equal(resolved_file(f, "s.yaml"), "x: a\ny: b\n");
    assert_int_equal(last_tree->top->index, 3);
}

static void wide_diamonds_take_no_time(void **state)
{
    fixture *f = *state;
    char name[32], text[128];
    write_file("p0.yaml", "x: 0\n");
    for (int i = 1; i <= 30; i++) { /* 2^30 ways lead to p0 */
        snprintf(name, sizeof name, "p%d.yaml", i);
        snprintf(text, sizeof text, "extends: [p%d.yaml, p%d.yaml]\nx: %d\n", i - 1, i - 1, i);
        write_file(name, text);
    }
    assert_string_equal(resolved_file(f, "p30.yaml"), "x: 30\n");
    assert_int_equal(last_tree->top->index, 30);
}

static void cycles_are_named(void **state)
{
    fixture *f = *state;
    write_file("a.yaml", "extends: b.yaml\n");
    write_file("b.yaml", "x: 1\nextends:\n  - c.yaml\n  - a.yaml\n");
    write_file("c.yaml", "extends: ./c.yaml\n");
    assert_string_equal(
        resolved_file(f, "a.yaml"),
        "c.yaml:1:10: extends: these files extend each other in a circle: c.yaml -> "
        "c.yaml [E348]\n"
        "b.yaml:4:5: extends: these files extend each other in a circle: a.yaml -> "
        "b.yaml -> a.yaml [E348]\n");
}

static void chains_end_at_their_limit(void **state)
{
    fixture *f = *state;
    char name[32], text[64];
    for (int i = 0; i <= 32; i++) {
        snprintf(name, sizeof name, "p%d.yaml", i);
        snprintf(text, sizeof text, i ? "extends: p%d.yaml\nx: %d\n" : "x: 0\n", i - 1, i);
        write_file(name, text);
    }
    assert_string_equal(resolved_file(f, "p31.yaml"), "x: 31\n");
    assert_string_equal(resolved_file(f, "p32.yaml"),
                        "p1.yaml:1:10: extends: more than 32 files extend each other in a chain "
                        "[E349]\n");
}

static void wrong_parents_are_explained(void **state)
{
    fixture *f = *state;
    assert_int_equal(mkdir("base", 0700), 0);
    write_file("base/korea-2023.yaml", "x: 1\n");
    write_file("base/korea-2023.txt", "x: 1\n");
    write_file("broken.yaml", "- 1\n");
    write_file("s.yaml",
               "extends: [base/korea-2032.yaml, nowhere/x.yaml, {a: 1}, '', broken.yaml]\n"
               "y: null\n");
    assert_string_equal(
        resolved_file(f, "s.yaml"),
        "s.yaml:1:11: extends: there is no file base/korea-2032.yaml; did you mean "
        "base/korea-2023.yaml? [E347]\n"
        "s.yaml:1:33: extends: there is no file nowhere/x.yaml [E346]\n"
        "s.yaml:1:49: extends: extends: takes a file name or a list of file names [E345]\n"
        "s.yaml:1:57: extends: extends: takes a file name or a list of file names [E345]\n"
        "broken.yaml:1:1: a scenario is a map of keys that starts with 'fleetcast: 1', not a list "
        "or "
        "a single value [E340]\n");
    assert_string_equal(resolved_file(f, "none.yaml"),
                        "cannot read none.yaml: No such file or directory [E312]\n");
}

/* --- the command line --------------------------------------------------------------------- */

static void sets_come_last_and_know_their_columns(void **state)
{
    fixture *f = *state;
    const char *text = "sites: {a: {power: 1, kind: x}, 나주: {power: 2}}\n";
    assert_string_equal(resolved_text(f, text, NULL,
                                      NAMES("sites.*.power=3 MW", "sites.a.kind=null",
                                            "sites.나주.t={usual: 1 year}", "sites.b={power: 4}")),
                        "sites.a.power: 3 MW\n"
                        "sites.나주.power: 3 MW\n"
                        "sites.나주.t: {usual: 1 year}\n"
                        "sites.b.power: 4\n");
    const fc_node *value = fc_entry_value(fc_tree_find(last_tree, "sites.나주.t"));
    assert_string_equal(value->file, "--set");
    assert_int_equal(value->line, 1);
    assert_int_equal(value->column, 12);
    assert_int_equal(fc_tree_find(last_tree, "sites.a.power")->set->layer->kind, FC_LAYER_SET);
    assert_string_equal(fc_tree_find(last_tree, "sites.a.power")->set->key->text, "power");
}

static void later_sets_win(void **state)
{
    fixture *f = *state;
    assert_string_equal(resolved_text(f, "a: 1\n", NULL, NAMES("a=2", "a=3", "b=4", "b=")),
                        "a: 3\n");
}

static void wrong_sets_are_explained(void **state)
{
    fixture *f = *state;
    const char *text = "sites: {naju: {power: 1}, b: {}}\nt: {usual: 1}\n";
    assert_string_equal(
        resolved_text(f, text, NULL,
                      NAMES("sites.naju.power", "sites.naju.powr=", "sites.*.x=null", "t.usual=3",
                            "sites.najoo.power=3")),
        "--set:1:1: write --set PATH=VALUE instead of 'sites.naju.power' [E350]\n"
        "--set:1:1: sites.naju.powr: 'powr' is set to nothing, which deletes it, but there is "
        "nothing of that name to delete; did you mean 'power'? [E342]\n"
        "--set:1:1: sites.naju.x: 'x' is set to nothing, which deletes it, but there is nothing of "
        "that name to delete [E341]\n"
        "--set:1:1: 't' is one value and is set as a whole, so there is no 't.usual' [E343]\n"
        "--set:1:1: nothing matches 'sites.najoo.power': there is no 'sites.najoo'; did you mean "
        "'sites.naju'? [E357]\n");
    resolved_text(f, text, NULL, NAMES("sites.naju.x={a: 1}}"));
    assert_int_equal(fc_diag_size(f->diag), 1);
    fc_place place = fc_diag_place(f->diag, 0); /* at the second brace of the value */
    assert_string_equal(place.file, "--set");
    assert_int_equal(place.line, 1);
    assert_int_equal(place.column, 20);
}

static void a_delete_takes_what_is_there(void **state)
{
    fixture *f = *state;
    assert_string_equal(
        resolved_text(f, "m: {a: {x: 1, y: 1}, b: {y: 2}}\n", NULL, NAMES("m.*.x=")),
        "m.a.y: 1\nm.b.y: 2\n");
}

/* --- policies ----------------------------------------------------------------------------- */

#define POLICIES                                                                                   \
    "m: {a: {x: 1, kind: old}, b: {x: 2, kind: new}}\n"                                            \
    "policies:\n"                                                                                  \
    "  fast: {set: {'m[kind=new].x': {usual: 9}, 'm.*.y': {p: 1}}}\n"                              \
    "  slow: {title: slow, set: {m.b.x: 8}}\n"                                                     \
    "  dated: {at: 2026-01-01, set: {m.a.x: 7}}\n"                                                 \
    "  risky: {probability: 50 %, set: {m.a.x: 6}}\n"                                              \
    "shocks: {crash: {at: 2027-01-01, scale: {m.a.x: 0.1}}}\n"

/* The part of a dump that policies change. */
static const char *changed(const char *dump)
{
    static char out[1024];
    const char *policies = strstr(dump, "policies."), *active = strstr(dump, "active:");
    if (!policies) return dump;
    snprintf(out, sizeof out, "%.*s%s", (int)(policies - dump), dump, active ? active : "");
    return out;
}

static void static_policies_are_layers(void **state)
{
    fixture *f = *state;
    const char *text = POLICIES "active: [fast, dated]\n";
    assert_string_equal(changed(resolved_text(f, text, NULL, NULL)), "m.a.x: 1\n"
                                                                     "m.a.kind: old\n"
                                                                     "m.a.y.p: 1\n"
                                                                     "m.b.x: {usual: 9}\n"
                                                                     "m.b.kind: new\n"
                                                                     "m.b.y.p: 1\n"
                                                                     "active: [dated]\n");
    const fc_setting *set = fc_tree_find(last_tree, "m.b.x")->set;
    assert_int_equal(set->layer->kind, FC_LAYER_POLICY);
    assert_string_equal(set->layer->name, "fast");
    assert_int_equal(set->value->line, 3);
    assert_int_equal(last_tree->applied_count, 1);
    assert_string_equal(last_tree->applied[0], "fast");
}

static void with_adds_and_order_decides(void **state)
{
    fixture *f = *state;
    const char *text = POLICIES "active: [slow]\n";
    assert_string_equal(
        changed(resolved_text(f, text, NAMES("fast", "crash", "slow", "risky"), NULL)),
        "m.a.x: 1\nm.a.kind: old\nm.a.y.p: 1\n"
        "m.b.x: {usual: 9}\nm.b.kind: new\nm.b.y.p: 1\n"
        "active: [crash, risky]\n");
    assert_int_equal(last_tree->applied_count, 2);
    /* --set has the last word, except where it says what the policies are */
    assert_string_equal(changed(resolved_text(f, text, NULL, NAMES("m.b.x=5"))),
                        "m.a.x: 1\nm.a.kind: old\nm.b.x: 5\nm.b.kind: new\n");
    assert_string_equal(
        changed(resolved_text(
            f, text, NULL,
            NAMES("m.b.y=5", "policies.slow.set.\"m.b.x\"=4", "active=[slow, dated]"))),
        "m.a.x: 1\nm.a.kind: old\nm.b.x: 4\nm.b.kind: new\nm.b.y: 5\nactive: [dated]\n");
    assert_string_equal(changed(resolved_text(f, text, NULL, NAMES("active=[]"))),
                        "m.a.x: 1\nm.a.kind: old\nm.b.x: 2\nm.b.kind: new\n");
}

static void wrong_activation_is_explained(void **state)
{
    fixture *f = *state;
    const char *text = "policies: {faster: {}, both: {}}\nshocks: {both: {at: 1}}\n"
                       "active: [fasterr, both, zzz]\n";
    assert_string_equal(
        resolved_text(f, text, NAMES("bothh"), NULL),
        "s.yaml:3:10: active: there is no policy or shock 'fasterr'; did you mean 'faster'? "
        "[E353]\n"
        "s.yaml:3:19: active: 'both' is the name of a policy and of a shock: rename one of them "
        "[E354]\n"
        "s.yaml:3:25: active: there is no policy or shock 'zzz' [E352]\n"
        "--with: active: there is no policy or shock 'bothh'; did you mean 'both'? [E353]\n");
    static const char *const wrong[] = {"active: faster\n", "active: {a: 1}\n", "active: [[a]]\n",
                                        "active: [~]\n"};
    for (size_t i = 0; i < 4; i++) {
        resolved_text(f, wrong[i], NULL, NULL);
        assert_int_equal(fc_diag_code(f->diag, 0), FC_E_ACTIVE_FORM);
        assert_int_equal(fc_diag_size(f->diag), 1);
    }
    assert_string_equal(
        resolved_text(f, "fleets: {a: 1}\npolicies: {p: {set: {flets.b: 2}}}\nactive: [p]\n", NULL,
                      NULL),
        "s.yaml:2:22: nothing matches 'flets.b': there is no 'flets'; did you mean 'fleets'? "
        "[E357]\n");
}

/* --- limits ------------------------------------------------------------------------------- */

static void growth_is_bounded(void **state)
{
    fixture *f = *state;
    fc_text text = FC_TEXT_EMPTY; /* 2,000 things, each to get 2,000 */
    fc_text_add(&text, "m:\n");
    for (int i = 0; i < 2000; i++) fc_text_printf(&text, "  k%d: {x: 1}\n", i);
    fc_text_add(&text, "policies: {p: {set: {m.*.y: {");
    for (int i = 0; i < 2000; i++) fc_text_printf(&text, "%sk%d: 1", i ? ", " : "", i);
    fc_text_add(&text, "}}}}\nactive: [p]\n");
    resolved_text(f, text.data, NULL, NULL);
    assert_int_equal(fc_diag_first(f->diag), FC_E_TREE_LIMIT);
    assert_int_equal(fc_diag_errors(f->diag), 1);
    fc_text_clear(&text); /* 20,000 searches through as many members */
    fc_text_add(&text, "m: {");
    for (int i = 0; i < 20000; i++) fc_text_printf(&text, "k%d: {}, ", i);
    fc_text_add(&text, "z: {a: 1}}\npolicies: {p: {set: {");
    for (int i = 0; i < 20000; i++) fc_text_printf(&text, "'m[a=1].k%d': 1, ", i);
    fc_text_add(&text, "}}}\nactive: [p]\n");
    resolved_text(f, text.data, NULL, NULL);
    assert_int_equal(fc_diag_first(f->diag), FC_E_TREE_LIMIT);
    fc_text_clear(&text);
    fc_text_add(&text, "a"); /* a path that no tree could hold */
    for (int i = 0; i < 200; i++) fc_text_add(&text, ".grid");
    fc_text_add(&text, "=1");
    resolved_text(f, "a: {x: 1}\n", NULL, NAMES(text.data));
    assert_int_equal(fc_diag_first(f->diag), FC_E_TREE_LIMIT);
    fc_text_free(&text);
}

static void large_maps_stay_quick(void **state)
{
    fixture *f = *state;
    fc_text text = FC_TEXT_EMPTY;
    for (int i = 0; i < 90000; i++) fc_text_printf(&text, "k%d: %d\n", i, i);
    write_file("base.yaml", text.data);
    fc_text_clear(&text);
    fc_text_add(&text, "extends: base.yaml\n");
    for (int i = 0; i < 90000; i += 2) fc_text_printf(&text, "k%d:\n", i);
    write_file("s.yaml", text.data);
    fc_text_free(&text);
    resolved_file(f, "s.yaml");
    assert_int_equal(last_tree->root->count, 45000);
    for (int i = 0; i < 90000; i += 997) {
        char name[16];
        snprintf(name, sizeof name, "k%d", i);
        const fc_entry *e = fc_entry_child(last_tree->root, name);
        assert_int_equal(e != NULL, i % 2);
        if (e) assert_string_equal(fc_entry_value(e)->text, name + 1);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(maps_merge_and_values_replace),
        TEST(kinds_replace_each_other),
        TEST(null_deletes),
        TEST(deleting_nothing_is_an_error),
        TEST(settings_remember_what_they_replaced),
        TEST(parents_come_left_to_right_depth_first),
        TEST(a_diamond_is_laid_once),
        TEST(wide_diamonds_take_no_time),
        TEST(cycles_are_named),
        TEST(chains_end_at_their_limit),
        TEST(wrong_parents_are_explained),
        TEST(sets_come_last_and_know_their_columns),
        TEST(later_sets_win),
        TEST(wrong_sets_are_explained),
        TEST(a_delete_takes_what_is_there),
        TEST(static_policies_are_layers),
        TEST(with_adds_and_order_decides),
        TEST(wrong_activation_is_explained),
        TEST(growth_is_bounded),
        TEST(large_maps_stay_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
