"""What the law gives a creditor who is paid late: rate, start, fixed sum, costs, limitation.

One object per country and kind of debtor, as the law stood in November 2026. Nothing is guessed: where no rule
is known for a country and a kind of debtor there is no regime, and nothing is claimed.

A legal person that acts outside any business (a club, co-owners) is treated as a consumer, which is prudent
(C. conso. art. liminaire). A public buyer is treated as a professional where the country has no rule of its own
(directive 2011/7/EU, art. 4). No consumer owes interest before a notice, even where the law would give it.

>>> regime_of("FR", "professional").rate[:3]
('ecb_mro', Decimal('10'), 'each')
>>> regime_of("DE", "public").code
'de_professional'
>>> regime_of("US", "professional") is None
True
"""

from decimal import Decimal

from .regime import (
    BEGUN,
    CONSUMER,
    DUE,
    EACH,
    NON_PROFESSIONAL,
    NOTICE,
    PAYMENT,
    PROFESSIONAL,
    PUBLIC,
    STATUSES,
    THIRTY_360,
    Agreement,
    Band,
    Costs,
    Floor,
    Indemnity,
    Limit,
    Rate,
    Regime,
    Tier,
)

FORTY = (Tier(Decimal("40.00")),)
EIGHT = Decimal("8")  # directive 2011/7/EU, art. 2 (6): at least so many points above the reference rate

# === FRANCE === #

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

# === BELGIUM, LUXEMBOURG === #

BE_PROFESSIONAL = Regime(
    "be_professional",
    Rate("ecb_mro", EIGHT, EACH, "L. 02/08/2002 art. 5", step=Decimal("0.5")),
    DUE,
    "L. 02/08/2002 art. 5",
    indemnity=Indemnity(FORTY, "L. 02/08/2002 art. 6", verified=False),
)
BE_CONSUMER = Regime(
    "be_consumer",
    Rate("be_legal", Decimal("0"), EACH, "CDE XIX", verified=False),
    NOTICE,
    "CDE XIX",
    # A clause that asks for more is void: the legal rate holds then.
    ceiling=BE_PROFESSIONAL.rate._replace(article="CDE XIX.4, L. 02/08/2002 art. 5", verified=False),
    costs=Costs(
        (
            Band(Decimal("150"), Decimal("20"), Decimal("0")),
            Band(Decimal("500"), Decimal("30"), Decimal("10")),
            Band(None, Decimal("65"), Decimal("5")),
        ),
        least=Decimal("0"),
        most=Decimal("2000"),
        waiting=14,
        post=3,
        email=1,
        article="CDE XIX",
        clause=True,  # prudent: a cap on what the contract provides for. The price of later reminders is not claimed.
    ),
)
LU_PROFESSIONAL = Regime(
    "lu_professional",
    Rate("ecb_mro", EIGHT, EACH, "L. 18/04/2004"),
    DUE,
    "L. 18/04/2004",
    indemnity=Indemnity(FORTY, "L. 18/04/2004", verified=False),
)
LU_CONSUMER = Regime(
    "lu_consumer",
    # Only if the invoice was sent within a month and says so.
    Rate("lu_consumer", Decimal("0"), EACH, "L. 18/04/2004"),
    NOTICE,
    "L. 18/04/2004",
    months=3,  # of the delivery; from the due date on is never earlier
)

# === GERMANY, AUSTRIA, SWITZERLAND === #

DE_PROFESSIONAL = Regime(
    "de_professional",
    Rate("de_base", Decimal("9"), EACH, "BGB 288 (2)"),
    DUE,
    "BGB 286",
    starts_verified=False,
    indemnity=Indemnity(FORTY, "BGB 288 (5)", verified=False),
)
DE_CONSUMER = Regime(
    "de_consumer",
    Rate("de_base", Decimal("5"), EACH, "BGB 288 (1)"),
    NOTICE,
    "BGB 286",
    starts_verified=False,
)
AT_PROFESSIONAL = Regime(
    "at_professional",
    Rate("at_base", Decimal("9.2"), EACH, "UGB 456"),
    DUE,
    "UGB 456",
    indemnity=Indemnity(FORTY, "UGB 458"),
)
AT_CONSUMER = Regime(
    "at_consumer",
    Rate("", Decimal("4"), EACH, "ABGB 1000"),
    NOTICE,
    "ABGB 1000",
    starts_verified=False,
)
CH_PROFESSIONAL = Regime(
    "ch_professional",
    Rate("", Decimal("5"), EACH, "CO 104"),
    NOTICE,
    "CO 102",
    day_count=THIRTY_360,
    currency="CHF",
)
CH_CONSUMER = CH_PROFESSIONAL._replace(code="ch_consumer")

# === THE NETHERLANDS === #

NL_COSTS = Costs(
    (
        Band(Decimal("2500"), Decimal("0"), Decimal("15")),
        Band(Decimal("5000"), Decimal("375"), Decimal("10")),
        Band(Decimal("10000"), Decimal("625"), Decimal("5")),
        Band(Decimal("200000"), Decimal("875"), Decimal("1")),
        Band(None, Decimal("2775"), Decimal("0.5")),
    ),
    least=Decimal("40"),
    most=Decimal("6775"),
    waiting=14,
    post=3,  # the day after it arrived; what a letter takes is an assumption
    email=1,
    article="BW 6:96, Besluit BIK art. 2",
    verified=False,
    together=True,  # BW 6:96 (7), not read: several debts are added up
)
NL_PROFESSIONAL = Regime(
    "nl_professional",
    Rate("ecb_mro", EIGHT, EACH, "BW 6:119a"),
    DUE,
    "BW 6:119a",
    indemnity=Indemnity(FORTY, "BW 6:96"),  # without any reminder;
    # more than it once there is something to pay for: from the day after the first reminder in writing.
    costs=NL_COSTS._replace(waiting=1, post=0, email=0),
    compound="BW 6:119a (3)",
)
NL_CONSUMER = Regime(
    "nl_consumer",
    Rate("nl_consumer", Decimal("0"), EACH, "BW 6:119"),
    NOTICE,
    "BW 6:96",
    costs=NL_COSTS,
    compound="BW 6:119 (2)",
)

# === ITALY, SPAIN, PORTUGAL === #

IT_PROFESSIONAL = Regime(
    "it_professional",
    Rate("ecb_mro", EIGHT, EACH, "D.Lgs. 231/2002"),
    DUE,
    "D.Lgs. 231/2002",
    indemnity=Indemnity(FORTY, "D.Lgs. 231/2002"),
)
ES_PROFESSIONAL = Regime(
    "es_professional",
    Rate("ecb_mro", EIGHT, EACH, "Ley 3/2004 art. 7"),
    DUE,
    "Ley 3/2004",
    indemnity=Indemnity(FORTY, "Ley 3/2004"),
)
PT_PROFESSIONAL = Regime(
    "pt_professional",
    Rate("ecb_mro", EIGHT, EACH, "DL 62/2013"),
    DUE,
    "DL 62/2013",
    indemnity=Indemnity(FORTY, "DL 62/2013"),
)

# === IRELAND, UNITED KINGDOM === #

IE_PROFESSIONAL = Regime(
    "ie_professional",
    # "The rate in force on the payment date", says gov.ie, and on the same page that of the date on which the payment
    # became overdue; SI 388/2002 reg. 2 called the due date the "relevant payment date".
    Rate("ecb_mro", EIGHT, PAYMENT, "SI 580/2012", readings=(BEGUN,)),
    DUE,
    "SI 580/2012",
    indemnity=Indemnity(
        (
            Tier(Decimal("40.00"), Decimal("1000")),
            Tier(Decimal("70.00"), Decimal("10000")),
            Tier(Decimal("100.00")),
        ),
        "SI 580/2012",
    ),
)
GB_PROFESSIONAL = Regime(
    "gb_professional",
    # The rate of the period in which the debt became late, says payontime; others change it with each period.
    Rate("boe_base", Decimal("8"), BEGUN, "Late Payment of Commercial Debts (Interest) Act 1998", readings=(EACH,)),
    DUE,
    "Late Payment of Commercial Debts (Interest) Act 1998",
    indemnity=Indemnity(
        (
            Tier(Decimal("40.00"), Decimal("1000"), included=False),
            Tier(Decimal("70.00"), Decimal("10000"), included=False),
            Tier(Decimal("100.00")),
        ),
        "Late Payment of Commercial Debts (Interest) Act 1998",
    ),
    currency="GBP",
)

REGIMES = {
    regime.code: regime
    for regime in (
        FR_PROFESSIONAL, FR_CONSUMER, FR_NON_PROFESSIONAL, FR_PUBLIC, BE_PROFESSIONAL, BE_CONSUMER,
        LU_PROFESSIONAL, LU_CONSUMER, DE_PROFESSIONAL, DE_CONSUMER, AT_PROFESSIONAL, AT_CONSUMER, CH_PROFESSIONAL,
        CH_CONSUMER, NL_PROFESSIONAL, NL_CONSUMER, IT_PROFESSIONAL, ES_PROFESSIONAL, PT_PROFESSIONAL,
        IE_PROFESSIONAL, GB_PROFESSIONAL,
    )  # fmt: skip
}

# The overseas departments are under French law (Constitution, art. 73).
LAW_OF = {"GF": "FR", "GP": "FR", "MQ": "FR", "RE": "FR", "YT": "FR"}
TREATED_AS = {NON_PROFESSIONAL: CONSUMER, PUBLIC: PROFESSIONAL}

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
    status: _unread(REGIMES[f"fr_{status}"]) for status in (PROFESSIONAL, CONSUMER, NON_PROFESSIONAL)
}


def regime_of(country_code: str, status: str) -> Regime | None:
    """Return the regime of a kind of debtor, or None if no rule is known.

    :param country_code: ISO 3166-1 alpha-2, of the country whose law governs the contract
    :param status: one of STATUSES
    :raises ValueError: if ``status`` is none of them
    """
    if status not in STATUSES:
        raise ValueError(f"no such status: {status!r}")
    if country_code in UNREAD:
        return LIKE_FRANCE.get(status)
    country = LAW_OF.get(country_code, country_code).lower()
    own = REGIMES.get(f"{country}_{status}")
    return own or REGIMES.get(f"{country}_{TREATED_AS.get(status, status)}")
