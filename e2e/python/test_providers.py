"""Identity providers. Reference: user-pools 14.5, oauth-and-federation 10.1, 10.2."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509

from aws import Aws, refused
from house import make_pool
from poolhouse import ROOT, Server

# All four addresses by hand: nothing is left to be asked of the issuer.
OIDC = {
    "client_id": "app", "client_secret": "hush", "authorize_scopes": "openid email",
    "oidc_issuer": "https://login.example.com", "attributes_request_method": "GET",
    "authorize_url": "https://login.example.com/authorize", "token_url": "https://login.example.com/token",
    "attributes_url": "https://login.example.com/userinfo", "jwks_uri": "https://login.example.com/keys",
}
METADATA = (ROOT / "crates/domain/saml/src/tests/fixtures/metadata.xml").read_text()
SIGN_IN = "https://idp.example.org/metadata/sso"
SOCIAL = {"client_id": "app", "client_secret": "hush", "authorize_scopes": "profile"}
APPLE = {"client_id": "app", "team_id": "T1", "key_id": "K1", "private_key": "a key", "authorize_scopes": "email"}


def create(pool, name, kind="OIDC", details=OIDC, **settings):
    made = pool.idp.create_identity_provider(
        UserPoolId=pool.id, ProviderName=name, ProviderType=kind, ProviderDetails=details, **settings,
    )
    return made["IdentityProvider"]


def test_a_provider_lives(pool):
    idp, named = pool.idp, {"UserPoolId": pool.id, "ProviderName": "Corporate"}
    settings = {
        "AttributeMapping": {"email": "mail"}, "IdpIdentifiers": ["example.com"], "AcrMapping": {"Level4": "gold"},
    }
    made = create(pool, "Corporate", **settings)
    assert made.pop("CreationDate") == made.pop("LastModifiedDate")
    assert made == named | settings | {
        "ProviderType": "OIDC",
        "ProviderDetails": OIDC | {"attributes_url_add_attributes": "false"},
        "AttributeMapping": {"email": "mail", "username": "sub"},
    }
    described = idp.describe_identity_provider(**named)["IdentityProvider"]
    found = idp.get_identity_provider_by_identifier(UserPoolId=pool.id, IdpIdentifier="example.com")["IdentityProvider"]
    assert described == found and described["ProviderDetails"] == made["ProviderDetails"]
    groups = [group["GroupName"] for group in idp.list_groups(UserPoolId=pool.id)["Groups"]]
    assert groups == [f"{pool.id}_Corporate"]

    changed = idp.update_identity_provider(**named, ProviderDetails=OIDC | {"client_id": "another"}, IdpIdentifiers=[])
    changed = changed["IdentityProvider"]
    assert changed["ProviderDetails"]["client_id"] == "another" and changed["IdpIdentifiers"] == []
    assert changed["AttributeMapping"] == made["AttributeMapping"] and changed["AcrMapping"] == made["AcrMapping"]

    create(pool, "Google", "Google", SOCIAL)
    pages = list(idp.get_paginator("list_identity_providers").paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": 1}))
    listed = [(one["ProviderName"], one["ProviderType"]) for page in pages for one in page["Providers"]]
    assert len(pages) >= 2 and listed == [("Corporate", "OIDC"), ("Google", "Google")]

    idp.delete_identity_provider(**named)
    for call in (idp.describe_identity_provider, idp.update_identity_provider, idp.delete_identity_provider):
        with refused("ResourceNotFoundException", "Identity provider Corporate does not exist."):
            call(**named)
    with refused("ResourceNotFoundException", "No identity provider has the identifier example.com."):
        idp.get_identity_provider_by_identifier(UserPoolId=pool.id, IdpIdentifier="example.com")
    with refused("ResourceNotFoundException", "User pool us-east-1_nowhere does not exist."):
        idp.list_identity_providers(UserPoolId="us-east-1_nowhere")


def test_a_pool_signs_by_one_certificate(pool):
    first = pool.idp.get_signing_certificate(UserPoolId=pool.id)["Certificate"]
    certificate = x509.load_der_x509_certificate(base64.b64decode(first))
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert certificate.public_key().key_size == 2048 and 3650 <= life.days <= 3652
    assert pool.idp.get_signing_certificate(UserPoolId=pool.id)["Certificate"] == first
    with refused("ResourceNotFoundException", "User pool us-east-1_nowhere does not exist."):
        pool.idp.get_signing_certificate(UserPoolId="us-east-1_nowhere")


def test_a_provider_of_saml_is_as_its_metadata_says(pool):
    details = {"MetadataFile": METADATA, "EncryptedResponses": "true", "RequestSigningAlgorithm": "rsa-sha256"}
    made = create(pool, "Corporate", "SAML", details, AttributeMapping={"email": "mail"})["ProviderDetails"]
    certificate = x509.load_der_x509_certificate(base64.b64decode(made["ActiveEncryptionCertificate"]))
    assert certificate.public_key().key_size == 2048
    assert made == details | {
        "SSORedirectBindingURI": SIGN_IN, "ActiveEncryptionCertificate": made["ActiveEncryptionCertificate"],
    }
    named = {"UserPoolId": pool.id, "ProviderName": "Corporate"}
    assert pool.idp.describe_identity_provider(**named)["IdentityProvider"]["ProviderDetails"] == made
    # As it was shown.
    again = pool.idp.update_identity_provider(**named, ProviderDetails=made)["IdentityProvider"]
    assert again["ProviderDetails"] == made


class Published(BaseHTTPRequestHandler):
    """An issuer's configuration, and metadata of SAML."""

    def do_GET(self):
        base = f"http://{self.headers['Host']}"
        configuration = {
            "issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/keys",
        }
        body = METADATA if self.path == "/metadata" else json.dumps(configuration)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def test_providers_say_themselves_where_they_are():
    site = ThreadingHTTPServer(("127.0.0.1", 0), Published)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{site.server_port}"
    open_id = {name: OIDC[name] for name in ("client_id", "authorize_scopes", "attributes_request_method")}
    try:
        with Server("dev", "--allow-private-upstreams") as server:
            pool = make_pool(server, Aws(server.url))
            create(pool, "Partner", "OIDC", open_id | {"oidc_issuer": base})
            with refused("InvalidParameterException", "Unable to contact well-known endpoint"):
                create(pool, "Nobody", "OIDC", open_id | {"oidc_issuer": "http://127.0.0.1:1"})
            made = create(pool, "Corporate", "SAML", {"MetadataURL": f"{base}/metadata"})
            assert made["ProviderDetails"] == {"MetadataURL": f"{base}/metadata", "SSORedirectBindingURI": SIGN_IN}
    finally:
        site.shutdown()
        site.server_close()


def test_apples_key_is_not_shown(pool):
    made = create(pool, "SignInWithApple", "SignInWithApple", APPLE)
    assert "private_key" not in made["ProviderDetails"]
    assert made["ProviderDetails"]["token_url"] == "https://appleid.apple.com/auth/token"


@pytest.mark.parametrize("name, kind, details, sentence", [
    ("Google", "OIDC", OIDC, "Provider Google cannot be of type OIDC."),
    ("Corporate", "Google", SOCIAL, "Provider Corporate cannot be of type Google."),
    ("Corporate", "OIDC", OIDC | {"oidc_issuer": "ftp://login.example.com"}, "OIDC endpoint must start with https://"),
    ("Corporate", "OIDC", OIDC | {"oidc_issuer": "https://"}, "Unable to contact well-known endpoint"),
    ("Corporate", "OIDC", SOCIAL, "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details."),
    ("Google", "Google", {}, "clientId, clientSecret and authorizeScopes are all required idp details."),
    ("SignInWithApple", "SignInWithApple", SOCIAL, "clientId, privateKey, teamId, and keyId are all required idp details."),
    ("Corporate", "SAML", {}, "At least one of the MetadataURL or MetadataFile should be provided."),
    (
        "Corporate", "SAML", {"MetadataURL": "https://login.example.com", "MetadataFile": "<a/>"},
        "Only one of the MetadataURL or MetadataFile should be provided.",
    ),
    (
        "Corporate", "SAML", {"MetadataFile": "<a/>"},
        "The SAML metadata is not valid: the document describes no identity provider of SAML 2.0.",
    ),
    (
        "Corporate", "SAML", {"MetadataURL": "http://127.0.0.1:1/metadata"},
        "Error retrieving metadata from http://127.0.0.1:1/metadata",
    ),
    (
        "Corporate", "SAML", {"MetadataFile": METADATA, "IDPSignout": "yes"},
        "1 validation error detected: Value 'yes' at 'IDPSignout' failed to satisfy constraint: "
        "Member must satisfy enum value set: [true, false]",
    ),
    (
        "Corporate", "OIDC", OIDC | {"attributes_request_method": "PUT"},
        "1 validation error detected: Value 'PUT' at 'attributes_request_method' failed to satisfy constraint: "
        "Member must satisfy enum value set: [POST, GET]",
    ),
])
def test_unfit_details_are_refused(pool, name, kind, details, sentence):
    with refused("InvalidParameterException", sentence):
        create(pool, name, kind, details)


def test_what_else_is_refused(pool):
    create(pool, "Corporate", IdpIdentifiers=["example.com"])
    with refused("DuplicateProviderException", "The user pool already has an identity provider Corporate."):
        create(pool, "Corporate")
    with refused("InvalidParameterException", "The identifier example.com belongs to another identity provider."):
        create(pool, "Another", IdpIdentifiers=["example.com"])
    for mapping, sentence in (
        ({"sub": "sub"}, "The attribute sub cannot be mapped."),
        ({"custom:none": "x"}, "The mapped attribute custom:none does not exist in the schema."),
        ({"username": "email"}, "The attribute username can only be mapped to sub."),
    ):
        with refused("InvalidParameterException", sentence):
            create(pool, "Another", AttributeMapping=mapping)
    with refused("InvalidParameterException", "AcrMapping can only be set for a provider of the type OIDC."):
        create(pool, "Google", "Google", SOCIAL, AcrMapping={"Level1": "x"})


def test_clients_list_what_there_is(pool):
    idp, named = pool.idp, {"UserPoolId": pool.id, "ClientName": "web"}
    create(pool, "Corporate")
    client = idp.create_user_pool_client(**named, SupportedIdentityProviders=["COGNITO", "Corporate"])["UserPoolClient"]
    assert client["SupportedIdentityProviders"] == ["COGNITO", "Corporate"]
    with refused("InvalidParameterException", f"The provider Nobody does not exist for User Pool {pool.id}."):
        idp.create_user_pool_client(**named, SupportedIdentityProviders=["Nobody"])
