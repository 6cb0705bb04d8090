"""What French law gives a creditor who is paid late; see :mod:`.regimes` for what is said of all countries."""

from decimal import Decimal

from .regime import (
    BEGUN,
    CONSUMER,
    DUE,
    EACH,
    NON_PROFESSIONAL,
    NOTICE,
    PROFESSIONAL,
    Agreement,
    Floor,
    Indemnity,
    Limit,
    Rate,
    Regime,
    Tier,
)

FORTY = (Tier(Decimal("40.00")),)
FIVE_YEARS = Limit(5, "C. com. L110-4, C. civ. 2224")
CARRIAGE = Limit(1, "C. com. L133-6")  # removals too: L133-9
ONE_TO_TEN_YEARS = Agreement(12, 120, "C. civ. 2254")

FR_PROFESSIONAL = Regime(
    "fr_professional",
    Rate("ecb_mro", Decimal("10"), EACH, "C. com. L441-10 II"),
    DUE,
    "C. com. L441-10 II",
    indemnity=Indemnity(FORTY, "C. com. L441-10 II, D441-5"),
    floor=Floor("fr_legal_professional", 3, "C. com. L441-10 II"),
    limitation=FIVE_YEARS,
    carriage=CARRIAGE,
    agreement=ONE_TO_TEN_YEARS,
)
FR_CONSUMER = Regime(
    "fr_consumer",
    # The column of the legal rate follows the creditor, who is in business. No costs: CPCE L111-8.
    Rate("fr_legal_professional", Decimal("0"), EACH, "C. civ. 1231-6, CMF L313-2"),
    NOTICE,
    "C. civ. 1231-6, 1344-1",
    limitation=Limit(2, "C. conso. L218-2"),
    carriage=CARRIAGE,
    no_agreement="C. conso. L218-1",
)
FR_NON_PROFESSIONAL = FR_CONSUMER._replace(
    code="fr_non_professional",
    limitation=Limit(5, "C. civ. 2224"),  # C. conso. L218-1 and L218-2 do not protect legal persons
    agreement=ONE_TO_TEN_YEARS,
    no_agreement="",
)
FR_PUBLIC = Regime(
    "fr_public",
    Rate("ecb_mro", Decimal("8"), BEGUN, "CCP L2192-13, R2192-31"),
    DUE,
    "CCP R2192-32",
    indemnity=Indemnity(FORTY, "CCP L2192-13, D2192-35"),
    agreed=False,  # CCP L2192-14: it cannot be waived
    limitation=Limit(4, "L. 68-1250 art. 1, 2", verified=False, next_year=True, written_claim=True),
    carriage=CARRIAGE,
)

# === OVERSEAS === #

# In three collectivities overseas the commercial code holds but for what it takes out, which is neither L441-10 nor
# L110-4 (Saint-Pierre-et-Miquelon: C. com. L910-1); that the same laws hold there as in France was not read (CGCT
# LO6213-1, LO6313-1, LO6413-1). Of public bodies nothing is claimed there: where the CCP holds was not read either.
UNREAD = ("PM", "BL", "MF")


def _unread(regime: Regime) -> Regime:
    """Return a regime as it is where nobody has read that it holds."""
    return regime._replace(
        rate=regime.rate._replace(verified=False), starts_verified=False,
        indemnity=regime.indemnity and regime.indemnity._replace(verified=False),
        limitation=regime.limitation._replace(verified=False), carriage=regime.carriage._replace(verified=False),
    )  # fmt: skip


LIKE_FRANCE = {
    PROFESSIONAL: _unread(FR_PROFESSIONAL),
    CONSUMER: _unread(FR_CONSUMER),
    NON_PROFESSIONAL: _unread(FR_NON_PROFESSIONAL),
}
