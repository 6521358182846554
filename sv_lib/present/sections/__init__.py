"""The sections of the pages: each module names the pieces that its functions make.

Notebooks print them by these names, in the order of their cells; ``pieces.py`` says how. All of
them are known once this room is loaded.
"""

import sv_lib.present.sections.actions
import sv_lib.present.sections.annex
import sv_lib.present.sections.briefing
import sv_lib.present.sections.change
import sv_lib.present.sections.delivery
import sv_lib.present.sections.deprivation
import sv_lib.present.sections.figure_lines
import sv_lib.present.sections.forecast
import sv_lib.present.sections.front
import sv_lib.present.sections.governance
import sv_lib.present.sections.methods
import sv_lib.present.sections.money
import sv_lib.present.sections.own
import sv_lib.present.sections.stories
import sv_lib.present.sections.ward
import sv_lib.present.sections.ward_ahead
import sv_lib.present.sections.ward_map
import sv_lib.present.sections.ward_questions
import sv_lib.present.sections.wards
import sv_lib.present.sections.watched
import sv_lib.present.sections.you_asked
