import logging

from odoo import api, fields, models

from ..demo import (
    anomalies,
    collection,
    companies,
    contacts,
    covers,
    credit,
    credit_files,
    customers,
    ledger,
    plans,
    ratings,
    requests,
)
from ..demo.world import World

_logger = logging.getLogger(__name__)


class RecouvrementDemoCompany(models.AbstractModel):
    """Loads the demonstration company (see the package ``demo``)."""

    _name = "recouvrement.demo.company"
    _description = "Demonstration Company"

    @api.model
    def _load_when_ready(self):
        """Load now, or after the last module of an installation under way: the
        French chart of accounts may be one of those still to come."""
        if self.env.registry.ready:
            self._close(self._load())
        else:
            self.env.registry._recouvrement_demo = True

    def _register_hook(self):
        super()._register_hook()
        registry = self.env.registry
        if registry.__dict__.pop("_recouvrement_demo", False):
            self._load_or_log()

    def _load_or_log(self):
        """A demonstration that cannot be made must not spoil the installation."""
        try:
            with self.env.cr.savepoint():
                self._close(self._load())
        except Exception:
            # What was to follow the commit would look for records that are gone.
            self.env.cr.precommit.clear()
            self.env.cr.postcommit.clear()
            _logger.exception("The demonstration company could not be made")

    @api.model
    def _load(self, namespace="demo", scale=1.0, seed=19):
        """Build the demonstration unless it is there.

        :param str namespace: prefix of its XML ids; another one builds another.
        :param float scale: share of the invoices that is made.
        :param int seed: same seed, same story.
        :return: the ``World`` that was built, or None.
        """
        if self.env.ref(f"recouvrement.{namespace}_company_main", False):
            return None
        world = World(
            env=self.env(su=True, context=dict(self.env.context, install_mode=True)),
            today=fields.Date.context_today(self),
            namespace=namespace,
            scale=scale,
            seed=seed,
        )
        world.env = world.env(
            context={**world.env.context, "lang": world.language("fr_FR")}
        )
        for layer in (companies, customers, ledger, collection, contacts, plans):
            layer.build(world)
        requests.build(world)
        collection.propose_today(world)
        ratings.build(world)
        covers.build(world)
        credit.build(world)
        credit_files.build(world)
        anomalies.build(world)
        world.env.flush_all()
        return world

    @api.model
    def _close(self, world):
        """What looks back at the story, once every addon has told its part.

        Invoices printed meanwhile go: without a server they have no styles. They are
        printed again when somebody asks for them.

        :param world: the ``World`` that was built, or None when it was there.
        """
        if world:
            self.env["ir.attachment"].search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_field", "=", "invoice_pdf_report_file"),
                ]
            ).unlink()
            self._tell_alerts()

    @api.model
    def _tell_alerts(self):
        """As the night of the eve did, without its messages."""
        alerts = self.env["recouvrement.alert"].sudo()
        alerts._refresh()
        new = alerts.search([("date_told", "=", False)])
        new.write({"date_told": fields.Datetime.now()})

    @api.model
    def _join(self, addon, layers, world, seed=19):
        """Add the layers of another addon, once, to the demonstration that is being
        built or that was there.

        :param str addon: its name, under which it is remembered.
        :param layers: modules with ``build(world)``, in their order.
        :param world: the ``World`` under construction, or None.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param(f"{addon}.demo"):
            return
        world = world or self._find_world("demo", seed)
        for layer in layers:
            layer.build(world)
        world.env.flush_all()
        parameters.set_param(f"{addon}.demo", "1")

    @api.model
    def _find_world(self, namespace, seed):
        """The demonstration that was built before; its customers are not read again."""
        env = self.env(su=True, context=dict(self.env.context, install_mode=True))
        prefix = f"recouvrement.{namespace}_"
        return World(
            env=env,
            today=fields.Date.context_today(self),
            namespace=namespace,
            seed=seed,
            companies={
                key: env.ref(f"{prefix}company_{key}") for key in ("main", "services")
            },
            users={
                user.login: user
                for user in env["res.users"].search([("login", "!=", False)])
            },
        )
