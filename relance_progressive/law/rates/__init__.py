from . import dunning_interest_rate
from . import interest_rate_shipped
from . import interest_rate_verify
from . import interest_rate_missing
from . import dunning_interest_rate_import
from . import interest_words
from . import interest_terms
from . import interest_partner
