"""Where a company is: its time zone, its week-end, the parts of France overseas."""

from ..plain.days import SATURDAY, SUNDAY

FRIDAY = 4
SATURDAY_AND_SUNDAY = (SATURDAY, SUNDAY)

# Postal codes that begin with 97 or 98 are overseas: three digits name the territory (INSEE, code officiel
# géographique; 984 are the southern lands, 989 Clipperton).
FRENCH_TERRITORIES = {
    "971": "GP", "972": "MQ", "973": "GF", "974": "RE", "975": "PM", "976": "YT", "977": "BL", "978": "MF",
    "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip

# C. trav. art. L3422-2: the day on which each part of France overseas remembers the end of slavery, (month, day).
ABOLITION_DAYS = {
    "GP": (5, 27), "MQ": (5, 22), "GF": (6, 10), "RE": (12, 20), "YT": (4, 27), "BL": (10, 9), "MF": (5, 28),
}  # fmt: skip

# Of countries with several time zones, the one of the seat of government (IANA time zone database, zone.tab).
CAPITALS = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby", "PS": "Asia/Hebron",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}  # fmt: skip

# Countries that do not rest on Saturday and Sunday. Sources: Unicode CLDR (weekData) and the package "holidays" (2026);
# where they differ, the days on which they agree. Where Sunday is the only day of rest, nothing leaves on Saturday
# either: many offices are closed. The United Arab Emirates rest on Saturday and Sunday since 2022.
FRIDAY_AND_SATURDAY = frozenset((
    "BD", "BH", "DJ", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "MV", "OM", "PS", "QA", "SA", "SD", "SY", "YE",
))  # fmt: skip
OTHER_WEEKENDS = {"AF": (FRIDAY,), "BN": (FRIDAY, SUNDAY), "IR": (FRIDAY,)}


def territory(country: str, postal_code: str = "") -> str:
    """Return the code of the territory of an address: an address in France may lie overseas.

    >>> territory("FR", "98800"), territory("FR", "75001"), territory("MQ", "")
    ('NC', 'FR', 'MQ')
    """
    if country != "FR":
        return country
    return FRENCH_TERRITORIES.get(postal_code.replace(" ", "")[:3], country)


def weekend_of(country: str) -> tuple[int, ...]:
    """Return the days of the week on which offices of a country are closed, Monday being 0.

    >>> weekend_of("IL"), weekend_of("AE"), weekend_of("FR")
    ((4, 5), (5, 6), (5, 6))
    """
    if country in FRIDAY_AND_SATURDAY:
        return (FRIDAY, SATURDAY)
    return OTHER_WEEKENDS.get(country, SATURDAY_AND_SUNDAY)
