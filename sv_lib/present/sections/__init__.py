"""What the notebooks call: each function takes a report and returns a part of its page."""

from sv_lib.present.sections.annex import (
    choices,
    data_quality,
    figures_in_full,
    glossary,
    method_in_brief,
    number_sources,
    quality_in_brief,
)
from sv_lib.present.sections.change import why_it_changed
from sv_lib.present.sections.delivery import (
    jobs_and_skills,
    measures,
    priorities,
    promise_to_delivery,
    recommended_priorities,
    top_contracts,
)
from sv_lib.present.sections.deprivation import deprivation
from sv_lib.present.sections.forecast import back_test, expected_at_mid_year, forecast
from sv_lib.present.sections.front import cover_page
from sv_lib.present.sections.governance import (
    action_plan,
    compliance,
    engagement,
    opportunities,
    pipeline,
    questions,
    stories,
)
from sv_lib.present.sections.methods import (
    assumptions,
    editions,
    measure_pages,
    methods_cover,
    overlaps_found,
    revisions,
    series_break,
    small_numbers,
    worked_through,
)
from sv_lib.present.sections.money import published_history, suppliers, where_the_money_goes
from sv_lib.present.sections.own import own_figures
from sv_lib.present.sections.ward import (
    deprivation_here,
    projects_here,
    story_and_events,
    ward_foot,
    ward_front,
)
from sv_lib.present.sections.wards import ward_summary
