/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "cli/cli.h"

static const fc_command *const commands[] = {
    &fc_command_run,      &fc_command_sweep, &fc_command_merge,  &fc_command_compare,
    &fc_command_validate, &fc_command_show,  &fc_command_replay, &fc_command_export,
    &fc_command_status,   &fc_command_data,  &fc_command_schema, &fc_command_init,
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

#define ABOUT                                                                                               \
    FC_BOTH("fleetcast " FC_VERSION ": simulates national GPU fleets event by event\n\n"                    \
            "Usage: fleetcast COMMAND [OPTION...] [ARGUMENT...]\n\n",                                       \
            "fleetcast " FC_VERSION ": 국가의 GPU 보유 규모를 사건 단위로 모의합니다\n\n" \
            "사용법: fleetcast 명령 [옵션...] [인수...]\n\n")
#define EXIT_CODES                                                                                                     \
    FC_BOTH(                                                                                                           \
        "\nfleetcast COMMAND --help tells more. Exit codes: 0 done, 1 internal error, 2 wrong\n"                       \
        "usage, 3 invalid scenario, 4 file or database, 5 some replications failed, 6 a stated\n"                      \
        "check failed, 8 stopped before the end or parts missing.\n",                                                  \
        "\n자세한 설명: fleetcast 명령 --help. 종료 코드: 0 정상, 1 내부 오류, 2 사용법 오류,\n" \
        "3 시나리오 오류, 4 파일·데이터베이스 오류, 5 일부 모의 실패, 6 검사 실패, 8 "      \
        "중단되었거나 빠진 부분 있음\n")

static char help_option[] = "--help";

static void print_help(FILE *out)
{
    fc_lang lang = fc_cli_locale();
    fc_text text = FC_TEXT_EMPTY;
    fc_text_add_in(&text, ABOUT, lang);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fc_text_printf(&text, "  %-9s ", commands[i]->name);
        fc_text_add_in(&text, commands[i]->summary, lang);
        fc_text_add(&text, "\n");
    }
    fc_text_add_in(&text, EXIT_CODES, lang);
    if (!fc_text_failed(&text)) fputs(text.data, out);
    fc_text_free(&text);
}

static int unknown_command(const char *name)
{
    const char *nearest = NULL;
    bool ko = fc_cli_locale() == FC_LANG_KO;
    size_t best = 3;
    for (size_t i = 0; i < N_COMMANDS; i++) {
        size_t distance = fc_text_distance(name, commands[i]->name, 2);
        if (distance < best) {
            best = distance;
            nearest = commands[i]->name;
        }
    }
    fprintf(stderr, ko ? "fleetcast: '%s' 명령은 없습니다" : "fleetcast: there is no command '%s'",
            name);
    if (nearest) fprintf(stderr, ko ? ". 혹시 '%s'?" : "; did you mean '%s'?", nearest);
    fprintf(stderr, ko ? "\n도움말: fleetcast --help\n" : "\nTry fleetcast --help.\n");
    return 2;
}

static int run_command(const fc_command *command, int argc, char **argv,
                       const struct fc_engine *engine)
{
    fc_cli cli = {.lang = fc_cli_locale(), .diag = fc_diag_create(), .engine = engine};
    const char *no_color = getenv("NO_COLOR");
    cli.color = isatty(STDOUT_FILENO) && !(no_color && *no_color);
    if (!cli.diag) {
        fprintf(stderr, "fleetcast: %s\n", fc_error_text(FC_E_NOMEM, cli.lang));
        return 1;
    }
    fc_cli_parse(command, argc, argv, &cli);
    int ret = command->run(&cli);
    if (ret && fc_diag_errors(cli.diag) == 0 && !cli.reported) fc_fail(cli.diag, ret, NULL, NULL);
    fc_cli_report(&cli);
    fc_diag_free(cli.diag);
    return fc_exit_code(ret);
}

int fc_cli_main(int argc, char **argv, const struct fc_engine *engine)
{
    signal(SIGPIPE, SIG_IGN); /* a closed pipe ends the writing, not the program */
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "-?") == 0 ||
        strcmp(name, "help") == 0) {
        if (argc < 3 || strcmp(name, "help") != 0) {
            print_help(stdout);
            return 0;
        }
        name = argv[2];
        argv[2] = help_option;
    } else if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("fleetcast %s\n", FC_VERSION);
        return 0;
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(name, commands[i]->name) == 0)
            return run_command(commands[i], argc - 1, argv + 1, engine);
    return unknown_command(name);
}
