"""Suppliers' names that nobody bears: an invented word, a trade and a legal form."""

from __future__ import annotations

from itertools import product

STARTS = ("Zav", "Qui", "Drob", "Vel", "Thra", "Ork", "Plim", "Gwex", "Brux", "Snel", "Fyx", "Klor", "Jent", "Mubb",
          "Xan", "Wroz", "Yelk", "Tosq", "Hwin", "Dvar")  # fmt: skip
MIDDLES = ("o", "a", "i", "u", "ee", "oa", "y", "ai", "ou", "e")
ENDS = ("zquill", "mbrex", "vundle", "rkwex", "ddlox", "xbury", "ggleby", "vwick", "zleton", "qthorpe", "bblex",
        "nzmoor", "xcliffe", "zgate", "kkham", "vverly", "pplox", "wzell", "ttrix", "jhollow")  # fmt: skip

TRADES: dict[str, tuple[str, ...]] = {
    "construction": ("Construction", "Building Contractors", "Roofing", "Scaffolding", "Groundworks", "Joinery"),
    "social care": ("Home Care", "Residential Care", "Supported Living", "Care Services", "Day Opportunities"),
    "children's services": ("Fostering", "Children's Homes", "Family Support", "Nurseries"),
    "environment and waste": ("Recycling", "Waste Services", "Grounds Maintenance", "Tree Care"),
    "highways and transport": ("Surfacing", "Traffic Management", "Coaches", "Street Lighting", "Taxis"),
    "facilities and property": ("Cleaning", "Security", "Catering", "Plumbing and Heating", "Lettings"),
    "professional services": ("Consulting", "Surveyors", "Legal", "Design", "Recruitment"),
    "ICT": ("Software", "Networks", "Data Services", "Telecoms"),
    "health and wellbeing": ("Wellbeing", "Physiotherapy", "Leisure", "Public Health Services"),
    "education and training": ("Training", "Tutoring", "Learning", "School Supplies"),
    "energy and utilities": ("Energy", "Water Services"),
    "grants and levies": ("Community Fund", "Joint Services"),
}


def invented_words() -> list[str]:
    """Four thousand different words, in an order that does not put like beside like."""
    words = ["".join(parts) for parts in product(STARTS, MIDDLES, ENDS)]
    # 1,009 is prime to 4,000, so the stride visits every word once.
    return [words[index * 1009 % len(words)] for index in range(len(words))]


def legal_form(size: str, is_vcse: bool, is_sole_trader: bool, is_charity: bool) -> str:
    """The end of a name, so that it fits what the other columns say."""
    if is_sole_trader:
        return "(sole trader)"
    if is_vcse:
        return "Community Trust" if is_charity else "CIC"
    return {"large": "plc", "medium": "Group Ltd", "small": "Ltd", "micro": "& Partners LLP"}[size]
