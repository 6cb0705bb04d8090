"""What kind of customer somebody seems to be."""

import doctest

import pytest

from relance_progressive.core.decision import status
from relance_progressive.core.decision.status import propose

ASK = ""
PROPOSALS = {
    "a company with a VAT number": (dict(company=True, vat="FR 23 334 175 221"), "professional"),
    "a company abroad with a VAT number": (dict(company=True, vat="NL001234567B01", french=False), "professional"),
    "a company with a SIRET": (dict(company=True, registry="334 175 221 01010"), "professional"),
    "a craftsman": (dict(company=False, vat="FR23334175221"), "professional"),
    "a sole trader without VAT": (dict(company=False, registry="334175221"), "professional"),
    "a company abroad with a number": (dict(company=True, registry="HRB 1234", french=False), "professional"),
    "a person": (dict(company=False), "consumer"),
    "a person with a slash for VAT": (dict(company=False, vat="/"), "consumer"),
    "a town": (dict(company=True, registry="21690123100011"), "public"),
    "a hospital by its VAT number": (dict(company=True, vat="FR11267500452"), "public"),
    "an association of the register": (dict(company=True, registry="W691 012345"), "non_professional"),
    "a company without any number": (dict(company=True), ASK),
    "a company with a slash": (dict(company=True, vat="/", registry=" "), ASK),
    "a remark instead of a VAT number": (dict(company=True, vat="en cours"), ASK),
    "a person with a remark": (dict(company=False, vat="N/A"), ASK),
    "a mistyped SIREN": (dict(company=True, registry="334175222"), ASK),
    "an association with a SIREN": (dict(company=True, registry="334175221", name="Association Les Amis"), ASK),
    "co-owners with a VAT number": (
        dict(company=True, vat="FR23334175221", name="Syndicat des Copropriétaires du 4 rue Haute"), ASK,
    ),
    "their manager": (dict(company=True, vat="FR23334175221", name="Syndic Rhône Gestion"), "professional"),
}  # fmt: skip


def test_the_examples_of_the_documentation():
    assert doctest.testmod(status).failed == 0


@pytest.mark.parametrize("who", PROPOSALS)
def test_proposals(who):
    facts, expected = PROPOSALS[who]
    proposal = propose(**facts)
    assert proposal.status == expected
    assert proposal.reason


def test_a_proposal_names_its_number():
    assert propose(company=True, vat="fr 23 334 175 221").number == "FR23334175221"
    assert propose(company=False).number == ""
