"""Selections several models share. Other addons extend the fields, not these."""

COLLECTION_MARKS = [
    ("promised", "Promised"),
    ("plan", "In a Payment Plan"),
    ("disputed", "Disputed"),
    ("litigation", "In Litigation"),
    ("insolvency", "Insolvency"),
    ("factored", "Assigned to a Factor"),
    ("to_verify", "Payment to Verify"),
]

COLLECTION_STATUSES = [
    ("to_chase", "To Chase"),
    *COLLECTION_MARKS,
    ("excluded", "Excluded"),
]

ITEM_KINDS = [
    ("invoice", "Invoice"),
    ("credit_note", "Credit Note"),
    ("payment", "Unallocated Payment"),
    ("other", "Other Entry"),
]

AGE_BUCKETS = [
    ("0_not_due", "Not Due"),
    ("1_30", "1-30 Days"),
    ("31_60", "31-60 Days"),
    ("61_90", "61-90 Days"),
    ("91_180", "91-180 Days"),
    ("over_180", "Over 180 Days"),
    ("unknown", "Age Unknown"),
]

LINE_ROLES = [
    ("chase", "Reminded"),
    ("recall", "Recalled"),
    ("credit", "Credit Counted"),
    ("out", "Left Out"),
]

DECISION_REASONS = [
    ("chase", "To be reminded at this level"),
    ("credit", "Credit not yet allocated"),
    ("paid", "Paid or credited since the proposal"),
    ("promised", "Payment promised"),
    ("plan", "In a payment plan"),
    ("disputed", "Disputed"),
    ("litigation", "In litigation"),
    ("insolvency", "Debtor in insolvency"),
    ("factored", "Assigned to a factor"),
    ("to_verify", "The customer says to have paid: being verified"),
    ("excluded", "Excluded from follow-up"),
    ("no_policy", "No policy applies to the debtor"),
    ("policy_stopped", "The policy is stopped"),
    ("held", "The debtor is on hold"),
    ("answered", "An answer of the customer is waiting to be read"),
    ("under_payment", "A payment is under way"),
    ("other_run", "Already in another campaign"),
    ("not_due", "Not due yet"),
    ("level_not_reached", "Next level not reached yet"),
    ("already_reminded", "Already reminded at the last level"),
    ("below_item_minimum", "Below the minimum amount per item"),
    ("below_debtor_minimum", "Below the minimum amount per debtor"),
    ("covered_by_credits", "Covered by credits of the debtor"),
    ("too_soon", "Too soon after the last contact"),
    ("contact_missing", "No address for the channel"),
    ("removed", "Removed by hand"),
]

TONES = [
    ("courteous", "Courteous"),
    ("firm", "Firm"),
    ("pressing", "Pressing"),
    ("formal", "Formal Notice"),
]

APPROVALS = [
    ("none", "Nobody"),
    ("collector", "Collector"),
    ("manager", "Credit Manager"),
]

RELAY_ROLES = [
    ("salesperson", "Salesperson"),
    ("branch_manager", "Branch Manager"),
    ("technical_manager", "Technical Manager"),
]

REQUEST_KINDS = [
    ("duplicate", "Duplicate of Invoices"),
    ("statement", "Statement of Account"),
    ("contact_change", "Change of Contact"),
    ("bank_change", "Change of Bank Details"),
    ("payment_check", "Payment to Verify"),
    ("promise", "Promise"),
    ("dispute", "Dispute"),
    ("plan", "Payment Plan"),
    ("message", "Message"),
]

REQUEST_SOURCES = [
    ("portal", "Customer Page"),
    ("email", "E-mail"),
    ("call", "Phone"),
    ("other", "Other"),
]

PAYMENT_MEANS = [
    ("transfer", "Bank Transfer"),
    ("cheque", "Cheque"),
    ("direct_debit", "Direct Debit"),
    ("card", "Card"),
    ("cash", "Cash"),
    ("other", "Other"),
]

REGIMES = [
    ("b2b", "Business"),
    ("public", "Public Body"),
    ("consumer", "Consumer"),
    ("non_professional", "Non-professional Legal Person"),
    ("intragroup", "Intragroup"),
]

ACTIVITIES = [
    ("telecom", "Electronic Communications"),
    ("goods_transport", "Goods Transport"),
]
