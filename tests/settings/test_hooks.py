from odoo.tests import TransactionCase, tagged
from odoo.tools import sql

from ... import hooks


@tagged("post_install", "-at_install")
class TestHooks(TransactionCase):
    """What an installation adds to Odoo's own tables beforehand is what Odoo would add, to the letter."""

    def test_columns_are_those_of_the_fields(self):
        count = 0
        for table, classes in hooks._extended_tables(self.env):
            columns = sql.table_columns(self.env.cr, table)
            for name, (kind, given) in hooks._fields(classes).items():
                column = hooks._column(kind, given)
                if name not in columns:
                    self.assertFalse(column, f"{table}.{name} has no column")
                elif column and name != "type":
                    count += 1
                    self.assertEqual(columns[name]["udt_name"], column.code.split()[0], f"{table}.{name}")
        self.assertGreater(count, 80)

    def test_no_column_of_a_large_table_is_left_to_the_transaction_of_the_data(self):
        large = {"account.move", "account.move.line", "res.partner", "res.company", "payment.transaction"}
        made = {
            table: {name for name, (kind, given) in hooks._fields(classes).items() if hooks._column(kind, given)}
            for table, classes in hooks._extended_tables(self.env)
        }  # fmt: skip
        for model in large:
            own = {
                name for name, field in self.env[model]._fields.items()
                if name.startswith("dunning_") and field.store and field.column_type
            }  # fmt: skip
            self.assertTrue(own)
            self.assertFalse(own - made[self.env[model]._table], model)

    def test_indexes_and_constraints_are_those_of_the_models(self):
        for table, classes in hooks._extended_tables(self.env):
            for name, index in hooks._objects(classes, hooks.Index):
                definition, comment = sql.index_definition(self.env.cr, f"{table}{name}")
                self.assertTrue(definition, name)
                self.assertEqual(comment, index.get_definition(self.env.registry))
            for name, constraint in hooks._objects(classes, hooks.Constraint):
                found = sql.constraint_definition(self.env.cr, table, f"{table}{name}")
                self.assertEqual(found, constraint.get_definition(self.env.registry))
