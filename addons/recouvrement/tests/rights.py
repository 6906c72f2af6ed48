"""What each role may do with the models and menus of one part: a table, checked."""

from .access_common import ROLES, AccessCommon

MODES = ("read", "write", "create", "unlink")
READ, EDIT, NONE = (1, 0, 0, 0), (1, 1, 1, 1), (0, 0, 0, 0)
WITHOUT_SALES = tuple(role for role in ROLES if role != "salesperson")


class RightsCommon(AccessCommon):
    MODULE = "recouvrement"  # whose menus are looked at

    def _check_rights(self, rights):
        """Each role has just its rights on each model, the portal none.

        :param dict rights: ``{model: {role: (read, write, create, unlink)}}``; a role
            that is not named has none.
        """
        for model_name, roles in rights.items():
            for role in ROLES:
                model = self._as(self.env[model_name], role)
                found = tuple(int(model.has_access(mode)) for mode in MODES)
                with self.subTest(model=model_name, role=role):
                    self.assertEqual(found, roles.get(role, NONE))
            model = self._as(self.env[model_name], self.portal)
            self.assertFalse(model.has_access("read"), model_name)

    def _check_menus(self, menus):
        """Each role has just its menus.

        :param dict menus: ``{name after "menu_recouvrement_": roles}``.
        """
        prefix = f"{self.MODULE}.menu_recouvrement_"
        for role in ROLES:
            loaded = self._as(self.env["ir.ui.menu"], role).load_menus(False)
            shown = {menu.get("xmlid") or "" for menu in loaded.values()}
            for name, roles in menus.items():
                with self.subTest(menu=name, role=role):
                    self.assertEqual(prefix + name in shown, role in roles)
