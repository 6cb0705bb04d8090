import io
import logging
import re
from collections import defaultdict

import lxml.html
from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from odoo.addons.base.models import ir_actions_report

from ..core.plain.trouble import OutOfOrder, is_disk_full
from ..settings.apart import raise_if_lost
from .pdf_engine import BEGINNING, EngineFailed
from .pictures import static_file
from .style_sheets import self_contained

LANG = re.compile(r'<html[^>]* lang="([^"]+)"')

STYLE_SHEET = re.compile(r'<link [^>]*href="(/web/assets/[^"]+\.css)"[^>]*>')

# Without shrinking, the letterhead of Odoo's layouts would reach into the window of the envelope.
SMALL = '<div style="font-size: 9.5pt; line-height: 1.3;">%s</div>'
# Beside these margins of Odoo's style sheets, what is placed on the sheet is measured from the edge of the sheet.
WHOLE_WIDTH = "position: relative; margin: 0 -11mm; padding: 0 11mm;"

_logger = logging.getLogger(__name__)

# Letters of one call of the engine: more of them are slower, it keeps all in memory.
LETTERS_A_CALL = 10


class DunningLetter(models.AbstractModel):
    """From HTML to paper, as few calls of the PDF engine as it allows.

    The engine that Odoo recommends ("with patched Qt") prints letterhead and footer on every page and takes many
    letters at once. The one of the distributions drops headers and footers silently and takes one document: there,
    letterhead and legal mentions become a part of the text.
    """

    _inherit = "dunning.letter"

    @api.model
    def _paper(self, company):
        """Return the paper format of a company's letters: the size of its other documents, our margins."""
        size = "us" if company.paperformat_id.format == "Letter" else "a4"
        paper = self.env["ir.model.data"]._xmlid_to_res_id(f"relance_progressive.paperformat_letter_{size}", True)
        return self.env["report.paperformat"].sudo().browse(paper)

    @api.model
    def _has_headers(self):
        """Tell whether the PDF engine prints headers and footers."""
        return ir_actions_report._wkhtml().is_patched_qt

    @api.model
    def _print(self, reminders, documents):
        """Return ``{reminder id: PDF}`` of ``{reminder id: HTML document}``.

        :raise odoo.exceptions.UserError: if there is no PDF engine, or it fails
        """
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
            raise UserError(self.env._("There is no wkhtmltopdf on this server: letters cannot be printed."))
        pdfs, by_company = {}, defaultdict(dict)
        for reminder in reminders.filtered(lambda reminder: reminder.id in documents):
            by_company[reminder.company_id][reminder.id] = documents[reminder.id]
        for company, own in by_company.items():
            pdfs.update(self._print_documents(company, own))
        return pdfs

    def _run_engine(self, bodies, **options):
        """Return what the PDF engine makes of HTML documents.

        :raise EngineFailed: if that is no PDF
        """
        pdf = self.env["ir.actions.report"]._run_wkhtmltopdf(bodies, **options)
        if not (pdf or b"").startswith(BEGINNING):
            raise EngineFailed("wkhtmltopdf: no PDF")
        return pdf

    @api.model
    def _print_document(self, company, html):
        """Return the PDF of one document of a company."""
        return self._print_documents(company, {0: html})[0]

    def _print_documents(self, company, documents):
        """Return ``{key: PDF}`` of the documents of one company; those in one language are printed together."""
        pdfs, by_lang = {}, defaultdict(dict)
        for key, html in documents.items():
            by_lang[LANG.search(html)[1].replace("-", "_")][key] = html
        for lang, own in by_lang.items():
            engine = self.with_context(dunning_paperformat=self._paper(company).id, lang=lang).with_company(company)
            if self._has_headers():
                pdfs.update(engine._print_with_headers(own))
            else:
                pdfs.update({key: engine._print_in_one_piece(html) for key, html in own.items()})
        return pdfs

    @api.model
    def _print_safely(self, reminders, documents):
        """Print what can be printed; return ``({reminder id: PDF}, {reminder id: why not})``.

        :raise OutOfOrder: if the engine prints nothing at all, or the disk is full
        """
        try:
            return self._print(reminders, documents), {}
        except Exception as error:  # one document that the engine cannot read stops no other
            raise_if_lost(error)
            self._check_engine(error)
            if len(documents) <= 1:
                _logger.warning("A letter could not be printed", exc_info=True)
                why = self.env._("The letter cannot be printed: %(error)s", error=_first_line(error))
                return {}, dict.fromkeys(documents, why)
        pdfs, failed = {}, {}
        for reminder in reminders.filtered(lambda reminder: reminder.id in documents):
            good, bad = self._print_safely(reminder, {reminder.id: documents[reminder.id]})
            pdfs.update(good)
            failed.update(bad)
        return pdfs, failed

    def _check_engine(self, error=None):
        """Find out, after an error, whether a document is its cause: the engine prints one that has nothing in it.

        :raise OutOfOrder: if it does not
        """
        if is_disk_full(error) or is_disk_full(getattr(error, "__cause__", None)):
            raise OutOfOrder(self.env._("There is no room left on the disk of the server.")) from error
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
            words = self.env._("There is no wkhtmltopdf on this server: letters cannot be printed.")
            raise OutOfOrder(words) from error
        paper = self._paper(self.env.company).id
        report = self.env["ir.actions.report"].with_context(dunning_paperformat=paper)
        try:
            fine = report._run_wkhtmltopdf(["<!DOCTYPE html><p>.</p>"]).startswith(BEGINNING)
        except UserError as trouble:
            raise_if_lost(trouble)
            words = self.env._("The PDF engine does not work: %(error)s", error=_first_line(trouble))
            raise OutOfOrder(words) from error
        if not fine:
            raise OutOfOrder(self.env._("The PDF engine does not work: it makes nothing.")) from error

    def _pieces(self, html, numbered=True):
        """Return the HTML of letterhead, text and footer of a document.

        :param numbered: whether the footer keeps its page numbers
        :raise odoo.exceptions.UserError: if the layout of the company has no such pieces
        """
        root, found = lxml.html.fromstring(html), []
        for name in ("header", "article", "footer"):
            nodes = root.xpath(f"//div[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]")
            if name == "article" and not nodes:
                raise UserError(self.env._("The document layout of the company leaves no room for a text."))
            if not numbered:
                for number in [number for node in nodes for number in node.xpath(".//span[@class='page']/..")]:
                    number.getparent().remove(number)
            found.append("".join(lxml.html.tostring(node, encoding="unicode") for node in nodes))
        return found

    # === PATCHED === #

    def _print_with_headers(self, documents):
        """Print documents that share company and language; those with the same letterhead in one call."""
        by_head = defaultdict(dict)
        for key, html in documents.items():
            header, article, footer = self._pieces(html)
            by_head[header, footer][key] = self._page(article)
        pdfs = {}
        for (header, footer), bodies in by_head.items():
            keys = list(bodies)
            head, foot = self._page(SMALL % header, substitute=True), self._page(SMALL % footer, substitute=True)
            for start in range(0, len(keys), LETTERS_A_CALL):
                batch = keys[start : start + LETTERS_A_CALL]
                pdfs.update(zip(batch, self._run([bodies[key] for key in batch], head, foot), strict=True))
        return pdfs

    def _run(self, bodies, header, footer):
        """Return the PDF of each body: printed together and taken apart, else one by one."""
        if len(bodies) > 1:
            together = self._run_engine(bodies, header=header, footer=footer)
            if parts := _take_apart(together, len(bodies)):
                return parts
        return [self._run_engine([body], header=header, footer=footer) for body in bodies]

    def _page(self, content, substitute=False):
        """Return an HTML document around a piece of a letter; with ``substitute`` pages get their numbers."""
        report = self.env["ir.actions.report"]
        layout = self.env["ir.ui.view"].browse(self.env["ir.model.data"]._xmlid_to_res_id("web.minimal_layout", True))
        page = self.env["ir.qweb"]._render(layout.id, {
            "subst": substitute,
            "body": Markup(content),  # noqa: S704 -- made by a template, its values are escaped
            "base_url": report._get_report_url(layout=layout),
            "report_xml_id": False,
            "debug": False,
        })  # fmt: skip
        return STYLE_SHEET.sub(self._style_sheet, page)

    def _style_sheet(self, link):
        """Return the content of a style sheet instead of the link to it.

        The engine would fetch it from the web server: at night, in a container or behind another
        address there may be none, and letters without style have no letterhead.
        """
        sheets = self.env.cr.cache.setdefault("dunning.style_sheets", {})
        key = link[1], self.env.company.font
        if key not in sheets:
            family = (key[1] or "Lato").replace("_", " ")
            sheets[key] = f"<style>{self_contained(self._bundle(link[1]), family, static_file)}</style>"
        return sheets[key]

    def _bundle(self, url):
        """Return the style sheet that a web server would give at this address, made if it is not yet."""
        name, rtl, _kind, autoprefix = self.env["ir.asset"]._parse_bundle_name(url.rpartition("/")[2], False)
        # Made by the superuser, as the web server does: everybody shares it.
        qweb = self.with_user(SUPERUSER_ID).env["ir.qweb"]
        bundle = qweb._get_asset_bundle(name, css=True, js=False, rtl=rtl, autoprefix=autoprefix)
        return (bundle.css().raw or b"").decode()

    # === NOT PATCHED === #

    def _print_in_one_piece(self, html):
        """Print a document whose letterhead and legal mentions stand in its text."""
        header, article, footer = self._pieces(html, numbered=False)
        paper = self.env["report.paperformat"].browse(self.env.context["dunning_paperformat"])
        body = (
            f'<div style="{WHOLE_WIDTH} height: {paper.margin_top}mm; overflow: hidden;">{SMALL % header}</div>'
            f'<div style="{WHOLE_WIDTH}">{article}</div><div style="margin-top: 8mm;">{SMALL % footer}</div>'
        )
        margins = {"data-report-margin-top": 0, "data-report-margin-bottom": 10, "data-report-header-spacing": 0}
        return self._run_engine([self._page(body)], specific_paperformat_args=margins)

    # === MANY IN ONE === #

    @api.model
    def _merge(self, pdfs):
        """Return one PDF of several."""
        writer = PdfFileWriter()
        for pdf in pdfs:
            writer.appendPagesFromReader(PdfFileReader(io.BytesIO(pdf)))
        merged = io.BytesIO()
        writer.write(merged)
        return merged.getvalue()

    @api.model
    def _page_count(self, pdf):
        """Return the number of pages of a PDF."""
        return PdfFileReader(io.BytesIO(pdf)).getNumPages()


def _take_apart(pdf, count):
    """Return the PDF of each of ``count`` documents printed together, or nothing if they cannot be told apart.

    Each document begins with its heading, and the engine lists the headings with their pages.
    """
    reader = PdfFileReader(io.BytesIO(pdf))
    pages = reader.getNumPages()
    first = list(range(pages)) if pages == count else _pages_of_headings(reader)
    if len(first) != count or first[0] != 0:
        return []
    parts = []
    for start, end in zip(first, [*first[1:], pages], strict=True):
        writer = PdfFileWriter()
        for number in range(start, end):
            writer.addPage(reader.getPage(number))
        part = io.BytesIO()
        writer.write(part)
        parts.append(part.getvalue())
    return parts


def _pages_of_headings(reader):
    """Return the numbers of the pages that the top headings of a PDF stand on, in order."""
    root = reader.trailer["/Root"]
    node = root.get("/Outlines", {}).get("/First")
    pages = set()
    while node:
        pages.add(root["/Dests"][node["/Dest"]][0])
        node = node.get("/Next")
    return sorted(pages)


def _first_line(error):
    """Return the first line of what an error says."""
    return next(iter(str(error).splitlines()), type(error).__name__)
