/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scenarios that mean harm, or are merely huge: each works or ends with an error, soon. */
#include "scenario_helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/text.h"

/* Seconds of processor time. Each text takes less than one on an idle core; a core that is shared
 * is slower, and what grows with the square of the text takes minutes. */
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
static const double LIMIT = 20;
#elif defined(__has_feature)
static const double LIMIT = 20; /* clang: perhaps with a sanitizer */
#else
static const double LIMIT = 4;
#endif

#define CATALOGUE                                                                                  \
    START "world:\n"                                                                               \
          "  currencies: {KRW: {per_usd: 1400 KRW/USD}}\n"                                         \
          "  accelerators: {h100: {per_server: 8, server_power: 10 kW, bf16_dense: 989 TFLOPS, "   \
          "price: 30000 USD}}\n"
#define MONEY                                                                                      \
    CATALOGUE "fleets:\n  k:\n    budgets: {m: {amount: 1 tn KRW, enacted: 2025-01-01}}\n"         \
              "    programmes:\n"
#define PROGRAMME "      p: {pays_from: m, mix: {h100: 100 %}, "

/* `head`, then `item` with 0 .. n-1 for each %d, then `tail`. */
typedef struct recipe {
    const char *name, *head, *item;
    int n;
    const char *tail;
    int code;
} recipe;

static void add_item(fc_text *out, const char *item, int i)
{
    for (const char *p = item; *p; p++)
        if (p[0] == '%' && p[1] == 'd') {
            fc_text_printf(out, "%d", i);
            p++;
        } else {
            fc_text_addn(out, p, 1);
        }
}

static char *cook(const recipe *r, size_t *length)
{
    fc_text text = FC_TEXT_EMPTY;
    fc_text_add(&text, r->head);
    for (int i = 0; i < r->n; i++) add_item(&text, r->item, i);
    fc_text_add(&text, r->tail);
    *length = text.length;
    return fc_text_take(&text);
}

static void try_text(const char *name, const char *text, size_t length, int code)
{
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    clock_t start = clock();
    int ret = text ? fc_scenario_load_text("hostile", text, length, NULL, diag, &scenario)
                   : fc_scenario_load(name, NULL, diag, &scenario);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (ret != code) fail_msg("%s: error %d, not %d", name, ret, code);
    if (seconds > LIMIT) fail_msg("%s: %.1f s", name, seconds);
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *message = fc_diag_text(diag, i, FC_LANG_KO);
        assert_non_null(message);
        if (strlen(message) > 10000) fail_msg("%s: a message of %zu bytes", name, strlen(message));
        free(message);
    }
    fc_scenario_free(scenario);
    fc_diag_free(diag);
}

static void test_recipes(void **state)
{
    static const recipe recipes[] = {
        {"a number of 401 digits", START "seed: 1", "0", 400, "\n", FC_E_VALUE_NUMBER},
        {"a number of a million digits", START "seed: ", "9", 1000000, "\n", FC_E_VALUE_NUMBER},
        {"1e400", MONEY PROGRAMME "service_life: 1e400 years}\n", "", 0, "", FC_E_VALUE_LIMIT},
        {"-1e400", MONEY PROGRAMME "service_life: -1e400 years}\n", "", 0, "", FC_E_VALUE_LIMIT},
        {"a key of a million letters", START, "k", 1000000, ": 1\n", FC_E_TEXT_INDENT},
        {"a quoted key of a million letters", START "? \"", "k", 1000000, "\"\n: 1\n",
         FC_E_KEY_UNKNOWN_LIST},
        {"a unit of a million letters", MONEY PROGRAMME "install: 3 ", "x", 1000000, "}\n",
         FC_E_VALUE_NUMBER},
        {"a path of a million names", MONEY PROGRAMME "}\nheadline: ", "a.", 500000, "b\n",
         FC_E_HEADLINE},
        {"a target of a million names",
         MONEY PROGRAMME "}\nshocks: {a: {at: 2026-01-01, set: {? \"", "a.", 500000, "b\" : 1}}}\n",
         FC_E_TREE_LIMIT},
        {"a long name with many sites",
         CATALOGUE
         "fleets:\n  ? \"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
         "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\"\n  : sites:\n",
         "      s%d: {}\n", 50000, "", FC_E_NAME},
        {"maps 200,000 deep", START "fleets: ", "{a: ", 200000, "", FC_E_DOC_LIMIT},
        {"lists 200,000 deep", START "fleets: ", "[", 200000, "", FC_E_DOC_LIMIT},
        {"50,000 fleets", START "fleets:\n", "  f%d: {}\n", 50000, "", FC_OK},
        {"39,000 fleets that refer", CATALOGUE "fleets:\n", "  f%d: {currency: KRW}\n", 39000, "",
         FC_OK},
        {"60,000 wrong fleets", START "fleets:\n", "  f%d: 5\n", 60000, "", FC_E_KEY_KIND},
        {"100,000 sites", CATALOGUE "fleets:\n  k:\n    sites:\n", "      s%d: {}\n", 100000, "",
         FC_E_DOC_LIMIT},
        {"60,000 empty sites", CATALOGUE "fleets:\n  k:\n    sites:\n", "      s%d: {}\n", 60000,
         "", FC_E_KEY_MISSING},
        {"15,000 sites", CATALOGUE "fleets:\n  k:\n    sites:\n",
         "      s%d: {design_pue: 1.3, phases: {p: {power: 1 MW, start: 2026-01-01}}}\n", 15000, "",
         FC_OK},
        {"20,000 programmes", MONEY, "      p%d: {pays_from: m, mix: {h100: 100 %}}\n", 20000, "",
         FC_OK},
        {"100,000 wrong references", MONEY PROGRAMME "host: [", "x%d, ", 100000, "x]}\n",
         FC_E_REFERENCE_NONE},
        {"90,000 models", MONEY "      p: {pays_from: m, mix: {", "a%d: 1 %, ", 90000, "b: 1 %}}\n",
         FC_E_REFERENCE_LIST},
        {"39,000 currencies", START "world:\n  currencies:\n", "    C%d: {per_usd: 1 KRW/USD}\n",
         39000, "fleets: {}\n", FC_E_REFERENCE_LIST},
        {"a chain of same_as", MONEY,
         "      p%d: {pays_from: m, mix: {h100: 100 %}, install: {same_as: p%d}}\n", 14000, "",
         FC_E_SAME_AS},
        {"a sample of 100,000", MONEY PROGRAMME "install: {varies: {sample: [", "1 day, ", 100000,
         "1 day]}}}\n", FC_OK},
        {"100,000 review dates",
         MONEY PROGRAMME "}\nshocks: {a: {when: {metric: gpus_in_service, fleet: k, is: below, "
                         "threshold: 1, reviewed: [",
         "2026-01-01, ", 100000, "2026-01-01]}}}\n", FC_OK},
        {"10,000 policies with wildcards", MONEY PROGRAMME "}\npolicies:\n",
         "  q%d: {at: 2026-01-01, scale: {\"fleets.*.programmes.*.install\": 2}}\n", 10000, "",
         FC_OK},
        {"8,000 correlations", MONEY PROGRAMME "}\ncorrelate: [",
         "{between: [a, b], correlation: 0.1}, ", 8000, "]\n", FC_E_KEY_KIND},
    };
    (void)state;
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
        size_t length;
        char *text = cook(&recipes[i], &length);
        assert_non_null(text);
        try_text(recipes[i].name, text, length, recipes[i].code);
        free(text);
    }
}

/* Wildcards multiply: 8,000 policies in force, each for each of 2,000 programmes. */
static void test_wildcards_in_force(void **state)
{
    fc_text text = FC_TEXT_EMPTY;
    (void)state;
    fc_text_add(&text, MONEY);
    for (int i = 0; i < 2000; i++)
        fc_text_printf(&text, "      p%d: {pays_from: m, mix: {h100: 100 %%}}\n", i);
    fc_text_add(&text, "policies:\n");
    for (int i = 0; i < 8000; i++)
        fc_text_printf(
            &text, "  q%d: {at: 2026-01-01, scale: {\"fleets.*.programmes.*.install\": 2}}\n", i);
    fc_text_add(&text, "active: [q0");
    for (int i = 1; i < 8000; i++) fc_text_printf(&text, ", q%d", i);
    fc_text_add(&text, "]\n");
    assert_false(fc_text_failed(&text));
    try_text("wildcards", text.data, text.length, FC_E_TREE_LIMIT);
    fc_text_free(&text);
}

static void test_alias_bomb(void **state)
{
    static const char bomb[] = "a: &a [x,x,x,x,x,x,x,x,x]\n"
                               "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                               "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                               "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
                               "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
                               "g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n";
    (void)state;
    try_text("an alias bomb", bomb, strlen(bomb), FC_E_DOC_LIMIT);
}

static void test_bytes(void **state)
{
    static const char nul[] = START "title: a\0b\n";
    char *big = malloc(100 * 1024 * 1024);
    (void)state;
    try_text("a NUL", nul, sizeof nul - 1, FC_E_TEXT_CONTROL);
    try_text("nothing", "", 0, FC_E_DOC_EMPTY);
    assert_non_null(big);
    memset(big, 'x', 100 * 1024 * 1024);
    try_text("100 MB", big, 100 * 1024 * 1024, FC_E_DOC_LIMIT);
    free(big);
}

static void test_files(void **state)
{
    (void)state;
    try_text("/", NULL, 0, FC_E_DOC_FILE);
    try_text("/no/such/file.yaml", NULL, 0, FC_E_DOC_FILE);
    try_text("", NULL, 0, FC_E_DOC_FILE);
    try_text("/dev/zero", NULL, 0, FC_E_DOC_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recipes),    cmocka_unit_test(test_wildcards_in_force),
        cmocka_unit_test(test_alias_bomb), cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_files),
    };
    return cmocka_run_group_tests_name("hostile scenarios", tests, NULL, NULL);
}
