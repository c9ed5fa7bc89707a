"""Authlib with requests, as an app's server: code flow, PKCE, refresh, userInfo, revocation, and its check of ID tokens."""

import html
import re
import urllib.parse

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2 import OAuth2Error
from joserfc import jwk
from joserfc import jwt as jose

from house import PASSWORD, fresh, make_pool

CALLBACK = "http://localhost:3000/callback"
EMAIL = "ana@example.com"


@pytest.fixture(scope="module")
def hosted(server, aws):
    pool = make_pool(server, aws)
    pool.user(EMAIL)
    pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=fresh("login"), ManagedLoginVersion=2)
    pool.metadata = requests.get(f"{pool.issuer}/.well-known/openid-configuration", timeout=30).json()
    return pool


def app(hosted, method, **settings):
    """A client of the app, for the code flow, and Authlib's session of it."""
    made = hosted.client(
        AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["code"], AllowedOAuthScopes=["openid", "email"],
        SupportedIdentityProviders=["COGNITO"], CallbackURLs=[CALLBACK], GenerateSecret=method != "none", **settings,
    )
    return OAuth2Session(
        made["ClientId"], made.get("ClientSecret"), scope="openid email", redirect_uri=CALLBACK,
        token_endpoint=hosted.metadata["token_endpoint"], token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method, code_challenge_method="S256",
    )


def sign_in(url):
    """Fills in the login page. Returns the address that the app is called at."""
    browser = requests.Session()
    page = browser.get(url, timeout=30)
    form = re.search(r"<form\b[^>]*action=\"([^\"]*)\"[^>]*>(.*?)</form>", page.text, re.S)
    inputs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[2])
    fields = {name: html.unescape(value) for name, value in inputs} | {"username": EMAIL, "password": PASSWORD}
    target = urllib.parse.urljoin(page.url, html.unescape(form[1]))
    answer = browser.post(target, data=fields, allow_redirects=False, timeout=30)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def tokens(hosted, session):
    verifier, nonce = generate_token(48), generate_token(20)
    url, state = session.create_authorization_url(hosted.metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
    called = sign_in(url)
    return session.fetch_token(authorization_response=called, state=state, code_verifier=verifier), nonce


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_an_app_signs_in_refreshes_and_revokes(hosted, method):
    session = app(hosted, method)
    token, nonce = tokens(hosted, session)
    keys = jwk.KeySet.import_key_set(requests.get(hosted.metadata["jwks_uri"], timeout=30).json())
    claims = jose.decode(token["id_token"], keys, algorithms=["RS256"]).claims
    assert claims.items() >= {"iss": hosted.issuer, "aud": session.client_id, "nonce": nonce, "email": EMAIL}.items()
    info = session.get(hosted.metadata["userinfo_endpoint"]).json()
    assert (info["sub"], info["email"], info["email_verified"]) == (claims["sub"], EMAIL, "true")

    renewed = session.refresh_token(hosted.metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert renewed["access_token"] != token["access_token"]
    endpoint = hosted.metadata["revocation_endpoint"]
    assert session.revoke_token(endpoint, token=token["refresh_token"], token_type_hint="refresh_token").status_code == 200
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token(hosted.metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert session.get(hosted.metadata["userinfo_endpoint"]).status_code == 401


def test_a_session_refreshes_by_itself_when_its_token_has_expired(hosted):
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    session = app(hosted, "client_secret_basic", RefreshTokenRotation=rotation, ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    first, _ = tokens(hosted, session)
    session.token = first | {"expires_at": 1}
    assert session.get(hosted.metadata["userinfo_endpoint"]).status_code == 200
    assert session.token["refresh_token"] != first["refresh_token"]


def test_a_state_of_somebody_else_and_a_code_of_nobody_are_refused(hosted):
    session = app(hosted, "none")
    url, state = session.create_authorization_url(hosted.metadata["authorization_endpoint"], code_verifier=generate_token(48))
    called = sign_in(url)
    with pytest.raises(OAuth2Error, match="state"):
        session.fetch_token(authorization_response=called, state="another")
    # Its verifier is missing.
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.fetch_token(authorization_response=called, state=state)
