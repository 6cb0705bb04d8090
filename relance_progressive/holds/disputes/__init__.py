from . import dunning_dispute_reason
from . import dunning_dispute
from . import dunning_dispute_line
from . import dispute_follow
from . import dispute_credit_note
from . import dispute_display
from . import dunning_dispute_resolve
