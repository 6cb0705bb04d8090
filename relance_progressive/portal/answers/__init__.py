from . import dunning_portal_answer
from . import answer_forms
from . import answer_record
from . import answer_words
from . import answer_end
from . import answer_contact
from . import answer_controller
