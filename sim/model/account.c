/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/account.h"

#include <math.h>
#include <stddef.h>

#include "fleetcast/error.h"

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whether so much can be added to what has come in. */
static bool fits(const fc_account *a, int64_t amount)
{
    return amount >= 0 && a->released <= FC_ACCOUNT_LIMIT - amount &&
           a->received <= FC_ACCOUNT_LIMIT - amount && a->topped_up <= FC_ACCOUNT_LIMIT - amount;
}

/* Free money covers what is ahead, and pays what is due. */
static void settle(fc_account *a)
{
    int64_t covered = smaller(a->free, a->ahead), paid = 0;

    a->free -= covered;
    a->ahead -= covered;
    a->committed += covered;
    paid = smaller(a->committed, a->due);
    a->committed -= paid;
    a->due -= paid;
    a->paid += paid;
}

int fc_account_release(fc_account *account, int64_t amount)
{
    if (!fits(account, amount)) return FC_E_LEDGER;
    account->released += amount;
    account->free += amount;
    settle(account);
    return FC_OK;
}

int fc_account_receive(fc_account *account, int64_t amount)
{
    if (!fits(account, amount)) return FC_E_LEDGER;
    account->received += amount;
    account->free += amount;
    settle(account);
    return FC_OK;
}

int fc_account_commit(fc_account *account, int64_t amount, int64_t ceiling)
{
    int64_t covered = smaller(account->free, amount);

    if (amount < 0) return FC_E_LEDGER;
    if (amount > covered &&
        (account->ahead > ceiling || amount - covered > ceiling - account->ahead))
        return FC_E_LEDGER;
    account->free -= covered;
    account->committed += covered;
    account->ahead += amount - covered;
    return FC_OK;
}

int fc_account_cancel(fc_account *account, int64_t amount)
{
    /* What is due stays due: only the rest of what is ahead can be cancelled. */
    int64_t ahead = smaller(account->ahead - account->due, amount);

    if (amount < 0 || amount - ahead > account->committed) return FC_E_LEDGER;
    account->ahead -= ahead;
    account->committed -= amount - ahead;
    account->free += amount - ahead;
    settle(account);
    return FC_OK;
}

int fc_account_revalue(fc_account *account, int64_t then, int64_t now)
{
    int64_t loss = now - then, covered = 0;
    int ret = FC_OK;

    if (then < 0 || now < 0) return FC_E_LEDGER;
    if (loss < 0) {
        ret = fc_account_cancel(account, -loss);
    } else {
        covered = smaller(account->free, loss);
        if (!fits(account, loss - covered)) return FC_E_LEDGER;
        account->free -= covered;
        account->topped_up += loss - covered;
        account->committed += loss;
    }
    if (ret == FC_OK) account->exchange_loss += loss;
    return ret;
}

int fc_account_pay(fc_account *account, int64_t amount)
{
    int64_t paid = smaller(account->committed, amount);

    if (amount < 0 || amount - paid > account->ahead - account->due) return FC_E_LEDGER;
    account->committed -= paid;
    account->paid += paid;
    account->due += amount - paid;
    return FC_OK;
}

int fc_account_return(fc_account *account, int64_t amount)
{
    int64_t unpaid = smaller(account->due, amount);

    if (amount < 0 || amount - unpaid > account->paid) return FC_E_LEDGER;
    account->due -= unpaid;
    account->ahead -= unpaid;
    account->paid -= amount - unpaid;
    account->free += amount - unpaid;
    settle(account);
    return FC_OK;
}

int fc_account_lapse(fc_account *account, int64_t amount)
{
    if (amount < 0 || amount > account->free) return FC_E_LEDGER;
    account->free -= amount;
    account->lapsed += amount;
    return FC_OK;
}

bool fc_account_balances(const fc_account *a)
{
    return a->free >= 0 && a->committed >= 0 && a->paid >= 0 && a->lapsed >= 0 && a->due >= 0 &&
           a->due <= a->ahead && (a->ahead == 0 || a->free == 0) &&
           (a->due == 0 || a->committed == 0) &&
           a->released + a->received + a->topped_up == a->paid + a->committed + a->free + a->lapsed;
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
