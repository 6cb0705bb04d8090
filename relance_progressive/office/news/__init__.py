from . import dunning_digest
from . import dunning_notice
from . import engine_digest
from . import dunning_plan
from . import dunning_account_settled
from . import dunning_promise_warning
from . import engine_thanks
