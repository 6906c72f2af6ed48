"""The representative in office on the debtor account: addressee of reminders, person
who speaks for the customer, manager in lists."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    representative_ids = fields.One2many("recouvrement.representative", "debtor_id")
    representative_id = fields.Many2one(
        "recouvrement.representative",
        string="Representative in Office",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    manager_id = fields.Many2one(
        "res.partner",
        string="Property Manager",
        readonly=True,
        index="btree_not_null",
        help="Representative in office today.",
    )
    mutation_ids = fields.One2many("recouvrement.mutation", "debtor_id")

    def _get_representative(self, day=None):
        """The representative in office on a day, in sudo; may be empty."""
        self.ensure_one()
        day = day or fields.Date.context_today(self)
        representatives = self.env["recouvrement.representative"].sudo()
        domain = representatives._domain_on(day)
        return representatives.search([("debtor_id", "=", self.id), *domain], limit=1)

    # ------------------------------------------------------------------
    # ADDRESSEE
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    @api.model
    def _contact_sql(self):
        """The representative in office today comes before every contact."""
        day = fields.Date.context_today(self)
        return SQL(
            """
            SELECT addressee.id, addressee.missing_email, addressee.missing_address
              FROM (SELECT p.id, COALESCE(p.email, '') = '' AS missing_email,
                           COALESCE(p.street, '') = '' OR COALESCE(p.zip, '') = ''
                               OR COALESCE(p.city, '') = '' OR p.country_id IS NULL
                               AS missing_address,
                           0 AS place
                      FROM recouvrement_representative rep
                      JOIN res_partner p
                        ON p.id = COALESCE(rep.contact_id, rep.partner_id)
                     WHERE rep.debtor_id = d.id AND rep.date_from <= %(day)s
                       AND COALESCE(rep.date_to, 'infinity') >= %(day)s
                 UNION ALL
                    SELECT other.*, 1 FROM (%(other)s) other) addressee
          ORDER BY addressee.place LIMIT 1
            """,
            day=day,
            other=super()._contact_sql(),
        )

    # EXTENDS 'recouvrement'
    @api.model
    def _flush_sources(self):
        result = super()._flush_sources()
        self.env["recouvrement.representative"].flush_model()
        return result

    # EXTENDS 'recouvrement'
    @api.model
    def _get_total_fields(self):
        return [*super()._get_total_fields(), "representative_id", "manager_id"]

    # EXTENDS 'recouvrement'
    @api.model
    def _refresh_statements(self, condition):
        return [
            *super()._refresh_statements(condition),
            self._representatives_sql(condition),
        ]

    @api.model
    def _representatives_sql(self, condition):
        """Representative and manager of the day."""
        return SQL(
            """
            UPDATE recouvrement_debtor debtor
               SET representative_id = fresh.id, manager_id = fresh.partner_id
              FROM (SELECT d.id AS debtor_id, rep.id, rep.partner_id
                      FROM recouvrement_debtor d
                 LEFT JOIN recouvrement_representative rep
                        ON rep.debtor_id = d.id AND rep.date_from <= %(day)s
                       AND COALESCE(rep.date_to, 'infinity') >= %(day)s
                     WHERE %(condition)s) fresh
             WHERE fresh.debtor_id = debtor.id
               AND (debtor.representative_id, debtor.manager_id)
                   IS DISTINCT FROM (fresh.id, fresh.partner_id)
            """,
            day=fields.Date.context_today(self),
            condition=condition,
        )

    # ------------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    def _has_person(self, partner):
        """The representative in office and its people speak for the debtor."""
        if super()._has_person(partner):
            return True
        manager = self._get_representative().partner_id.commercial_partner_id
        return bool(manager) and partner.sudo().commercial_partner_id == manager

    # EXTENDS 'recouvrement'
    def _desk_people(self):
        """The representative's people are called too."""
        people = super()._desk_people()
        representative = self._get_representative()
        if not representative:
            return people
        manager = representative.partner_id
        others = representative.contact_id | manager | manager.child_ids
        known = people | others.sudo(False)._filtered_access("read")
        return self.contact_id | known

    def action_view_representatives(self):
        return self._action_related(
            "recouvrement_litige.recouvrement_representative_action"
        )


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    # EXTENDS 'recouvrement'
    def _recheck(self):
        """What leaves today goes to the representative in office today."""
        self._address_to_representative()
        return super()._recheck()

    def _address_to_representative(self):
        """In one statement; what was sent keeps its addressee."""
        if not self:
            return
        self.flush_model()
        self.env["recouvrement.representative"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_reminder r
                   SET partner_id = COALESCE(rep.contact_id, rep.partner_id)
                  FROM recouvrement_representative rep
                 WHERE rep.debtor_id = r.debtor_id AND rep.date_from <= %(day)s
                   AND COALESCE(rep.date_to, 'infinity') >= %(day)s
                   AND r.id = ANY(%(ids)s)
                   AND r.state IN ('proposed', 'approved')
                   AND r.partner_id IS DISTINCT FROM
                       COALESCE(rep.contact_id, rep.partner_id)
                """,
                day=fields.Date.context_today(self),
                ids=self.ids,
            )
        )
        self.invalidate_recordset(["partner_id"])

    # EXTENDS 'recouvrement'
    def _get_sender_identity(self):
        """The association, represented by its manager, at the manager's."""
        identity = super()._get_sender_identity()
        representative = self._get_representative_written()
        if not representative:
            return identity
        customer = self.debtor_id.partner_id
        person = representative.contact_id == self.partner_id and self.partner_id.name
        env = self.with_context(lang=self.lang).env
        rows = [customer.name, self._say_represented(env, representative)]
        if person:
            rows.append(env._("Attn: %s", person))
        identity.update(
            addressee=[*rows, *self._get_address_lines(self.partner_id)], attention=""
        )
        return identity

    def _say_represented(self, env, representative):
        name = representative.partner_id.name
        if representative.kind in ("manager", "volunteer"):
            return env._("represented by its property manager %s", name)
        return env._("represented by %s", name)

    def _get_representative_written(self):
        """The representative that this reminder is written to, in office on its day or
        today while it has not left; in sudo, may be empty. Read for all letters of a
        batch at once."""
        self.ensure_one()
        day = self.date_sent or (self.date_queued and self.date_queued.date())
        found = self.debtor_id.sudo().representative_ids._on(
            day or fields.Date.context_today(self)
        )
        written = self.partner_id in found.partner_id | found.contact_id
        return found if written else found.browse()
