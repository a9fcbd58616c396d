from __future__ import annotations

import json
from dataclasses import replace

import asyncssh
import pytest

from definitions.places import AzurePlace, GcsPlace, S3Place, SftpPlace
from sources.storages.logins import login_problems
from tests.storages import AZURE_KEY, service_account

SECRET = "correct horse battery staple"
AZURE = AzurePlace(account="acc", container="con", folder="")
GCS = GcsPlace(bucket="b", folder="")
KEY = asyncssh.generate_private_key("ssh-ed25519")
LOCKED = KEY.export_private_key(passphrase=SECRET).decode()
SFTP = SftpPlace(host="h", port=22, username="u", host_key="SHA256:x", folder="")


@pytest.mark.parametrize(
    ("place", "name", "text"),
    [
        (replace(AZURE, access_key=SECRET), "access_key", "is base64; copy it whole"),
        (replace(AZURE, access_key=f"{AZURE_KEY[:-1]}"), "access_key", "is base64"),
        (
            replace(AZURE, access_key=f"AccountName=acc;AccountKey={AZURE_KEY}"),
            "access_key",
            "give only what stands behind AccountKey=",
        ),
        (replace(AZURE, sas_token=SECRET), "sas_token", "has no signature (sig=…)"),
        (replace(AZURE, sas_token=f"https://x/?sig={SECRET}"), "sas_token", "behind its question"),
        (replace(SFTP, private_key=SECRET), "private_key", "cannot be read; give the whole text"),
        (replace(SFTP, private_key=LOCKED), "private_key", "is locked; give its passphrase"),
        (
            replace(SFTP, private_key=LOCKED, passphrase="shut"),
            "private_key",
            "is not opened by the passphrase",
        ),
        (replace(GCS, service_account=SECRET), "service_account", "is not JSON at line 1"),
        (replace(GCS, service_account="[]"), "service_account", "is JSON, but no object"),
        (
            replace(GCS, service_account=json.dumps({"client_email": "a", "private_key": SECRET})),
            "service_account",
            "lacks private_key_id",
        ),
        (
            replace(
                GCS,
                service_account=json.dumps(
                    {**json.loads(service_account()), "private_key": SECRET}
                ),
            ),
            "service_account",
            "has a private_key that is no RSA key in PEM",
        ),
    ],
)
def test_a_login_that_cannot_be_one_is_refused_without_showing_it(
    place: AzurePlace | GcsPlace | SftpPlace, name: str, text: str
) -> None:
    found = login_problems(place)

    assert list(found) == [name]
    assert text in found[name]
    assert SECRET not in found[name]
    assert AZURE_KEY[:20] not in found[name]


@pytest.mark.parametrize(
    "place",
    [
        AZURE,
        GCS,
        replace(AZURE, access_key=AZURE_KEY),
        replace(AZURE, sas_token="?sv=1&sig=abc%3D"),
        replace(GCS, service_account=service_account()),
        S3Place(bucket="b", region="r", folder=""),
        replace(SFTP, private_key=LOCKED, passphrase=SECRET),
    ],
    ids=["azure", "gcs", "key", "token", "account", "s3", "sftp"],
)
def test_what_may_be_a_login_is_taken(place: AzurePlace | GcsPlace | S3Place | SftpPlace) -> None:
    assert login_problems(place) == {}
