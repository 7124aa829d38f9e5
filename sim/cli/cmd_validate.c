/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include "cli/cli.h"

static int run(fc_cli *cli)
{
    int ret = FC_OK;
    for (size_t i = 0; i < cli->n_args; i++) {
        fc_scenario *scenario;
        int code = fc_cli_load(cli, cli->args[i], &scenario);
        if (code) {
            fc_cli_report(cli);
            if (!ret) ret = code;
            continue;
        }
        char *text = NULL;
        if (!cli->quiet && !(code = fc_scenario_describe(scenario, cli->lang, &text)))
            code = fc_cli_write(cli, text);
        free(text);
        fc_scenario_free(scenario);
        if (code) return code;
    }
    return ret;
}

const fc_command fc_command_validate = {
    .name = "validate",
    .arguments = "SCENARIO...",
    .summary = FC_BOTH("check scenarios and say back what they mean",
                       "시나리오를 검사하고 뜻을 문장으로 풀이"),
    .doc =
        FC_BOTH("Reports every error in one pass, each with file, line, column, path, what was "
                "expected and the nearest valid name. A valid scenario is said back as sentences.",
                "모든 오류를 한 번에 알립니다. 오류마다 파일, 줄, 칸, 경로, 필요한 것, 가장 비슷한 "
                "올바른 이름이 나옵니다. 올바른 시나리오는 문장으로 풀이합니다."),
    .takes = FC_CLI_SCENARIO,
    .min_args = 1,
    .max_args = FC_CLI_MAX_ARGS,
    .run = run,
};
