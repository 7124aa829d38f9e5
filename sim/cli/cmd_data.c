/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The catalogue: the scenario layers in data/, value by value with source and certainty. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/cli.h"

enum { MAX_FILES = 256 };

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_yaml(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".yaml") == 0;
}

static bool matches(const fc_input *input, const char *pattern)
{
    return !pattern || strstr(input->path, pattern) || strstr(input->value, pattern) ||
           (input->source && strstr(input->source, pattern));
}

static void print_input(const fc_cli *cli, const fc_input *input, fc_text *out)
{
    fc_text_printf(out, "%s: %s\n", input->path, input->value);
    fc_text_printf(out, "    %s%s\n", FC_SAY(cli, "certainty: ", "확실성: "),
                   input->certainty ? input->certainty : FC_SAY(cli, "not stated", "표시 없음"));
    if (input->source)
        fc_text_printf(out, "    %s%s\n", FC_SAY(cli, "source: ", "출처: "), input->source);
    if (input->known_by)
        fc_text_printf(out, "    %s%s\n", FC_SAY(cli, "known by: ", "공개: "), input->known_by);
    if (input->note)
        fc_text_printf(out, "    %s%s\n", FC_SAY(cli, "note: ", "비고: "), input->note);
}

/* One file's values: those that match, or with no pattern how many there are. */
static int browse(fc_cli *cli, const char *folder, const char *name, const char *pattern,
                  size_t *found)
{
    char path[PATH_MAX + NAME_MAX + 2];
    fc_arena *arena = fc_arena_create();
    fc_text out = FC_TEXT_EMPTY;
    const fc_tree *tree;
    const fc_input *inputs;
    size_t n;
    fc_layer_options options = {.data = folder, .schema = &fc_scenario_schema};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int ret = arena ? fc_layers_resolve(arena, path, &options, cli->diag, &tree) : FC_E_NOMEM;
    if (!ret) ret = fc_tree_inputs(arena, tree, &inputs, &n);
    if (!ret && pattern) {
        for (size_t i = 0; i < n; i++)
            if (matches(&inputs[i], pattern)) {
                print_input(cli, &inputs[i], &out);
                ++*found;
            }
    } else if (!ret) {
        const fc_entry *models = fc_tree_find(tree, "world.accelerators");
        fc_text_printf(&out,
                       FC_SAY(cli, "%s: %zu values (extends: [data:%s])\n",
                              "%s: 값 %zu개(extends: [data:%s])\n"),
                       name, n, name);
        for (const fc_entry *e = models ? models->first : NULL; e; e = e->next)
            fc_text_printf(&out, "    %s\n", e->name);
        *found += n;
    }
    if (!ret && fc_text_failed(&out)) ret = FC_E_NOMEM;
    if (!ret && out.data) ret = fc_cli_write(cli, out.data);
    fc_text_free(&out);
    fc_arena_free(arena);
    return ret;
}

static int run(fc_cli *cli)
{
    char folder[PATH_MAX];
    const char *pattern = cli->n_args ? cli->args[0] : NULL;
    if (!fc_cli_data_folder(folder, sizeof folder))
        return fc_fail(cli->diag, FC_E_FILE_OPEN, NULL, "data/",
                       FC_BOTH("not found; set FLEETCAST_DATA",
                               "찾지 못함; FLEETCAST_DATA에 폴더를 적으십시오"),
                       NULL);
    struct dirent **files;
    int n = scandir(folder, &files, is_yaml, by_name);
    if (n < 0) return fc_fail(cli->diag, FC_E_FILE_OPEN, NULL, folder, strerror(errno), NULL);
    int ret = FC_OK;
    size_t found = 0;
    for (int i = 0; i < n; i++) {
        if (!ret) ret = browse(cli, folder, files[i]->d_name, pattern, &found);
        free(files[i]);
    }
    free(files);
    if (!ret && found == 0)
        ret = fc_fail(cli->diag, FC_E_NO_FIGURE, NULL, pattern ? pattern : "", folder, NULL);
    return ret;
}

const fc_command fc_command_data = {
    .name = "data",
    .arguments = "[PATTERN]",
    .summary = FC_BOTH("browse the catalogue: figures with sources and certainty",
                       "수치 목록을 출처·확실성과 함께 찾아보기"),
    .doc =
        FC_BOTH("Without PATTERN, lists the files and accelerators. With it, prints every value "
                "whose path, text or source contains PATTERN, for instance: fleetcast data h100.",
                "PATTERN 없이 쓰면 파일과 가속기 목록을, 함께 쓰면 경로·값·출처에 PATTERN이 들어 "
                "있는 모든 수치를 출력합니다. 예: fleetcast data h100"),
    .max_args = 1,
    .run = run,
};
