"""What a bank would refuse, in words, with the cure."""

from odoo import api, models


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    @api.model
    def _get_refusal_texts(self):
        """Words of each code of ``tools/epc_check`` and of the check of the facts.

        :return: ``{code: text}``, with ``%(value)s`` and the parameters of the code.
        """
        return {
            **self._get_message_texts(),
            **self._get_debit_texts(),
            **self._get_account_texts(),
            **self._get_fact_texts(),
        }

    @api.model
    def _get_message_texts(self):
        return {
            "empty": self.env._("There is no debit. Propose again."),
            "missing": self.env._(
                "It is empty. Fill it in on the mandate or the company."
            ),
            "too_long": self.env._(
                "“%(value)s” has more than %(length)s characters. Shorten it."
            ),
            "charset": self.env._(
                "“%(value)s” holds signs that banks do not take: %(signs)s. Replace "
                "them."
            ),
            "slash": self.env._(
                "“%(value)s” begins or ends with a slash, or has two in a row. Amend "
                "the reference."
            ),
            "id_twice": self.env._("“%(value)s” stands twice. Propose again."),
            "scheme": self.env._("“%(value)s” is no scheme: CORE or B2B."),
            "scheme_mixed": self.env._(
                "CORE and B2B stand together: banks want a file for each. Propose "
                "again."
            ),
            "sequence": self.env._("“%(value)s” is no sequence of direct debits."),
            "count": self.env._("The number of debits is not right. Propose again."),
            "total": self.env._("The total is not right. Propose again."),
            "date_closed": self.env._(
                "Banks do not settle on that day. Take %(next)s."
            ),
            "date_early": self.env._(
                "The bank takes this file for %(earliest)s at the earliest. Cancel and "
                "propose for a later day."
            ),
            "date_far": self.env._(
                "The bank takes this file for %(latest)s at the latest. Make it later."
            ),
            "creditor_iban": self.env._(
                "“%(value)s” is no IBAN of yours. Give the bank journal its account."
            ),
            "ics": self.env._(
                "“%(value)s” is no creditor identifier (ICS). Correct it in the "
                "settings."
            ),
        }

    @api.model
    def _get_debit_texts(self):
        return {
            "amount": self.env._(
                "%(value)s is not between 0.01 and 999,999,999.99. Remove the debit."
            ),
            "amount_decimals": self.env._(
                "%(value)s has more than two decimals. Correct the invoice."
            ),
            "mandate_ended": self.env._(
                "Mandate %(value)s ends with another debit of this file. Remove one."
            ),
            "signature_missing": self.env._("The mandate has no day of signature."),
            "signature_future": self.env._(
                "The mandate was signed on %(value)s, which is still to come. Correct "
                "it."
            ),
            "remittance_both": self.env._(
                "A wording and a structured reference stand together. Keep one."
            ),
            "reference": self.env._("“%(value)s” is no structured reference (RF)."),
            "amendment_empty": self.env._("The amendment says nothing. Cancel it."),
            "amendment_same": self.env._(
                "The amendment tells “%(value)s” as old, which is also the new one. "
                "Cancel it."
            ),
            "text_cut": self.env._(
                "“%(value)s” was too long for the file and was shortened."
            ),
            "text_lost": self.env._(
                "“%(value)s” holds letters without equivalent in bank files: "
                "%(signs)s. They became full stops; write the name in Latin letters."
            ),
        }

    @api.model
    def _get_account_texts(self):
        return {
            "iban_invalid": self.env._(
                "“%(value)s” is no valid IBAN. Ask the customer for it and amend the "
                "mandate."
            ),
            "iban_national_key": self.env._(
                "“%(value)s”: the key of the account number is wrong. Ask the customer "
                "for the bank details and amend the mandate."
            ),
            "iban_not_sepa": self.env._(
                "“%(value)s”: the banks of that country take no SEPA direct debit."
            ),
            "bic": self.env._("“%(value)s” is no BIC. Correct it or empty it."),
            "bic_needed": self.env._(
                "The account is outside the European Economic Area: the BIC of its "
                "bank is needed."
            ),
            "address_needed": self.env._(
                "The account is outside the European Economic Area: the town and the "
                "country of the customer are needed."
            ),
            "address_town": self.env._(
                "The address “%(value)s” has no town or no country. Complete it on the "
                "customer."
            ),
            "creditor_address": self.env._(
                "“%(value)s” has no town or no country: the file does not say its "
                "address. Complete it on the company."
            ),
            "address_lines": self.env._("An address has two free lines at most."),
            "country": self.env._("“%(value)s” is no code of a country."),
        }

    @api.model
    def _get_fact_texts(self):
        return {
            "item_paid": self.env._(
                "%(name)s is open for %(open)s only: it was paid or credited "
                "meanwhile. Remove the debit or propose again."
            ),
            "item_stopped": self.env._(
                "%(name)s is disputed, promised or otherwise stopped since it was "
                "proposed. Remove the debit."
            ),
            "debtor_held": self.env._("The customer is on hold. Remove the debit."),
            "mandate_not_usable": self.env._(
                "Mandate %(value)s cannot collect on that day: suspended, lapsed, "
                "ended or not registered. Remove the debit."
            ),
            "mandate_changed": self.env._(
                "The mandate changed since the proposal (%(value)s). Propose again."
            ),
            "prenotice": self.env._(
                "The customer is told %(days)s days before at least. Collect later."
            ),
            "schema": self.env._(
                "The file does not follow the schema of the bank: %(value)s"
            ),
        }
