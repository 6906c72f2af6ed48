"""The sentence and the cure of each remark on a bank's file."""


def get_sentences(env):
    """``{code: (what, cure)}`` in the reader's language; values as ``%(name)s``."""
    again = env._("Ask your bank for the file again, and load it as you receive it.")
    settings = env._("Ask your bank for camt.053, camt.054, pain.002 or CFONB 120.")
    format_ = env._("Tell your bank: its file is not written by the rules.")
    nothing = env._("Nothing to do.")
    look = env._("Look at this line in the file.")
    return {
        "other": (env._("Remark %(code)s"), look),
        **_unreadable(env, again, settings),
        **_wrong(env, again, format_),
        **_accounts(env),
        **_statements(env),
        **_remarks(env, nothing, format_, look),
        **_skipped(env, nothing, look),
    }


def _unreadable(env, again, settings):
    single = env._("Open the archive and load the files that are in it.")
    return {
        "too_big": (
            env._("The file is too big: %(size)s MB, the limit is %(limit)s MB."),
            env._("Ask your bank for one file a day, or have the limit raised."),
        ),
        "empty": (env._("The file is empty."), again),
        "compressed": (env._("The file is a compressed archive."), single),
        "format": (env._("This is not a bank file that is read here."), settings),
        "message": (env._("This XML message is not read here. %(name)s"), settings),
        "version": (env._("This version is not read here: %(name)s."), settings),
        "encoding": (env._("The alphabet of the file is not known: %(name)s."), again),
        "doctype": (
            env._("The file holds declarations that bank files never hold."),
            env._("Do not load it. Make sure that it comes from your bank."),
        ),
        "shape": (
            env._("The file goes on for more than %(limit)s MB without any booking."),
            again,
        ),
        "xml": (
            env._("The file is damaged or cut short, at line %(line)s: %(message)s"),
            again,
        ),
    }


def _wrong(env, again, format_):
    return {
        "amount": (env._("“%(value)s” is not an amount."), format_),
        "decimals": (env._("“%(value)s” has parts of a cent."), format_),
        "direction": (
            env._("An amount without a direction: credit or debit?"),
            format_,
        ),
        "date": (env._("“%(value)s” is not a date."), format_),
        "no_date": (env._("A booking without a date."), format_),
        "record": (env._("A line that is no line of a CFONB statement."), again),
        "truncated": (env._("The statement has no end: the file is cut short."), again),
        "order": (env._("A line of the statement is not where it belongs."), again),
        "mixed": (env._("Lines of two accounts are mixed up."), again),
    }


def _accounts(env):
    return {
        "unknown_account": (
            env._("No bank journal has the account %(account)s."),
            env._(
                "Enter this number on the bank journal it belongs to, then load the "
                "file again."
            ),
        ),
        "two_journals": (
            env._("Several bank journals have the account %(account)s."),
            env._("Keep it on one journal only, then load the file again."),
        ),
        "currency": (
            env._("The statement is in %(currency)s, journal %(journal)s is not."),
            env._("Set the journal's currency, or load the statement of the account."),
        ),
        "closed": (
            env._("Bookings of %(day)s fall in a period closed until %(lock)s."),
            env._("Have the period opened, then load the file again."),
        ),
    }


def _statements(env):
    return {
        "balance": (
            env._(
                "Opening balance %(opening)s and bookings %(sum)s make %(found)s, but "
                "the closing balance is %(closing)s."
            ),
            env._("Ask your bank for a complete statement."),
        ),
        "overlap": (
            env._(
                "%(known)s bookings are in the journal already, %(new)s are new: this "
                "statement overlaps another one."
            ),
            env._("Undo the other file, or ask your bank for the missing days only."),
        ),
        "already": (
            env._("The %(count)s bookings of this statement were loaded before."),
            env._("Nothing to do: they were not loaded again."),
        ),
        "no_balance": (
            env._("The bank gives no balances for %(journal)s: no check was possible."),
            env._("Compare the balance with that of your bank."),
        ),
        "gap": (
            env._(
                "The opening balance is %(opening)s, the statement before ends with "
                "%(before)s: a statement may be missing."
            ),
            env._("Load the statement that is missing."),
        ),
        "no_collection": (
            env._("Direct debits were credited (%(amount)s): no collection is known."),
            env._("Match the line by hand."),
        ),
        "difference": (
            env._("The bank credited %(collection)s with a difference of %(amount)s."),
            env._("Look at the collection and its returns."),
        ),
    }


def _remarks(env, nothing, format_, look):
    return {
        "remark_no_namespace": (
            env._("The file does not say which version it is; it was read."),
            nothing,
        ),
        "remark_version": (
            env._("Version %(name)s is read like the one before it."),
            env._("Check the first file of this version line by line."),
        ),
        "remark_no_status": (
            env._("A booking does not say whether it is booked."),
            look,
        ),
        "remark_order": (env._("Parts of the statement are out of order."), nothing),
        "remark_details": (env._("A booking has too many lines of details."), look),
        "remark_contradiction": (
            env._("The bank refuses the whole and accepts some of its debits."),
            env._("Only the debits listed as refused were taken. Ask your bank."),
        ),
    }


def _skipped(env, nothing, look):
    return {
        "skipped_hac": (
            env._("%(count)s log of the bank's server was left out."),
            nothing,
        ),
        "skipped_other_message": (
            env._("%(count)s statuses about transfers were left out."),
            nothing,
        ),
        "skipped_direction": (
            env._("%(count)s bookings look like returns but bring money in."),
            look,
        ),
        "skipped_pending": (
            env._("%(count)s bookings are only announced: they were not loaded."),
            nothing,
        ),
        "skipped_no_status": (
            env._("%(count)s debits have neither status nor reason."),
            look,
        ),
    }
