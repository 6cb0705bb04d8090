import json
import os
import re
import tempfile
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import config

from ...core.law import notice
from ..dunning_channel import ACCEPTED, DELAYED, Outcome
from .provider import Answer, News, Proof

FOLDER = "dunning_lre"
REFERENCE = re.compile(r"[\w-]+")


class DunningLreProviderLocal(models.AbstractModel):
    """A provider that sends nothing: it keeps everything in a folder of Odoo's data directory.

    One folder for each item: ``message.json``, ``letter.pdf``, ``state.json`` with what happened to it,
    and a proof for each event, with its moment and its unique number. The addressee is told at once and
    has 15 days; ``_accept``, ``_refuse`` and ``_lapse`` play his part. An item that nobody
    touches lapses by itself when it is asked for after its last day.
    """

    _name = "dunning.lre.provider.local"
    _inherit = ["dunning.lre.provider"]
    _description = "Local Provider of Electronic Registered Letters"

    # === CONTRACT === #

    @api.model
    def _send(self, company, item):
        folder = self._folder(item.reference)
        if folder.exists():
            return Answer(Outcome(ACCEPTED))  # given twice, sent once
        now = fields.Datetime.now()
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".draft-"))
            message = item._replace(pdf=b"")._asdict() | {"pdf": "letter.pdf", "sent_at": str(now)}
            (draft / "letter.pdf").write_bytes(item.pdf)
            _write(draft / "message.json", message)
            _write(draft / "state.json", [])
            self._happens(draft, notice.HANDED_IN, now, item.reference)
            self._happens(draft, notice.PRESENTED, now, item.reference)
            draft.rename(folder)  # in one stroke: before it, nothing has left
        except OSError as error:
            reason = self.env._("The folder of the provider cannot be written: %(error)s", error=error.strerror)
            return Answer(Outcome(DELAYED, reason))
        return Answer(Outcome(ACCEPTED))

    @api.model
    def _poll(self, company, references, now):
        result = {}
        for reference in references:
            folder = self._folder(reference)
            if folder.exists():
                self._lapse_if_late(folder, reference, now)
                result[reference] = [
                    News(event["kind"], fields.Date.to_date(event["at"][:10]), event["uid"])
                    for event in _read(folder / "state.json")
                ]
        return result

    @api.model
    def _fetch_proofs(self, company, reference):
        folder = self._folder(reference)
        return [
            Proof(event["kind"], event["proof"], (folder / event["proof"]).read_bytes(), "text/plain")
            for event in _read(folder / "state.json")
        ]

    # === THE ADDRESSEE === #

    @api.model
    def _accept(self, reference, moment):
        """Have the addressee accept an item."""
        self._happens(self._folder(reference), notice.DELIVERED, moment, reference)

    @api.model
    def _refuse(self, reference, moment):
        """Have the addressee refuse an item."""
        self._happens(self._folder(reference), notice.REFUSED, moment, reference)

    @api.model
    def _lapse(self, reference, moment):
        """Have the 15 days of an item pass without a word."""
        self._happens(self._folder(reference), notice.UNCLAIMED, moment, reference)

    def _lapse_if_late(self, folder, reference, now):
        events = {event["kind"]: event["at"] for event in _read(folder / "state.json")}
        if any(kind in events for kind in notice.ENDS):
            return
        last_day = fields.Datetime.to_datetime(events[notice.PRESENTED]) + timedelta(days=notice.DAYS_TO_ACCEPT)
        if now.date() > last_day.date():
            self._lapse(reference, datetime.combine(last_day.date() + timedelta(days=1), datetime.min.time()))

    # === FILES === #

    @api.model
    def _folder(self, reference):
        """Return the folder of an item.

        :raise ValueError: for a reference that is no file name
        """
        if not REFERENCE.fullmatch(reference or ""):
            raise ValueError(reference)
        return self._root() / reference

    @api.model
    def _root(self):
        """Return the folder of this database."""
        return Path(config["data_dir"]) / FOLDER / self.env.cr.dbname

    def _happens(self, folder, kind, moment, reference):
        """Write the proof of an event, then the event; once for each kind."""
        state = _read(folder / "state.json")
        if any(event["kind"] == kind for event in state):
            return
        uid, name = uuid.uuid4().hex, f"{len(state) + 1}-{kind}.txt"
        at = fields.Datetime.to_string(moment)
        lines = {"Proof": kind, "Item": reference, "At (UTC)": at, "Number": uid, "Provider": "local, sends nothing"}
        (folder / name).write_text("".join(f"{label}: {value}\n" for label, value in lines.items()), encoding="utf-8")
        _write(folder / "state.json", [*state, {"kind": kind, "at": at, "uid": uid, "proof": name}])


def _read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path, data):
    """Write a file in one stroke: whoever reads it at the same time sees the old one or the new one."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(data, indent=1), encoding="utf-8")
    os.replace(draft, path)
