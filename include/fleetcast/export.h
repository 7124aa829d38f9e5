/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * FC_API marks what libfleetcast exports: all that these headers declare, and nothing else. */
#ifndef FLEETCAST_EXPORT_H
#define FLEETCAST_EXPORT_H

#define FC_API __attribute__((visibility("default")))

#endif
