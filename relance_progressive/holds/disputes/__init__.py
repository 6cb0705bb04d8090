from . import dunning_dispute_reason
from . import dunning_dispute
from . import dunning_dispute_line
from . import follow
from . import credit_note
from . import display
from . import dunning_dispute_resolve
