/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleetcast/fleetcast.h"

const char *fc_version(void)
{
    return FC_VERSION;
}
