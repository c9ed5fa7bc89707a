"""A passkey authenticator and the browser around it, in software: ES256, attestation `none`, what
`PublicKeyCredential.toJSON()` prints. Written from the WebAuthn recommendation, sections 6.1 and 6.5."""

import base64
import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """One credential on one device; its browser shows a page of `origin`."""

    def __init__(self, origin):
        self.origin = origin
        self.id = secrets.token_bytes(32)
        self.counter = 0
        self.flags = USER_PRESENT | USER_VERIFIED
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._user = None

    def create(self, options):
        """The answer to CredentialCreationOptions."""
        self._user = options["user"]["id"]
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(self._cose())
        data = self._data(options["rp"]["id"], self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential({
            "clientDataJSON": encoded(self._client_data("webauthn.create", options)),
            "attestationObject": encoded(attestation), "transports": ["internal"],
        })

    def get(self, options):
        """The answer to CREDENTIAL_REQUEST_OPTIONS."""
        self.counter += 1
        data, client_data = self._data(options["rpId"], self.flags), self._client_data("webauthn.get", options)
        signed = self._key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential({
            "clientDataJSON": encoded(client_data), "authenticatorData": encoded(data), "signature": encoded(signed),
            "userHandle": self._user,
        })

    def _cose(self):
        point = self._key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}

    def _data(self, relying_party, flags):
        return hashlib.sha256(relying_party.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client_data(self, kind, options):
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _credential(self, response):
        return {
            "id": encoded(self.id), "rawId": encoded(self.id), "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {}, "response": response,
        }
