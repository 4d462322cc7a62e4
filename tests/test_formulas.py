"""What somebody typed is never a formula in a file that editors or visitors open in a spreadsheet program."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from home.models import ContactMessage
from tests.support import factories

pytestmark = pytest.mark.django_db

SIGNS = ["=", "+", "-", "@", "\t", "\r"]
EXPORTS = [
    "/admin/messages/export.csv",
    "/admin/messages/export.xlsx",
    "/admin/timeline/eventpage/?export=csv",
    "/admin/timeline/eventpage/?export=xlsx",
    "/timeline/events.csv",
    "/timeline/events.xlsx",
]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("address", EXPORTS)
def test_no_cell_is_a_formula(admin_client, address, sign):
    text = f"{sign}cmd|' /C calc'!A0"
    ContactMessage.objects.create(page=factories.make_contact(), form_data={"your_message": text})
    event = factories.make_event(title=text)
    # Past the form, which cleans a title.
    type(event).objects.update(title=text, draft_title=text)
    content = b"".join(admin_client.get(address))
    if address.endswith("csv"):
        cells = [
            cell for row in csv.reader(StringIO(content.decode("utf-8-sig"), newline="")) for cell in row
        ]
        found = [cell for cell in cells if "calc" in cell]
        assert found
        assert not any(cell.startswith(tuple(SIGNS)) for cell in found)
    else:
        rows = load_workbook(BytesIO(content)).active.iter_rows()
        found = [cell for row in rows for cell in row if "calc" in str(cell.value)]
        assert found
        assert {cell.data_type for cell in found} == {"s"}
        assert all(cell.quotePrefix or str(cell.value).startswith("'") for cell in found)
