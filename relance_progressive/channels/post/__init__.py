from . import provider
from . import channel_letter
from . import snailmail
from . import mailing
from . import mailing_letter
from . import wizards
