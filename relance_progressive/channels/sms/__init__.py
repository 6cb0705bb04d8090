from . import channel_sms
from . import gateway
from . import folder
from . import text
from . import news
