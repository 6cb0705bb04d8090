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
    Band,
    Costs,
    Indemnity,
    Rate,
    Regime,
    Tier,
)
from .regimes_france import FORTY, FR_CONSUMER, FR_NON_PROFESSIONAL, FR_PROFESSIONAL, FR_PUBLIC, LIKE_FRANCE, UNREAD

EIGHT = Decimal("8")  # directive 2011/7/EU, art. 2 (6): at least so many points above the reference rate

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
