import json
from pathlib import Path

from odoo.exceptions import UserError

from odoo.addons.sms.tools.sms_api import SmsApiBase


class SmsApiFolder(SmsApiBase):
    """A gateway that sends nothing: each text message becomes a file in the data of the database."""

    fiction = True  # it may be given the numbers of films, which are nobody's

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Write the messages; the same uuid given twice is written once.

        :return: what Odoo's gateways return: ``[{"uuid", "state"}]``
        """
        folder = Path(f"{self.env['ir.attachment']._filestore()}-sms")
        problem = None
        try:
            self._write(folder, messages)
        except OSError as error:
            problem = error.strerror or str(error)
        if problem:  # raised from nothing: before anything has left, as whoever reads it sees
            raise UserError(self.env._("The folder cannot be written: %(error)s", error=problem))
        return [
            {"uuid": one["uuid"], "state": "success"} for message in messages for one in message["numbers"]
        ]  # fmt: skip

    def _write(self, folder, messages):
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            for one in message["numbers"]:
                content = {"to": one["number"], "from": self.company.name, "text": message["content"]}
                (folder / f"{one['uuid']}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1))
