from __future__ import annotations

from definitions.schema.integration import check_integration
from definitions.troubles import Trouble
from importmgr.api.dialects.native import schemas
from importmgr.services.integrations import IntegrationView, StorageReport


def test_a_report_is_fine_unless_there_is_trouble() -> None:
    fine = schemas.render_report(StorageReport(connect_ms=1.0, list_ms=2.0, files=3))
    wrong = schemas.render_report(StorageReport(trouble=Trouble.LOGIN, error="no"))

    assert (fine["ok"], fine["trouble"], fine["files"]) == (True, None, 3)
    assert (wrong["ok"], wrong["trouble"], wrong["error"]) == (False, "login", "no")
    assert schemas.StorageTest().validate(fine) == {}


def test_an_integration_is_shown_with_its_id() -> None:
    view = IntegrationView(id="i1", document=schemas.LOCAL)

    assert schemas.render_item(view) == {"integration_id": "i1", "integration": schemas.LOCAL}


def test_the_examples_can_be_created() -> None:
    assert check_integration(schemas.SFTP)["kind"] == "sftp"
    assert check_integration(schemas.LOCAL)["kind"] == "local"
