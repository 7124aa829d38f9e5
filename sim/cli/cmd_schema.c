/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "scenario/experiment_file.h"
#include "scenario/reference.h"
#include "scenario/schema_json.h"

enum { MARKDOWN, EXPERIMENT };

static const struct argp_option options[] = {
    {"markdown", FC_CLI_OWN + MARKDOWN, NULL, 0,
     FC_BOTH("Print the reference of all keys instead", "대신 모든 키의 설명서를 출력"), 0},
    {"experiment", FC_CLI_OWN + EXPERIMENT, NULL, 0,
     FC_BOTH("Of experiment files (fleetcast sweep)", "실험 파일(fleetcast sweep)의 스키마"), 0},
    {0}};

static int run(fc_cli *cli)
{
    fc_text text = FC_TEXT_EMPTY;
    bool experiment = cli->own[EXPERIMENT] != NULL;
    int ret = !cli->own[MARKDOWN]
                  ? fc_schema_json(experiment ? &fc_section_experiment : &fc_section_root, &text)
              : experiment ? fc_experiment_reference(&text)
                           : fc_scenario_reference(&text);
    if (!ret) ret = fc_text_failed(&text) ? FC_E_NOMEM : fc_cli_write(cli, text.data);
    fc_text_free(&text);
    return ret;
}

const fc_command fc_command_schema = {
    .name = "schema",
    .arguments = "",
    .summary = FC_BOTH("print the JSON Schema of scenarios or experiments, for editors",
                       "편집기용 JSON 스키마를 출력"),
    .doc = FC_BOTH("With a YAML language server, an editor completes and checks a scenario whose "
                   "first line is '# yaml-language-server: $schema=FILE'.",
                   "YAML 언어 서버를 쓰는 편집기는 첫 줄이 '# yaml-language-server: "
                   "$schema=FILE'인 시나리오를 자동 완성하고 검사합니다."),
    .max_args = 0,
    .options = options,
    .run = run,
};
