from . import dunning_digest
from . import dunning_notice
from . import dunning_plan
from . import dunning_promise_warning
from . import dunning_thanks
