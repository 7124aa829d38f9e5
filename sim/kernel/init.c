/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/init.h"

#include <gsl/gsl_errno.h>

void fc_kernel_init(void)
{
    gsl_set_error_handler_off();
}
