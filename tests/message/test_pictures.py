"""Nothing that people write has the server, or a colleague, fetch something from anywhere."""

import base64

from odoo.tests import TransactionCase, tagged

from odoo.addons.relance_progressive.relance_progressive.message import pictures

from ..common.letter import LetterCommon

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
INSIDE = f"data:image/png;base64,{base64.b64encode(DOT).decode()}"
PLACES = (
    "http://169.254.169.254/latest", "file:///etc/passwd", "//inside.example/x.png", "/web/session/logout",
    "/web/image/res.users/1/image_1920", "\\\\inside\\share", " HTTP://inside.example", "data:text/html;base64,PGI+",
    "/web/image/999999999", "/../../etc/passwd", "/base/static/../../x.png",
)  # fmt: skip
SHAPES = (
    '<img src="{0}">', '<img srcset="{0} 2x" src="x">', '<iframe src="{0}"></iframe>', '<embed src="{0}">',
    '<object data="{0}"></object>', '<div style="background: url({0})">x</div>',
    "<p style=\"background:URL( '{0}' )\">x",
    '<table background="{0}"><tr><td>x</td></tr></table>', '<svg><image href="{0}"/></svg>', '<p src="{0}">x</p>',
    '<svg><image xlink:href="{0}"/></svg>', '<svg><use href="{0}"/></svg>', '<style>@import "{0}";</style>',
    '<style>p {{background: url("{0}")}}</style>', '<link rel="stylesheet" href="{0}">',
    '<video poster="{0}"></video>', '<div style="background: image-set(\'{0}\' 1x)">x</div>',
    '<audio src="{0}"></audio>', '<base href="{0}">', '<script src="{0}"></script>', '<input type="image" src="{0}">',
    '<div style="background: u\\72l({0})">x</div>', '<picture><source srcset="{0}"><img src="{0}"></picture>',
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestSelfContained(TransactionCase):
    def test_nothing_is_loaded(self):
        def nothing(_address):
            return ""

        for place in PLACES:
            for shape in SHAPES:
                html = shape.format(place)
                for document in (html, f"<!DOCTYPE html><html><head></head><body>{html}<p>Text</p></body></html>"):
                    with self.subTest(document):
                        self.assertNotIn(place.strip(), pictures.self_contained(document, nothing))

    def test_the_text_stays(self):
        html = '<p>One <img src="http://x.example/a.png"> two</p><p style="color: red">three &amp; four</p>'
        left = pictures.self_contained(html, lambda _address: "")
        self.assertEqual(left, '<p>One  two</p><p style="color: red">three &amp; four</p>')
        plain = '<p>Nothing <a href="https://pay.example">to load</a></p>'
        self.assertEqual(pictures.self_contained(plain, lambda _address: ""), plain)
        inside = f'<img src="{INSIDE}">'
        self.assertIn(INSIDE, pictures.self_contained(inside, lambda _address: ""))
        taken = '<p style="background: url(/a)"><img src="/a"></p>'
        self.assertEqual(pictures.self_contained(taken, lambda _address: INSIDE).count(INSIDE), 2)


@tagged("post_install", "-at_install")
class TestPicturesOfLetters(LetterCommon):
    def picture(self, record=None, **values):
        return self.env["ir.attachment"].sudo().create({
            "name": "a.png", "raw": DOT, "res_model": record and record._name, "res_id": record and record.id, **values,
        })  # fmt: skip

    def setUp(self):
        super().setUp()
        self.quick()
        self.customer = self.customer_by_post()
        self.prepare()
        self.reminder = self.reminders(self.customer)

    def letter(self, *pictures):
        text = "".join(f'<p><img src="{picture}"/></p>' for picture in pictures)
        self.reminder.sudo().own_text = f"<p>Please pay.</p>{text}"
        letters, _broken = self.env["dunning.letter"]._compose(self.reminder, self.recipients(self.reminder))
        return letters[self.reminder.id].html

    def test_a_picture_from_elsewhere_is_left_out(self):
        stranger = self.make_customer("Stranger")
        other = self.picture(stranger)
        html = self.letter("http://169.254.169.254/latest/meta-data", f"/web/image/{other.id}", "/web/image/1")
        self.assertIn("Please pay.", html)
        self.assertNotIn("169.254", html)
        self.assertNotIn("/web/image/", html)
        self.assertNotIn(INSIDE, html)

    def test_a_picture_of_the_reminder_is_in_the_letter(self):
        own = self.picture(self.reminder)
        for address in (
            f"/web/image/{own.id}", f"/web/image/{own.id}-abc/a.png?access_token=x", f"/web/content/{own.id}",
        ):  # fmt: skip
            self.assertEqual(self.letter(address).count(INSIDE), 1, address)
        self.assertEqual(self.letter(f"/web/image/{self.picture(self.company).id}").count(INSIDE), 1)

    def test_one_that_names_others_is_not_taken(self):
        svg = self.picture(self.reminder, name="a.svg", mimetype="image/svg+xml", raw=b"<svg/>")
        self.assertNotIn("svg+xml", self.letter(f"/web/image/{svg.id}"))

    def test_the_company_s_heading(self):
        self.company.report_header = '<p>Since 1920 <img src="http://inside.example/x.png"></p>'
        self.assertNotIn("inside.example", self.letter())

    def test_nothing_is_fetched_by_a_preview(self):
        self.use_channels("letter", "email")
        self.reminder.sudo().own_text = '<p>Please pay.</p><img src="http://inside.example/x.png">'
        preview = self.env["dunning.reminder.preview"].browse(self.reminder.action_preview_message()["res_id"])
        self.assertIn("Please pay.", preview.body)
        self.assertNotIn("inside.example", preview.body)

    def test_the_pictures_of_the_dialog_go_with_the_text(self):
        words = self.env["dunning.reminder.words"].create({"reminder_id": self.reminder.id})
        file = self.picture(words).with_user(self.env.user)
        self.assertEqual(file.res_model, "dunning.reminder.words")
        self.env.cr.execute("UPDATE ir_attachment SET create_uid = %s WHERE id = %s", [self.env.uid, file.id])
        words._keep({"own_text": f'<p>See <img src="/web/image/{file.id}"></p>'})
        file.invalidate_recordset()
        self.assertEqual((file.res_model, file.res_id), ("dunning.reminder", self.reminder.id))
