/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "scenario/reference.h"
#include "scenario/schema_json.h"

enum { MARKDOWN };

static const struct argp_option options[] = {
    {"markdown", FC_CLI_OWN + MARKDOWN, NULL, 0, "Print the scenario reference instead", 0}, {0}};

static int run(fc_cli *cli)
{
    fc_text text = FC_TEXT_EMPTY;
    int ret = cli->own[MARKDOWN] ? fc_scenario_reference(&text) : fc_scenario_schema_json(&text);
    if (!ret) ret = fc_text_failed(&text) ? FC_E_NOMEM : fc_cli_write(cli, text.data);
    fc_text_free(&text);
    return ret;
}

const fc_command fc_command_schema = {
    .name = "schema",
    .arguments = "",
    .summary = "print the JSON Schema of scenarios, for editors",
    .doc =
        "With a YAML language server, an editor completes and checks a scenario whose first line "
        "is '# yaml-language-server: $schema=FILE'.",
    .max_args = 0,
    .options = options,
    .run = run,
};
