from . import channel_sms
from . import gateway
from . import news
