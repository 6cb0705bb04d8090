from . import dunning_frame
from . import mail_template
from . import dunning_level
from . import dunning_letter
from . import letter_pdf
from . import ir_actions_report
from . import dunning_reminder
