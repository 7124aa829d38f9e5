/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tree_helper.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "scenario/tree_print.h"

const fc_tree *last_tree;

static bool is_atomic(const char *const *path, size_t depth, const fc_node *value)
{
    (void)path;
    assert_true(depth > 0);
    return fc_node_get(value, "usual") || fc_node_get(value, "value");
}

static bool is_group(const char *const *path, size_t depth)
{
    return !strcmp(path[depth - 1], "grid");
}

const fc_tree_schema test_schema = {is_atomic, is_group};

int fixture_open(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->arena = fc_arena_create();
    f->diag = fc_diag_create();
    f->home = open(".", O_RDONLY | O_DIRECTORY);
    assert_true(f->arena && f->diag && f->home >= 0);
    strcpy(f->folder, "/tmp/fleetcast-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    assert_int_equal(chdir(f->folder), 0);
    last_tree = NULL;
    *state = f;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

int fixture_close(void **state)
{
    fixture *f = *state;
    assert_int_equal(fchdir(f->home), 0);
    close(f->home);
    nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    fc_diag_free(f->diag);
    fc_arena_free(f->arena);
    free(f);
    return 0;
}

void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static const char *keep(fixture *f, fc_text *text)
{
    fc_text_addn(text, "", 0);
    const char *kept = fc_arena_strdup(f->arena, text->data);
    fc_text_free(text);
    assert_non_null(kept);
    return kept;
}

const char *dump(fixture *f, const fc_tree *tree)
{
    fc_text out = FC_TEXT_EMPTY;
    for (const fc_entry *e = tree->root; e; e = fc_entry_next(tree->root, e)) {
        if (e->first || e == tree->root) continue;
        fc_text_printf(&out, "%s: ", fc_entry_path(f->arena, e));
        if (e->is_map)
            fc_text_add(&out, "{}");
        else
            fc_node_format(fc_entry_value(e), &out);
        fc_text_add(&out, "\n");
    }
    return keep(f, &out);
}

const char *messages(fixture *f, fc_lang lang)
{
    fc_text out = FC_TEXT_EMPTY;
    for (size_t i = 0; i < fc_diag_size(f->diag); i++) {
        char *text = fc_diag_text(f->diag, i, lang);
        assert_non_null(text);
        fc_text_printf(&out, "%s\n", text);
        free(text);
    }
    return keep(f, &out);
}

static const char *finish(fixture *f, int ret)
{
    assert_int_equal(ret, fc_diag_first(f->diag));
    assert_true((ret == FC_OK) == (last_tree != NULL));
    return ret ? messages(f, FC_LANG_EN) : dump(f, last_tree);
}

static size_t length_of(const char *const *list)
{
    size_t n = 0;
    while (list && list[n]) n++;
    return n;
}

const char *resolved_text(fixture *f, const char *text, const char *const *with,
                          const char *const *sets)
{
    const fc_layer_options options = {.with = with,
                                      .with_count = length_of(with),
                                      .sets = sets,
                                      .sets_count = length_of(sets),
                                      .schema = &test_schema};
    fc_diag_clear(f->diag);
    return finish(f, fc_layers_resolve_text(f->arena, "s.yaml", text, strlen(text), &options,
                                            f->diag, &last_tree));
}

const char *resolved_file(fixture *f, const char *path)
{
    const fc_layer_options options = {.schema = &test_schema};
    fc_diag_clear(f->diag);
    return finish(f, fc_layers_resolve(f->arena, path, &options, f->diag, &last_tree));
}
