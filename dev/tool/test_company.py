"""A French company for the tests to begin with, and the bundles of the browser: a script for Odoo's shell.

Most of a test class's time was the loading of the French chart of accounts. ``DunningCommon`` uses this
company when it finds it, and makes its own when it does not.
"""
# ruff: noqa: F821  `env` is there

NAME = "company_1_data"  # as Odoo's own tests call theirs

if not env["res.company"].search_count([("name", "=", NAME)]):
    france = env.ref("base.fr")
    # The chart is enough: a new company would have every module of its country installed now.
    quiet = env["res.company"].with_context(chart_template_load=True)
    company = quiet.create({"name": NAME, "country_id": france.id, "currency_id": france.currency_id.id})
    env["account.chart.template"].try_loading("fr", company=company.with_env(env), install_demo=False)
    env.cr.commit()

# Odoo makes them before its tests, and each share of the tests has a copy of this database.
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
