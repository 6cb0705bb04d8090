from . import dunning_level
from . import dunning_letter
from . import letter_pdf
from . import ir_actions_report
