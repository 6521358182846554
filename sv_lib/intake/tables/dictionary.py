"""The canonical input tables: every column, its kind and its meaning, said once.

The pandera contracts, the check command, ``docs/data-inputs.md`` and the demo generator are all
made from this. In a file, money is pounds (``1234.56``); in a frame it is whole pence under the
same name with ``_pence`` added. Every frame also holds ``source_file`` and ``source_row`` (the row
a person sees in a spreadsheet; the header is 1).
"""

from __future__ import annotations

from sv_lib.intake.tables.columns import Column, Kind, Table

STATES = ("reported", "evidenced", "validated", "rejected")
IS_SME = {"micro": "yes", "small": "yes", "medium": "yes", "large": "no"}
SIZES = tuple(IS_SME)
CATEGORIES = (
    "construction",
    "social care",
    "children's services",
    "environment and waste",
    "highways and transport",
    "facilities and property",
    "professional services",
    "ICT",
    "health and wellbeing",
    "education and training",
    "energy and utilities",
    "grants and levies",
)
PARTNERS = (
    "Chamber",
    "parish council",
    "business network",
    "community network",
    "LinkedIn",
    "suppliers",
)
RAG = ("complete", "on track", "at risk", "late", "not started")
UNDER_CONTRACT = (("contract_id", "contracts.contract_id"),)
KPI_RATINGS = ("Good", "Approaching target", "Requires improvement", "Inadequate", "Other")


def _c(name: str, kind: Kind, meaning: str, *flags: str, choices: tuple[str, ...] = ()) -> Column:
    return Column(
        name, kind, meaning, "filled" in flags, "optional" in flags, choices, "unique" in flags
    )


PAYMENTS = Table(
    "payments",
    "Every payment of the council's ledger, one line each, net of VAT.",
    (
        _c("payment_id", "text", "the ledger's own number", "filled"),
        _c("paid_on", "date", "date of payment", "filled"),
        _c("supplier_id", "text", "number of the supplier in suppliers; blank when redacted"),
        _c("supplier_name", "text", "name as printed in the ledger"),
        _c("directorate", "text", "part of the council that paid"),
        _c("category", "text", "category of spend"),
        _c("amount", "pounds", "amount net of VAT; credits are negative", "filled"),
        _c("contract_id", "text", "contract it was paid under; blank when none", "optional"),
        _c("is_card", "yes_no", "paid by purchase card", "optional"),
    ),
    money="amount_pence",
)

SUPPLIERS = Table(
    "suppliers",
    "The council's supplier list.",
    (
        _c("supplier_id", "text", "the council's number", "filled", "unique"),
        _c("supplier_name", "text", "trading name", "filled"),
        _c("postcode", "text", "where the supplier is based"),
        _c("company_number", "text", "Companies House number, eight characters"),
        _c("charity_number", "text", "charity number"),
        _c("size", "choice", "size by the usual UK definition", choices=SIZES),
        _c("is_vcse", "yes_no", "voluntary, community or social enterprise"),
        _c("is_sme", "yes_no", "small or medium, where the size itself is not known", "optional"),
        _c("is_sole_trader", "yes_no", "a person trading alone: personal data"),
        _c(
            "is_minority_ethnic_led",
            "choice",
            "voluntary declaration of ownership; blank when not answered",
            choices=("yes", "no", "prefer not to say"),
        ),
        _c("pays_real_living_wage", "yes_no", "accredited or declared Real Living Wage employer"),
        _c("first_paid_on", "date", "first payment ever made to the supplier"),
    ),
)

CONTRACTS = Table(
    "contracts",
    "The contracts register.",
    (
        _c("contract_id", "text", "the register's reference", "filled", "unique"),
        _c("title", "text", "what it is for", "filled"),
        _c("supplier_id", "text", "who holds it", "filled"),
        _c("directorate", "text", "who let it", "filled"),
        _c("category", "choice", "category of spend", "filled", choices=CATEGORIES),
        _c("value", "pounds", "value over its whole life", "filled"),
        _c("awarded_on", "date", "award", "filled"),
        _c("starts_on", "date", "first day", "filled"),
        _c("ends_on", "date", "last day as now planned, extensions included", "filled"),
        _c("stopped_on", "date", "last day where it stopped before ends_on"),
        _c("was_extended", "yes_no", "an extension moved ends_on"),
        _c("predecessor_id", "text", "contract that this one re-lets"),
        _c(
            "edition",
            "text",
            "TOMs edition fixed at tender; blank when no social value was asked for",
        ),
        _c("social_value_weight_pct", "quantity", "weight of social value in the tender score, %"),
        _c("social_value_score_pct", "quantity", "winner's social value score, %"),
        _c("changed_ranking", "yes_no", "social value changed who won"),
        _c(
            "plan",
            "choice",
            "delivery plan or milestone tracker held",
            choices=("delivery plan", "milestone tracker"),
        ),
        _c("wage_clause", "yes_no", "Real Living Wage clause flows down to sub-contractors"),
        _c(
            "kpi_rating",
            "choice",
            "latest rating where the Procurement Act asks for one",
            choices=KPI_RATINGS,
        ),
        _c("project", "text", "local project it belongs to"),
        _c("project_status", "text", "one line on progress"),
        _c("bids", "whole", "bids that its tender brought; blank when not recorded", "optional"),
        _c(
            "first_time_bids",
            "whole",
            "of them from firms new to bidding here; blank when not recorded",
            "optional",
        ),
    ),
    links=(("supplier_id", "suppliers.supplier_id"),),
)

CONTRACT_PLACES = Table(
    "contract_places",
    "Where each contract's work is done, as shares that sum to 1.",
    (
        _c("contract_id", "text", "contract", "filled"),
        _c("place", "text", "a ward code, or: borough-wide, outside, not known", "filled"),
        _c("share", "share", "share of the contract, 0 to 1", "filled"),
    ),
    links=UNDER_CONTRACT,
)

QUANTITIES = Table(
    "quantities",
    "What was bought under a contract, or how its price moved: tells price and volume "
    "of a change apart.",
    (
        _c("contract_id", "text", "contract", "filled"),
        _c("period_start", "date", "first day", "filled"),
        _c("period_end", "date", "last day", "filled"),
        _c(
            "unit",
            "text",
            "what is counted, such as hours of care, or the name of the index",
            "filled",
        ),
        _c(
            "quantity",
            "quantity",
            "units bought in the days from first to last; blank when not counted",
        ),
        _c(
            "price_index",
            "quantity",
            "its unit price, or an index that its prices follow; blank when there is none",
        ),
    ),
    links=UNDER_CONTRACT,
)

COMMITMENTS = Table(
    "commitments",
    "What suppliers promised over the life of each contract.",
    (
        _c("commitment_id", "text", "reference", "filled", "unique"),
        _c("contract_id", "text", "contract", "filled"),
        _c("measure_ref", "text", "TOMs measure", "filled"),
        _c("quantity", "quantity", "promised over the whole life, in the measure's unit", "filled"),
        _c("attribution", "share", "supplier's own share of the benefit, 0 to 1", "filled"),
        _c("targeted_on", "date", "target set at tender"),
        _c("committed_on", "date", "date it became contractual; blank while still a target"),
    ),
    links=UNDER_CONTRACT,
)

MILESTONES = Table(
    "milestones",
    "When parts of a commitment fall due, where the contract says so; otherwise it is "
    "a straight line.",
    (
        _c("commitment_id", "text", "commitment", "filled"),
        _c("due_on", "date", "due", "filled"),
        _c("quantity", "quantity", "part of the promise due on that day", "filled"),
    ),
    links=(("commitment_id", "commitments.commitment_id"),),
)

RETURNS = Table(
    "returns",
    "Suppliers' quarterly returns: one claim a line.",
    (
        _c("claim_id", "text", "reference", "filled", "unique"),
        _c("contract_id", "text", "contract", "filled"),
        _c("commitment_id", "text", "commitment it delivers; blank when it was never promised"),
        _c("measure_ref", "text", "TOMs measure", "filled"),
        _c("period_start", "date", "first day of the quarter", "filled"),
        _c("period_end", "date", "last day of the quarter", "filled"),
        _c(
            "quantity",
            "quantity",
            "delivered in the quarter; negative only in a correction",
            "filled",
        ),
        _c("attribution", "share", "supplier's own share, 0 to 1", "filled"),
        _c("attribution_reason", "text", "why it is below 1"),
        _c("headcount", "whole", "people behind the quantity, where the measure counts people"),
        _c("activity_key", "text", "key of the activity or person, so that nothing counts twice"),
        _c("state", "choice", "where the claim stands", "filled", choices=STATES),
        _c("reported_on", "date", "received", "filled"),
        _c("evidenced_on", "date", "evidence received"),
        _c("validated_on", "date", "validated by the council"),
        _c("rejected_on", "date", "rejected"),
        _c("rejection_reason", "text", "why"),
        _c("corrects_claim_id", "text", "claim that a negative quantity corrects"),
    ),
    links=UNDER_CONTRACT,
)

BENEFICIARIES = Table(
    "beneficiaries",
    "Home areas of the people behind a claim. Areas, never names or addresses.",
    (
        _c("claim_id", "text", "claim", "filled"),
        _c("home_lsoa_code", "text", "LSOA of the home; blank when not known"),
        _c("headcount", "whole", "people with that home area", "filled"),
    ),
    links=(("claim_id", "returns.claim_id"),),
)

RETURN_LOG = Table(
    "return_log",
    "Which quarterly returns were due and which came.",
    (
        _c("contract_id", "text", "contract", "filled"),
        _c("quarter_end", "date", "last day of the quarter", "filled"),
        _c("due_on", "date", "due", "filled"),
        _c("received_on", "date", "came; blank when it did not"),
    ),
    links=UNDER_CONTRACT,
)

SUPPLY_CHAIN = Table(
    "supply_chain",
    "Spend of main contractors with their own suppliers (tier two).",
    (
        _c("contract_id", "text", "contract", "filled"),
        _c("period_end", "date", "last day of the quarter", "filled"),
        _c("kind", "choice", "what was bought", "filled", choices=("sub-contract", "materials")),
        _c("postcode", "text", "where the second-tier supplier is based"),
        _c("amount", "pounds", "amount", "filled"),
        _c("basis", "choice", "how it is known", "filled", choices=("declared", "evidenced")),
    ),
    links=UNDER_CONTRACT,
    money="amount_pence",
)

POSTCODES = Table(
    "postcodes",
    "Postcode to places.",
    (
        _c("postcode", "text", "postcode", "filled", "unique"),
        _c("ward_code", "text", "the postcode's own ward"),
        _c("lsoa_code", "text", "LSOA"),
        _c("lad_code", "text", "district", "filled"),
        _c("region_code", "text", "region", "filled"),
    ),
)

DEPRIVATION = Table(
    "deprivation",
    "Deprivation of each LSOA of the council's area.",
    (
        _c("lsoa_code", "text", "LSOA", "filled", "unique"),
        _c("ward_code", "text", "best-fit ward", "filled"),
        _c("imd_decile", "whole", "1 is the most deprived 10% in England", "filled"),
        _c("residents", "whole", "usual residents; blank when the source has none"),
    ),
)

WARD_DEPRIVATION = Table(
    "ward_deprivation",
    "Deprivation of each ward, from the official figures.",
    (
        _c("ward_code", "text", "ward", "filled", "unique"),
        _c("residents", "whole", "usual residents"),
        _c("lsoas", "whole", "LSOAs in the ward", "filled"),
        _c(
            "lsoas_most_deprived_10pct", "whole", "of them in England's most deprived 10%", "filled"
        ),
        _c(
            "lsoas_most_deprived_20pct", "whole", "of them in England's most deprived 20%", "filled"
        ),
        _c("imd_score", "quantity", "population-weighted mean score"),
        _c(
            "position", "whole", "position among the council's wards, 1 the most deprived", "filled"
        ),
        _c("source", "text", "where the facts come from", "filled"),
    ),
)

QUOTES = Table(
    "quotes",
    "Purchases under the quotes threshold.",
    (
        _c("exercise_id", "text", "reference", "filled", "unique"),
        _c("on", "date", "date", "filled"),
        _c("directorate", "text", "who bought", "filled"),
        _c("amount", "pounds", "amount", "filled"),
        _c("quotes_invited", "whole", "quotes invited"),
        _c("quotes_received", "whole", "quotes received"),
        _c("local_quotes", "whole", "of them from the borough; blank when not recorded"),
        _c("reason", "text", "why there was no local quote"),
    ),
)

EVENTS = Table(
    "events",
    "Engagement: held and planned.",
    (
        _c("event_id", "text", "reference", "filled", "unique"),
        _c("on", "date", "date", "filled"),
        _c("title", "text", "what", "filled"),
        _c("partner", "choice", "with whom", "filled", choices=PARTNERS),
        _c("ward_code", "text", "ward; blank when borough-wide, or that of the parish"),
        _c("parish", "text", "parish"),
        _c("attendance", "whole", "who came, or reach of a post; blank when not recorded"),
        _c("contact", "text", "role to ask, not a name", "filled"),
    ),
)

PARISHES = Table(
    "parishes",
    "Every parish council with each ward that it lies in, by best fit.",
    (
        _c("parish", "text", "parish", "filled"),
        _c("ward_code", "text", "ward that it lies in", "filled"),
    ),
)

ACTIONS = Table(
    "actions",
    "The action plan.",
    (
        _c("action_id", "text", "reference", "filled", "unique"),
        _c("action", "text", "what", "filled"),
        _c("owner", "text", "role, not a name", "filled"),
        _c("due_on", "date", "due", "filled"),
        _c("status", "choice", "RAG status", "filled", choices=RAG),
        _c("progress", "text", "one sentence", "filled"),
    ),
)

PRIORITIES = Table(
    "priorities",
    "Priorities set for a year, and those recommended for the next.",
    (
        _c("priority_id", "text", "reference", "filled", "unique"),
        _c("year", "whole", "social value year, by the year it ends in", "filled"),
        _c("priority", "text", "what", "filled"),
        _c("status", "choice", "status", "filled", choices=(*RAG, "recommended")),
        _c("figure_id", "text", "the figure that is its evidence", "filled"),
        _c("next_step", "text", "one sentence", "filled"),
    ),
)

NO_SECTION = ("Headlines", "Ward reports")
"""Where else than in a section a question of the Board may be answered."""
SCRUTINY = Table(
    "scrutiny",
    "What the Board asked and resolved.",
    (
        _c("question_id", "text", "reference", "filled", "unique"),
        _c("asked_on", "date", "meeting", "filled"),
        _c("body", "text", "which body", "filled"),
        _c("question", "text", "what was asked, in our words", "filled"),
        _c(
            "section",
            "text",
            "section of the report that answers it, or Headlines, or Ward reports",
            "filled",
        ),
        _c("figure_id", "text", "figure that answers it; blank when words do"),
        _c(
            "answer",
            "text",
            "one sentence; what cannot be answered yet, and what to collect",
            "filled",
        ),
    ),
)

STORIES = Table(
    "stories",
    "Case studies, each tied to a contract and a measure, with consent.",
    (
        _c("story_id", "text", "reference", "filled", "unique"),
        _c("on", "date", "date", "filled"),
        _c("title", "text", "title", "filled"),
        _c("story", "text", "two to five sentences of Markdown", "filled"),
        _c("contract_id", "text", "contract", "filled"),
        _c("measure_ref", "text", "measure", "filled"),
        _c("quantity", "quantity", "quantity behind the story", "filled"),
        _c("ward_code", "text", "ward it is about", "filled"),
        _c("consent_on", "date", "consent to publish given on; refused when blank", "filled"),
        _c("checked_by", "text", "role that checked it", "filled"),
        _c("photo", "text", "file of its photo, one of those under `story_photos`", "optional"),
        _c(
            "photo_alt",
            "text",
            "what the photo shows, for who cannot see it; refused when blank",
            "optional",
        ),
        _c(
            "photo_consent_on",
            "date",
            "consent to publish the photo given on; refused when blank",
            "optional",
        ),
    ),
    links=UNDER_CONTRACT,
)

PUBLISHED_HISTORY = Table(
    "published_history",
    "What the council has already published.",
    (
        _c("period", "text", "period as published", "filled"),
        _c("figure", "text", "what it measures", "filled"),
        _c("published", "text", "value as published", "filled"),
        _c("unit", "text", "unit", "filled"),
        _c("source", "text", "page it comes from", "filled"),
        _c("note", "text", "what to know about it"),
    ),
)

PROXIES = Table(
    "proxies",
    "Proxy values by edition. One without source and checker is refused.",
    (
        _c("measure_ref", "text", "measure", "filled"),
        _c("edition", "text", "edition", "filled"),
        _c("unit", "text", "unit it is a price for", "filled"),
        _c("proxy", "quantity", "pounds per unit, never rounded; blank: recorded only"),
        _c("source", "text", "source", "filled"),
        _c("source_place", "text", "page, sheet or row in the source", "filled"),
        _c("checked_by", "text", "role that checked it", "filled"),
        _c("checked_on", "date", "when", "filled"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PAYMENTS,
        SUPPLIERS,
        CONTRACTS,
        CONTRACT_PLACES,
        QUANTITIES,
        COMMITMENTS,
        MILESTONES,
        RETURNS,
        BENEFICIARIES,
        RETURN_LOG,
        SUPPLY_CHAIN,
        POSTCODES,
        DEPRIVATION,
        WARD_DEPRIVATION,
        QUOTES,
        EVENTS,
        PARISHES,
        ACTIONS,
        PRIORITIES,
        SCRUTINY,
        STORIES,
        PUBLISHED_HISTORY,
        PROXIES,
    )
}
