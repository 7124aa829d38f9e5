/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Wrong scenarios and what is said about them. Every file of wrong/ is loaded; its messages must be
 * those that stand below "# file" in wrong/messages.en.txt and messages.ko.txt, word for word, and
 * every error of the groups for values, layers and binding must occur.
 *
 *     test_wrong FOLDER            compares
 *     test_wrong FOLDER --write    writes the two files anew: read every message before committing
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "scenario/scenario.h"

static bool writing;
static bool seen[1000]; /* error numbers that occurred */

static int is_wrong(const struct dirent *file)
{
    const char *dot = strrchr(file->d_name, '.');
    return dot && strcmp(dot, ".yaml") == 0;
}

/* "# file" and a message a line. */
static void add_messages(const char *file, fc_lang lang, fc_text *out)
{
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;
    int ret = fc_scenario_load(file, NULL, diag, &scenario);
    fc_text_printf(out, "# %s\n", file);
    if (ret == FC_OK) fc_text_add(out, "accepted\n");
    if (ret != fc_diag_first(diag)) fc_text_printf(out, "returned %d\n", ret);
    if (fc_exit_code(ret) != 3) fc_text_printf(out, "exit code %d\n", fc_exit_code(ret));
    for (size_t i = 0; i < fc_diag_size(diag); i++) {
        char *text = fc_diag_text(diag, i, lang);
        assert_non_null(text);
        fc_text_printf(out, "%s\n", text);
        free(text);
        seen[fc_diag_code(diag, i)] = true;
    }
    fc_text_add(out, "\n");
    fc_scenario_free(scenario);
    fc_diag_free(diag);
}

static char *read_file(const char *name)
{
    fc_text text = FC_TEXT_EMPTY;
    FILE *file = fopen(name, "rb");
    char buffer[4096];
    assert_non_null(file);
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;) fc_text_addn(&text, buffer, n);
    fclose(file);
    return fc_text_take(&text);
}

static char *next_block(char *text)
{
    char *end = strstr(text, "\n\n# ");
    return end ? end + 2 : text + strlen(text);
}

static void compare(const char *name, const char *actual)
{
    char *expected = read_file(name), *now = strdup(actual);
    assert_true(expected && now);
    for (char *a = now, *e = expected; *a || *e;) {
        char *after_a = next_block(a), *after_e = next_block(e);
        char end_a = *after_a, end_e = *after_e;
        *after_a = *after_e = '\0';
        assert_string_equal(a, e);
        *after_a = end_a;
        *after_e = end_e;
        a = after_a;
        e = after_e;
    }
    free(expected);
    free(now);
}

static void check_language(fc_lang lang, const char *name)
{
    struct dirent **files;
    fc_text text = FC_TEXT_EMPTY;
    int n = scandir(".", &files, is_wrong, alphasort);
    assert_true(n >= 70);
    for (int i = 0; i < n; i++) {
        add_messages(files[i]->d_name, lang, &text);
        free(files[i]);
    }
    free(files);
    assert_false(fc_text_failed(&text));
    if (writing) {
        FILE *file = fopen(name, "w");
        assert_non_null(file);
        fputs(text.data, file);
        assert_int_equal(fclose(file), 0);
    } else {
        compare(name, text.data);
    }
    fc_text_free(&text);
}

static void test_english(void **state)
{
    (void)state;
    check_language(FC_LANG_EN, "messages.en.txt");
}

static void test_korean(void **state)
{
    (void)state;
    check_language(FC_LANG_KO, "messages.ko.txt");
}

/* What no file of the folder can bring about, with where it is tested. */
static bool tested_elsewhere(int code)
{
    static const int others[] = {
        FC_E_TREE_VALUE,  /* --set below a value: test_layers */
        FC_E_TREE_LIMIT,  /* test_hostile */
        FC_E_LAYER_DEPTH, /* test_layers */
        FC_E_LAYER_SET,   /* --set: test_layers */
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] == code) return true;
    return false;
}

static void test_every_error_occurs(void **state)
{
    static const struct {
        int code;
        const char *name;
    } rows[] = {
#define FC_X(name, number, en, ko) {number, #name},
        FC_ERRORS_VALUE(FC_X) FC_ERRORS_SCENARIO(FC_X) FC_ERRORS_BINDING(FC_X)
#undef FC_X
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!seen[rows[i].code] && !tested_elsewhere(rows[i].code))
            fail_msg("no wrong scenario brings about %s", rows[i].name);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_english),
        cmocka_unit_test(test_korean),
        cmocka_unit_test(test_every_error_occurs),
    };
    if (argc < 2 || chdir(argv[1]) != 0) {
        fprintf(stderr, "usage: test_wrong FOLDER [--write]\n");
        return 2;
    }
    writing = argc > 2 && strcmp(argv[2], "--write") == 0;
    return cmocka_run_group_tests_name("wrong scenarios", tests, NULL, NULL);
}
