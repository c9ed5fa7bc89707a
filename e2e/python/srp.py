"""The client's half of Cognito's SRP, of users and of devices, written from the formulas of RFC 5054 and Cognito's key derivation."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timezone

# The 3072-bit group of RFC 3526, section 5.
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2


def _bytes(number):
    """Big-endian and never negative in two's complement."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _hash(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def _number(*parts):
    return int.from_bytes(_hash(*parts), "big")


def _private(salt, realm, name, password):
    return _number(_bytes(salt), _hash(f"{realm}{name}:{password}".encode()))


class Proof:
    """One sign-in: `a` goes with the first call, `answer(challenge)` is what the second must carry."""

    def __init__(self, pool_id, password):
        self._realm = pool_id.split("_", 1)[1]
        self._password = password
        self._a = secrets.randbelow(N - 1) + 1
        self.a = f"{pow(G, self._a, N):x}"

    def answer(self, parameters, at=None):
        name = self._name(parameters)
        key = self._key(name, int(parameters["SALT"], 16), int(parameters["SRP_B"], 16))
        now = at or datetime.now(timezone.utc)
        stamp = f"{now:%a %b} {now.day} {now:%H:%M:%S UTC %Y}"
        block = base64.b64decode(parameters["SECRET_BLOCK"])
        signature = hmac.digest(key, f"{self._realm}{name}".encode() + block + stamp.encode(), "sha256")
        return {
            "USERNAME": parameters["USERNAME"],
            "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(signature).decode(),
            "TIMESTAMP": stamp,
        }

    def _name(self, parameters):
        return parameters["USER_ID_FOR_SRP"]

    def _key(self, name, salt, b):
        k = _number(_bytes(N), bytes([G]))
        u = _number(_bytes(pow(G, self._a, N)), _bytes(b))
        x = _private(salt, self._realm, name, self._password)
        s = pow(b - k * pow(G, x, N), self._a + u * x, N)
        prk = hmac.digest(_bytes(u), _bytes(s), "sha256")
        return hmac.digest(prk, b"Caldera Derived Key\x01", "sha256")[:16]


class DeviceProof(Proof):
    """The same of a remembered device."""

    def __init__(self, device):
        super().__init__(f"_{device['DeviceGroupKey']}", device["password"])
        self._key_of_device = device["DeviceKey"]

    def answer(self, parameters, at=None):
        return super().answer(parameters, at) | {"DEVICE_KEY": self._key_of_device}

    def _name(self, parameters):
        return self._key_of_device


def new_device(metadata):
    """A password for the device of a NewDeviceMetadata: the device, and what ConfirmDevice is told of it."""
    device = dict(metadata, password=secrets.token_urlsafe(30))
    salt = secrets.randbits(128)
    verifier = pow(G, _private(salt, device["DeviceGroupKey"], device["DeviceKey"], device["password"]), N)
    encoded = lambda number: base64.b64encode(_bytes(number)).decode()
    return device, {"PasswordVerifier": encoded(verifier), "Salt": encoded(salt)}


def sign_in(idp, pool_id, client_id, username, password):
    """USER_SRP_AUTH in two calls; returns the answer of the second."""
    proof = Proof(pool_id, password)
    start = idp.initiate_auth(
        ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": username, "SRP_A": proof.a}
    )
    assert start["ChallengeName"] == "PASSWORD_VERIFIER", start
    return idp.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=proof.answer(start["ChallengeParameters"]),
    )
