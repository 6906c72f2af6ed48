"""The demonstration shows files at several stages."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.recouvrement.demo.world import World

from ..demo import litigation


@tagged("post_install", "-at_install")
class TestLitigationDemo(TransactionCase):
    def test_files_stand_at_several_stages(self):
        companies = self.env["recouvrement.demo.company"]
        world = companies._load("litigation", scale=0.4)
        self.assertIsInstance(world, World)
        companies = [company.id for company in world.companies.values()]
        litigation.build(world)
        files = self.env["recouvrement.litigation"].search(
            [("company_id", "in", companies)]
        )
        stages = set(files.stage_id.mapped("code"))
        self.assertGreaterEqual(len(stages), 2, stages)
        self.assertTrue(files.title_ids)
        deadlines = self.env["recouvrement.deadline"].search(
            [("company_id", "in", companies)]
        )
        self.assertLessEqual({"todo", "done"}, set(deadlines.mapped("state")))
        opened = files.filtered(lambda one: one.state == "open")
        self.assertTrue(all(one.next_date for one in opened), opened.mapped("name"))
