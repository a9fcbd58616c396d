from __future__ import annotations

import pytest

from definitions.places import AzurePlace, GcsPlace, LocalPlace, Place, S3Place, SftpPlace

SFTP = SftpPlace(
    host="Files.example.test",
    port=22,
    username="importer",
    host_key="SHA256:x",
    folder="out",
    password="geheim",
    private_key="geheim",
    passphrase="geheim",
)
S3 = S3Place(
    bucket="b",
    region="r",
    folder="",
    endpoint="https://Objects.example.test",
    access_key_id="AKIA",
    secret_access_key="geheim",
)
GCS = GcsPlace(bucket="b", folder="", service_account="geheim")
AZURE = AzurePlace(account="a", container="c", folder="", access_key="geheim", sas_token="geheim")


@pytest.mark.parametrize("place", [SFTP, S3, GCS, AZURE], ids=lambda place: type(place).__name__)
def test_no_place_shows_its_secrets(place: Place) -> None:
    assert "geheim" not in repr(place)


@pytest.mark.parametrize(
    ("place", "address", "login"),
    [
        (LocalPlace(folder="/srv"), "file:///srv", ""),
        (SFTP, "sftp://files.example.test:22", "importer"),
        (S3, "s3+https://objects.example.test:443/b", "AKIA"),
        (GCS, "gcs+https://the-provider:443/b", ""),
        (AZURE, "azure+https://the-provider:443/c", "a"),
    ],
)
def test_a_secret_is_bound_to_address_and_login(place: Place, address: str, login: str) -> None:
    assert (place.address, place.login) == (address, login)
