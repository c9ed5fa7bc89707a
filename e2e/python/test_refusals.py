"""What must never get through: forged, foreign and tampered tokens and signatures, each with AWS's name and sentence."""

import base64
import json
import re
import urllib.error

import jwt
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aws import refused
from house import make_pool
from poolhouse import http

FORGED = rsa.generate_private_key(public_exponent=65537, key_size=2048)
BAD_SIGNATURE = ("NotAuthorizedException", "Invalid login token. Couldn't verify signed token.")


@pytest.fixture(scope="module")
def tokens(walk):
    return walk.pool.tokens()


def forge(token, key=FORGED, alg="RS256", header=None, **changes):
    """The same claims and key id under another signature."""
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    headers = jwt.get_unverified_header(token) | (header or {})
    headers.pop("alg")
    return jwt.encode(claims, key, algorithm=alg, headers=headers)


def by_the_public_key(pool, token):
    """HS256 keyed by the public key's text, the classic confusion of algorithms. Written by hand: libraries refuse to."""
    kid = jwt.get_unverified_header(token)["kid"]
    [jwk] = [key for key in pool.keys() if key["kid"] == kid]
    pem = jwt.PyJWK(jwk).key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    encode = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    head = encode(json.dumps({"alg": "HS256", "kid": kid}).encode())
    signed = f"{head}.{token.split('.')[1]}"
    return f"{signed}.{encode(jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(signed.encode(), pem))}"


def changed(token):
    """Another user's claims under the signature of these."""
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["sub"] = "11111111-2222-4333-8444-555555555555"
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}.{signature}"


@pytest.mark.parametrize("make", [forge, changed, lambda t: t[:-8] + ("AAAAAAAA" if t[-8:] != "AAAAAAAA" else "BBBBBBBB")])
def test_a_forged_token_opens_nothing(walk, tokens, make):
    with refused("NotAuthorizedException", "Could not verify signature for Access Token"):
        walk.pool.idp.get_user(AccessToken=make(tokens["AccessToken"]))
    with refused(*BAD_SIGNATURE):
        walk.identity(make(tokens["IdToken"]))


def test_an_algorithm_of_the_forgers_choice_opens_nothing(walk, tokens):
    pool = walk.pool
    for token in (by_the_public_key(pool, tokens["AccessToken"]), forge(tokens["AccessToken"], key=None, alg="none")):
        with pytest.raises(pool.idp.exceptions.ClientError) as caught:
            pool.idp.get_user(AccessToken=token)
        assert caught.value.response["Error"]["Code"] in ("NotAuthorizedException", "InvalidParameterException")
    for token in (by_the_public_key(pool, tokens["IdToken"]), forge(tokens["IdToken"], key=None, alg="none")):
        with refused("NotAuthorizedException", re.compile(r"Invalid login token\..*")):
            walk.identity(token)


def test_a_key_id_of_nowhere_opens_nothing(walk, tokens):
    with refused("NotAuthorizedException"):
        walk.pool.idp.get_user(AccessToken=forge(tokens["AccessToken"], header={"kid": "nowhere"}))
    with refused("NotAuthorizedException"):
        walk.identity(forge(tokens["IdToken"], header={"kid": "nowhere"}))


def test_each_token_is_good_for_its_own_use(walk, tokens):
    with refused("NotAuthorizedException", "Invalid Access Token"):
        walk.pool.idp.get_user(AccessToken=tokens["IdToken"])
    with refused("NotAuthorizedException", "Invalid login token. Missing a required claim: aud"):
        walk.identity(tokens["AccessToken"])
    with refused("NotAuthorizedException", "Invalid Refresh Token"):
        walk.pool.refresh(tokens["AccessToken"])


def test_another_pools_keys_and_tokens_are_foreign(server, aws, walk, tokens):
    other = make_pool(server, aws)
    other.user()
    theirs = other.tokens()
    with refused("NotAuthorizedException", "Invalid Refresh Token"):
        walk.pool.refresh(theirs["RefreshToken"])
    with refused("NotAuthorizedException", "Invalid login token. Issuer doesn't match providerName"):
        walk.identity(theirs["IdToken"])
    # Signed by the other pool, with the claims of this one: its key does not speak for this pool.
    foreign = jwt.get_unverified_header(theirs["AccessToken"])["kid"]
    with refused("NotAuthorizedException"):
        walk.pool.idp.get_user(AccessToken=forge(tokens["AccessToken"], header={"kid": foreign}))


def test_another_client_of_the_pool_is_not_this_one(server, aws):
    pool = make_pool(server, aws)
    pool.user()
    first, tokens = pool.client_id, pool.tokens()
    made = aws.identity.create_identity_pool(
        IdentityPoolName="one client", AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[{"ProviderName": pool.provider, "ClientId": first}],
    )
    pool.client()
    with refused("NotAuthorizedException", "Invalid Refresh Token"):
        pool.refresh(tokens["RefreshToken"])
    logins = {pool.provider: pool.tokens()["IdToken"]}
    with refused("NotAuthorizedException", "Token is not from a supported provider of this identity pool."):
        aws.identity.get_id(IdentityPoolId=made["IdentityPoolId"], Logins=logins)


def test_another_users_identity_is_shut(server, aws, walk):
    walk.pool.user("ben@example.com")
    ben, _ = walk.enter("ben@example.com")
    token = walk.pool.tokens()["IdToken"]
    answer = aws.identity.get_credentials_for_identity(IdentityId=walk.identity(token), Logins=walk.logins(token))
    assert answer["IdentityId"] != ben
    with refused("NotAuthorizedException", f"Access to Identity '{ben}' is forbidden."):
        walk.credentials(ben)
    with refused("ResourceNotFoundException"):
        walk.credentials("us-east-1:11111111-2222-4333-8444-555555555555")


def test_a_session_token_belongs_to_its_key(walk, visitor, guest):
    keys = lambda clients: clients.s3._request_signer._credentials.get_frozen_credentials()
    mine, theirs = keys(visitor[1]), keys(guest[1])
    mixed = {"AccessKeyId": theirs.access_key, "SecretAccessKey": theirs.secret_key, "SessionToken": mine.token}
    with refused("InvalidToken", "The provided token is malformed or otherwise invalid."):
        walk.aws.as_(mixed).s3.list_objects_v2(Bucket=walk.bucket)
    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        walk.aws.as_(mixed).sts.get_caller_identity()
    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        walk.aws.as_(mixed | {"SessionToken": None}).sts.get_caller_identity()


def signed(url, service, keys, body, headers):
    request = AWSRequest("POST", f"{url}/", data=body, headers=headers)
    SigV4Auth(Credentials(keys.access_key, keys.secret_key, keys.token), service, "us-east-1").add_auth(request)
    return dict(request.headers)


def test_a_signed_call_counts_as_it_was_signed(server, visitor):
    keys = visitor[1].s3._request_signer._credentials.get_frozen_credentials()
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools",
    }
    good = signed(server.url, "cognito-idp", keys, b'{"MaxResults":1}', headers)

    def answer(headers, body=b'{"MaxResults":1}'):
        with pytest.raises(urllib.error.HTTPError) as caught:
            http(f"{server.url}/", data=body, headers=headers)
        assert caught.value.code == 400
        return json.load(caught.value)["__type"]

    # Signed right, it comes as far as the policy; changed in any part, only as far as the signature.
    assert answer(good) == "AccessDeniedException"
    assert answer(good, b'{"MaxResults":2}') == "InvalidSignatureException"
    target = good["X-Amz-Target"].replace("ListUserPools", "ListUserPoolClients")
    assert answer(good | {"X-Amz-Target": target}) == "InvalidSignatureException"
    assert answer(good | {"Authorization": good["Authorization"][:-4] + "0000"}) == "InvalidSignatureException"
    assert answer(good | {"X-Amz-Date": "20200101T000000Z"}) == "InvalidSignatureException"
    assert answer({k: v for k, v in good.items() if k != "Authorization"}) == "MissingAuthenticationTokenException"
    assert answer(good | {"Authorization": "AWS4-HMAC-SHA256 nonsense"}) == "IncompleteSignatureException"


def test_a_foreign_page_gets_neither_the_doors_nor_the_administrator(server):
    """dev is safe beside a browser: what another site's page sends is not the person at the keyboard."""
    foreign = {"Origin": "https://evil.example.com", "Content-Type": "application/json"}
    for path, body in (("inbox", None), ("reset", b"{}"), ("clock", b'{"advance_seconds":1}')):
        with pytest.raises(urllib.error.HTTPError) as caught:
            http(f"{server.url}/_poolhouse/{path}", data=body, headers=foreign)
        assert caught.value.code == 403
    with pytest.raises(urllib.error.HTTPError) as caught:
        http(f"{server.url}/_poolhouse/inbox", headers={"Host": "evil.example.com"})
    assert caught.value.code == 403
