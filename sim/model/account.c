/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/account.h"

#include <math.h>
#include <stddef.h>

#include "fleetcast/error.h"

/* Moves money between two parts (`from` NULL: it comes from outside). */
static int move(int64_t *from, int64_t *to, int64_t amount)
{
    if (amount < 0 || *to > FC_ACCOUNT_LIMIT - amount) return FC_E_LEDGER;
    if (from != NULL) {
        if (*from < amount) return FC_E_LEDGER;
        *from -= amount;
    }
    *to += amount;
    return FC_OK;
}

int fc_account_release(fc_account *account, int64_t amount)
{
    int ret = move(NULL, &account->released, amount);

    if (ret != FC_OK) return ret;
    account->free += amount; /* at most `released`, so within the limit */
    return FC_OK;
}

int fc_account_commit(fc_account *account, int64_t amount)
{
    return move(&account->free, &account->committed, amount);
}

int fc_account_pay(fc_account *account, int64_t amount)
{
    return move(&account->committed, &account->paid, amount);
}

int fc_account_cancel(fc_account *account, int64_t amount)
{
    return move(&account->committed, &account->free, amount);
}

int fc_account_lapse(fc_account *account, int64_t amount)
{
    return move(&account->free, &account->lapsed, amount);
}

bool fc_account_balances(const fc_account *a)
{
    return a->free >= 0 && a->committed >= 0 && a->paid >= 0 && a->lapsed >= 0 &&
           a->released == a->paid + a->committed + a->free + a->lapsed;
}

int fc_money(double amount, int minor_digits, int64_t *out)
{
    double minor = rint(amount * pow(10.0, minor_digits));

    if (!(minor >= 0.0 && minor <= (double)FC_ACCOUNT_LIMIT)) return FC_E_DOMAIN;
    *out = (int64_t)minor;
    return FC_OK;
}

double fc_money_major(int64_t amount, int minor_digits)
{
    return (double)amount / pow(10.0, minor_digits);
}

int64_t fc_share_of(int64_t amount, int64_t part, int64_t whole)
{
    __extension__ typedef __int128 wide;

    return (int64_t)((wide)amount * part / whole);
}
