"""What the notebooks call: each function takes a report and returns a part of its page."""

from sv_lib.present.ladder import LADDER, standing
from sv_lib.present.sections.actions import action_plan
from sv_lib.present.sections.annex import (
    choices,
    data_quality,
    glossary,
    how_sure_we_are,
    method_in_brief,
)
from sv_lib.present.sections.briefing import (
    briefing_numbers,
    found_and_asked,
    where_and_when,
    who_to_call,
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
from sv_lib.present.sections.figure_lines import figures_in_full
from sv_lib.present.sections.forecast import back_test, expected_at_mid_year, forecast
from sv_lib.present.sections.front import cover_page
from sv_lib.present.sections.governance import compliance, engagement, opportunities, pipeline
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
from sv_lib.present.sections.stories import stories
from sv_lib.present.sections.ward import ward_front
from sv_lib.present.sections.ward_ahead import (
    ending_here,
    events_here,
    projects_here,
    story_here,
    ward_foot,
)
from sv_lib.present.sections.ward_map import ward_maps
from sv_lib.present.sections.ward_questions import ask_next
from sv_lib.present.sections.wards import ward_summary
from sv_lib.present.sections.you_asked import you_asked

# What was not supplied is left out: one rule for every section, in ``ladder.yaml``.
for _name in LADDER.sections:
    globals()[_name] = standing(globals()[_name])
