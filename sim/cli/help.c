/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/help.h"

#include <string.h>
#include "base/text.h"

enum { KEY_HELP = '?', KEY_USAGE = 0x80 };

const struct argp_option fc_help_options[] = {
    {"help", KEY_HELP, NULL, 0, FC_BOTH("Give this help list", "이 도움말을 출력"), -1},
    {"usage", KEY_USAGE, NULL, 0, FC_BOTH("Give a short usage message", "짧은 사용법을 출력"), -1},
    {0}};

void fc_help_option(int key, const struct argp_state *state)
{
    if (key == KEY_HELP) argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
    if (key == KEY_USAGE)
        argp_state_help(state, state->out_stream, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
}

char *fc_help_in(int key, const char *text, fc_lang lang)
{
    if (key == ARGP_KEY_HELP_DUP_ARGS_NOTE && lang == FC_LANG_KO)
        return strdup("긴 옵션에 필요한 값은 짧은 옵션에도 필요합니다.");
    if (!text || !strchr(text, *FC_BOTH("", ""))) return (char *)text;
    fc_text out = FC_TEXT_EMPTY;
    fc_text_add_in(&out, text, lang);
    return fc_text_take(&out);
}
