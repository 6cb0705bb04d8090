from . import channel_note
