/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "street.h"

fc_scenario *load_street(fc_text *text)
{
    fc_diag *diag = fc_diag_create();
    fc_scenario *scenario = NULL;

    if (fc_scenario_load_text("test.yaml", text->data, text->length, NULL, diag, &scenario)) {
        char *said = fc_diag_text(diag, 0, FC_LANG_EN);
        print_error("%s\n%s\n", text->data, said);
        free(said);
        fail();
    }
    fc_text_free(text);
    fc_diag_free(diag);
    return scenario;
}
