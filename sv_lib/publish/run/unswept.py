"""Imported first by the process that workers are forked from: libraries load a fifth quicker when
nothing is swept.
"""

import gc

gc.disable()  # until ``warm`` has loaded all
