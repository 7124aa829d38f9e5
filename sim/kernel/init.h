/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Once per process, before anything else of the kernel and before any thread is started.
 */
#ifndef FC_KERNEL_INIT_H
#define FC_KERNEL_INIT_H

/* Switches off GSL's default error handler, which would abort the program. Safe to repeat. */
void fc_kernel_init(void);

#endif
