/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include "base/text.h"
#include "cli/cli.h"
#include "store/store.h"

enum { DIGEST };

static const struct argp_option options[] = {
    {"digest", FC_CLI_OWN + DIGEST, NULL, 0,
     "Print the SHA-256 of the canonical dump: equal for equal results", 0},
    {0}};

static void head(fc_text *out, const fc_cli *cli, size_t width)
{
    const char *const cells[] = {
        FC_SAY(cli, "replications", "모의 횟수"),
        FC_SAY(cli, "failed", "실패"),
        FC_SAY(cli, "seed", "시드"),
    };
    static const int widths[] = {14, 10, 12};
    const char *first = FC_SAY(cli, "run", "실행");
    fc_text_printf(out, "%s%*s", first, (int)(width - fc_text_width(first)), "");
    for (size_t i = 0; i < 3; i++)
        fc_text_printf(out, "%*s%s", widths[i] - (int)fc_text_width(cells[i]), "", cells[i]);
    fc_text_printf(out, "  %s\n", FC_SAY(cli, "scenario hash", "시나리오 해시"));
}

static int list_runs(fc_cli *cli, fc_store *store, fc_arena *arena)
{
    fc_run_info *runs;
    size_t n, width = 8;
    int ret = fc_store_runs(store, arena, cli->diag, &runs, &n);
    if (ret) return ret;
    for (size_t i = 0; i < n; i++)
        if (fc_text_width(runs[i].name) > width) width = fc_text_width(runs[i].name);
    fc_text out = FC_TEXT_EMPTY;
    if (n == 0)
        fc_text_add(&out, FC_SAY(cli, "no runs\n", "실행 기록 없음\n"));
    else
        head(&out, cli, width);
    for (size_t i = 0; i < n; i++)
        fc_text_printf(&out, "%s%*s  %12" PRId64 "  %8" PRId64 "  %10s  %.12s\n", runs[i].name,
                       (int)(width - fc_text_width(runs[i].name)), "", runs[i].replications,
                       runs[i].failures, runs[i].seed, runs[i].hash);
    ret = fc_text_failed(&out) ? FC_E_NOMEM : fc_cli_write(cli, out.data);
    fc_text_free(&out);
    return ret;
}

static int run(fc_cli *cli)
{
    fc_store *store = NULL;
    fc_arena *arena = fc_arena_create();
    int ret = arena ? fc_store_open(cli->args[0], FC_STORE_READ, cli->diag, &store) : FC_E_NOMEM;
    if (!ret && cli->own[DIGEST]) {
        char hex[66];
        if (!(ret = fc_store_digest(store, cli->diag, hex))) {
            hex[64] = '\n';
            hex[65] = '\0';
            ret = fc_cli_write(cli, hex);
        }
    } else if (!ret) {
        ret = list_runs(cli, store, arena);
    }
    fc_store_close(store);
    fc_arena_free(arena);
    return ret;
}

const fc_command fc_command_status = {
    .name = "status",
    .arguments = "RESULTS.DB",
    .summary = "say what a results database holds, or print its digest",
    .doc = "May be used while a run is writing to the database.",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
