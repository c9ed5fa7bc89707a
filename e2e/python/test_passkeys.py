"""Passkeys by boto3 and an authenticator in software. Reference: user-pools 7. Chromium's are in e2e/browser."""

import json

import pytest

from authenticator import USER_PRESENT, Authenticator
from aws import refused
from house import FLOWS, make_pool

ORIGIN = "http://localhost:3000"
ANA = "ana@example.com"
# Which of the ways a passkey can be wrong is for the log.
WRONG = "NotAuthorizedException"


@pytest.fixture
def pool(server, aws):
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
    client = {"ExplicitAuthFlows": [*FLOWS, "ALLOW_USER_AUTH"]}
    pool = make_pool(server, aws, client=client, Policies=policies)
    configure(pool)
    pool.user()
    return pool


def configure(pool, **settings):
    party = {"RelyingPartyId": "localhost"} | settings
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration="OFF", WebAuthnConfiguration=party)


def register(pool, token, device):
    options = pool.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    credential = device.create(options)
    pool.idp.complete_web_authn_registration(AccessToken=token, Credential=credential)


@pytest.fixture
def device(pool):
    """Registered by the pool's user."""
    device = Authenticator(ORIGIN)
    register(pool, pool.tokens()["AccessToken"], device)
    return device


def ask(pool, username=ANA, **more):
    parameters = {"USERNAME": username, "PREFERRED_CHALLENGE": "WEB_AUTHN"} | more
    challenge = pool.idp.initiate_auth(ClientId=pool.client_id, AuthFlow="USER_AUTH", AuthParameters=parameters)
    assert challenge["ChallengeName"] == "WEB_AUTHN"
    return challenge, json.loads(challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])


def answer(pool, challenge, credential, username=ANA):
    return pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="WEB_AUTHN", Session=challenge["Session"],
        ChallengeResponses={"USERNAME": username, "CREDENTIAL": json.dumps(credential)},
    )["AuthenticationResult"]


def test_a_passkey_is_registered_and_signs_in(pool, device):
    token = pool.tokens()["AccessToken"]
    options = pool.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    assert options["rp"] == {"id": "localhost", "name": "localhost"}
    [known] = options["excludeCredentials"]
    [listed] = pool.idp.list_web_authn_credentials(AccessToken=token)["Credentials"]
    assert listed["CredentialId"] == known["id"]
    assert (listed["RelyingPartyId"], listed["AuthenticatorTransports"]) == ("localhost", ["internal"])

    for _ in range(2):
        challenge, options = ask(pool)
        assert [one["id"] for one in options["allowCredentials"]] == [known["id"]]
        claims = pool.claims(answer(pool, challenge, device.get(options))["AccessToken"])
    assert claims["username"] == pool.claims(token)["username"]

    pool.idp.delete_web_authn_credential(AccessToken=token, CredentialId=known["id"])
    with refused("ResourceNotFoundException"):
        pool.idp.delete_web_authn_credential(AccessToken=token, CredentialId=known["id"])


def test_an_answer_counts_once_and_a_counter_never_goes_back(pool, device):
    challenge, options = ask(pool)
    credential = device.get(options)
    answer(pool, challenge, credential)
    with refused(WRONG):
        answer(pool, challenge, credential)
    # As of a copy of the authenticator that has fallen behind: it is refused, and stays so until it counts on.
    seen = device.counter
    for _ in range(3):
        answer_again(pool, device)
    device.counter = seen
    for _ in range(3):
        with refused(WRONG):
            answer_again(pool, device)
    device.counter = seen + 3
    answer_again(pool, device)


def answer_again(pool, device):
    challenge, options = ask(pool)
    return answer(pool, challenge, device.get(options))


def test_what_an_authenticator_can_get_wrong(pool, device):
    challenge, options = ask(pool)
    other = Authenticator(ORIGIN)
    other.id, other._user = device.id, device._user
    with refused(WRONG):
        answer(pool, challenge, other.get(options))
    elsewhere = device.get(options | {"rpId": "example.com"})
    with refused(WRONG):
        answer(pool, challenge, elsewhere)
    stale = device.get(options | {"challenge": ask(pool)[1]["challenge"]})
    with refused(WRONG):
        answer(pool, challenge, stale)
    device.origin = "http://elsewhere.example:3000"
    with refused(WRONG):
        answer(pool, challenge, device.get(options))
    # Whatever was wrong, the question is still there for the right answer.
    device.origin = ORIGIN
    answer(pool, challenge, device.get(options))


def test_one_user_cannot_answer_for_another(pool, device):
    pool.user("eve@example.com")
    eves = Authenticator(ORIGIN)
    register(pool, pool.tokens("eve@example.com")["AccessToken"], eves)
    challenge, options = ask(pool)
    with refused(WRONG):
        answer(pool, challenge, eves.get(options))
    challenge, options = ask(pool, "eve@example.com")
    with refused(WRONG):
        answer(pool, challenge, device.get(options), "eve@example.com")
    assert answer(pool, challenge, eves.get(options), "eve@example.com")["AccessToken"]


def test_registrations_are_of_pages_of_the_relying_party(pool):
    token = pool.tokens()["AccessToken"]
    with refused("WebAuthnOriginNotAllowedException"):
        register(pool, token, Authenticator("http://elsewhere.example"))
    options = pool.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    options["rp"]["id"] = "example.com"
    with refused("WebAuthnRelyingPartyMismatchException"):
        credential = Authenticator(ORIGIN).create(options)
        pool.idp.complete_web_authn_registration(AccessToken=token, Credential=credential)
    assert pool.idp.list_web_authn_credentials(AccessToken=token)["Credentials"] == []


def test_users_are_verified_where_that_is_required(pool, device):
    configure(pool, UserVerification="required")
    challenge, options = ask(pool)
    assert options["userVerification"] == "required"
    device.flags = USER_PRESENT
    with refused(WRONG):
        answer(pool, challenge, device.get(options))
    configure(pool, UserVerification="preferred")
    answer_again(pool, device)
