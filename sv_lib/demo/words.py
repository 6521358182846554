"""The words of the synthetic tables: titles of contracts, directorates, reasons, events. Roles only, never a person."""

from __future__ import annotations

DIRECTORATES: dict[str, str] = {
    "construction": "Regeneration and Environment",
    "social care": "Adult Care, Housing and Public Health",
    "children's services": "Children and Young People's Services",
    "environment and waste": "Regeneration and Environment",
    "highways and transport": "Regeneration and Environment",
    "facilities and property": "Finance and Customer Services",
    "professional services": "Assistant Chief Executive",
    "ICT": "Finance and Customer Services",
    "health and wellbeing": "Adult Care, Housing and Public Health",
    "education and training": "Children and Young People's Services",
    "energy and utilities": "Finance and Customer Services",
    "grants and levies": "Assistant Chief Executive",
}

TITLES: dict[str, tuple[str, ...]] = {
    "construction": ("Housing improvement works", "School roof renewal", "Library refurbishment", "New council homes",
                     "Heritage building repairs", "Public realm works"),
    "social care": ("Home care and support", "Extra-care housing support", "Supported living", "Day opportunities",
                    "Carers' respite"),
    "children's services": ("Fostering support", "Children's residential care", "Early help for families",
                            "Short breaks"),
    "environment and waste": ("Recycling collection support", "Parks and grounds maintenance", "Tree planting",
                              "Household waste sites"),
    "highways and transport": ("Road resurfacing", "Footway repairs", "School transport", "Traffic signals",
                               "Cycle route"),
    "facilities and property": ("Building cleaning", "Security and reception", "Heating maintenance",
                                "School catering"),
    "professional services": ("Design services", "Valuation and surveying", "Temporary staffing", "Legal support"),
    "ICT": ("Case management system", "Network and telephony", "Devices and support", "Digital inclusion"),
    "health and wellbeing": ("Sexual health service", "Stop smoking service", "Leisure and activity programme",
                             "Drug and alcohol recovery"),
    "education and training": ("Adult skills programme", "Tutoring", "Apprenticeship training", "School improvement"),
    "energy and utilities": ("Electricity supply", "Water and drainage services"),
    "grants and levies": ("Advice services grant", "Voluntary sector infrastructure grant"),
}  # fmt: skip

PROJECT_STATUS = (
    "Work follows the agreed programme and is reviewed each quarter.",
    "On site; ward members are briefed by the project manager.",
    "The programme was revised with the contractor and is monitored monthly.",
    "Design is agreed with the neighbourhood; works are phased.",
)

ATTRIBUTION_REASON = "Shared with another contract of the supplier; half of the benefit is counted here."
REJECTION_REASONS = (
    "Evidence did not show that the benefit came from this contract.",
    "The same activity was already claimed in an earlier quarter.",
    "Home areas were outside the borough.",
)
NO_LOCAL_QUOTE = (
    "No Rotherham firm offers it", "Local firms invited, none quoted", "Specialist or licensed supply",
    "Urgent repair", "Existing framework used",
)  # fmt: skip

EVENTS: dict[str, tuple[str, ...]] = {
    "Chamber": ("Meet the buyer with the Chamber", "Chamber breakfast: selling to the council",
                "Chamber workshop: writing a social value offer"),
    "parish council": ("Opportunities briefing for the parish council", "Parish council: projects near you"),
    "business network": ("Small firms' network: contracts coming up", "Network for minority ethnic-led businesses",
                         "Women in business: first steps in tendering"),
    "community network": ("Community organisations' forum: working with contractors",
                          "Voluntary sector briefing: matching need and offer"),
    "LinkedIn": ("Post: contract opportunities this month", "Post: what social value means", "Post: quotes wanted"),
    "suppliers": ("Quarterly returns: how to evidence them", "Contract managers' and suppliers' review"),
}  # fmt: skip
"""Partner -> titles."""

CONTACTS: dict[str, str] = {
    "Chamber": "Business growth officer",
    "parish council": "Parish liaison officer",
    "business network": "Business growth officer",
    "community network": "Voluntary sector liaison officer",
    "LinkedIn": "Communications officer",
    "suppliers": "Social value officer",
}

PARISHES: dict[str, str] = {
    "Anston": "E05012993", "Woodsetts": "E05012993", "Aston cum Aughton": "E05012994", "Todwick": "E05012994",
    "Bramley": "E05012997", "Ravenfield": "E05012997", "Brinsworth": "E05012998", "Dalton": "E05012999",
    "Thrybergh": "E05012999", "Dinnington St John's": "E05013000", "Hellaby": "E05013002",
    "Brampton Bierlow": "E05013003", "Wentworth": "E05013003", "Maltby": "E05013006", "Catcliffe": "E05013009",
    "Treeton": "E05013009", "Whiston": "E05013012", "Thurcroft": "E05013014", "Wales": "E05013015",
    "Wickersley": "E05013017",
}  # fmt: skip
"""Parish -> the ward that most of it lies in; for the demonstration's events alone."""
