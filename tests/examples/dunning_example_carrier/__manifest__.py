{
    "name": "Relance progressive, example: a carrier of letters",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Relance progressive contributors",
    "license": "LGPL-3",
    "depends": ["relance_progressive"],
    "installable": True,
}
