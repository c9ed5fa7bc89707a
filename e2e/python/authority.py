"""A certificate authority that speaks ACME (RFC 8555), for tests: it checks signatures and nonces, connects to the server under test to
prove each name (RFC 8737), and signs what it is asked to."""

import base64
import datetime
import hashlib
import http.server
import json
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import NameOID

ACME_IDENTIFIER = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.31")
NOW = datetime.datetime.now(datetime.timezone.utc)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authority:
    """Names lead to `port` of loopback. Use it as a context."""

    def __init__(self, folder, life=datetime.timedelta(days=90)):
        self.folder, self.life, self.port, self.http_port = folder, life, None, None
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The tests' authority")])
        self.certificate = (
            self.builder(name, name, self.key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.ca_file = folder / "authority.pem"
        self.ca_file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        self.nonces, self.accounts, self.orders, self.ordered = set(), [], [], []
        self.lock = threading.Lock()

    def builder(self, subject, issuer, public_key):
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(hours=1)).not_valid_after(NOW + self.life)
        )

    def __enter__(self):
        handler = type("Handler", (Handler,), {"authority": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        own = ec.generate_private_key(ec.SECP256R1())
        pair = self.folder / "authority-server.pem"
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        leaf = (
            self.builder(x509.Name([]), self.certificate.subject, own.public_key())
            .add_extension(names, critical=True).sign(self.key, hashes.SHA256())
        )
        pair.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ) + leaf.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://localhost:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def directory(self):
        return f"{self.url}/directory"

    def nonce(self):
        nonce = b64(x509.random_serial_number().to_bytes(20, "big"))
        with self.lock:
            self.nonces.add(nonce)
        return nonce

    # What requests are for.

    def opened(self, path, sent):
        """Payload and thumbprint; an error's name where it is refused."""
        header = json.loads(unb64(sent["protected"]))
        assert header["alg"] == "ES256" and header["url"] == self.url + path, header
        jwk = header.get("jwk") or self.accounts[int(header["kid"].rsplit("/", 1)[1])]
        x, y = (int.from_bytes(unb64(jwk[name]), "big") for name in "xy")
        signature = unb64(sent["signature"])
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        signed = f"{sent['protected']}.{sent['payload']}".encode()
        key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
        with self.lock:
            if header["nonce"] not in self.nonces:
                return None, "badNonce"
            self.nonces.remove(header["nonce"])
        if "jwk" in header:
            self.accounts.append(jwk)
        thumb = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
        payload = json.loads(unb64(sent["payload"]) or b"null")
        return (payload, b64(hashlib.sha256(thumb.encode()).digest())), None

    def answer(self, path, payload, thumb):
        """Status, place, and what is shown."""
        what, _, number = path.strip("/").partition("/")
        if what == "account":
            return 201, f"{self.url}/account/{len(self.accounts) - 1}", {"status": "valid"}
        if what == "order" and not number:
            name = payload["identifiers"][0]["value"]
            self.ordered.append(name)
            self.orders.append({"name": name, "status": "pending", "error": None, "chain": None})
            number = len(self.orders) - 1
            return 201, f"{self.url}/order/{number}", self.order(number)
        number = int(number)
        order = self.orders[number]
        if what == "finalize":
            order["chain"] = self.sign(order["name"], unb64(payload["csr"]))
            order["status"] = "valid"
        elif what == "certificate":
            return 200, None, order["chain"]
        elif what in ("tls-alpn-01", "http-01"):
            prove = self.by_handshake if what == "tls-alpn-01" else self.by_http
            try:
                prove(order["name"], f"token-{number}", f"token-{number}.{thumb}")
                order["status"] = "ready"
            except (OSError, AssertionError) as error:
                order["error"] = {"type": "urn:ietf:params:acme:error:unauthorized", "detail": repr(error)}
                order["status"] = "invalid"
            return 200, None, self.challenge(number, what)
        if what == "authorization":
            status = order["status"] if order["status"] in ("pending", "invalid") else "valid"
            kinds = ("dns-01", "http-01", "tls-alpn-01")
            challenges = [self.challenge(number, kind) for kind in kinds]
            return 200, None, {
                "status": status, "identifier": {"type": "dns", "value": order["name"]}, "challenges": challenges
            }
        return 200, None, self.order(number)

    def order(self, number):
        order = self.orders[number]
        shown = {
            "status": order["status"], "identifiers": [{"type": "dns", "value": order["name"]}],
            "authorizations": [f"{self.url}/authorization/{number}"], "finalize": f"{self.url}/finalize/{number}",
        }
        if order["chain"]:
            shown["certificate"] = f"{self.url}/certificate/{number}"
        return shown

    def challenge(self, number, kind):
        order = self.orders[number]
        status = order["status"] if order["status"] in ("pending", "invalid") else "valid"
        shown = {"type": kind, "url": f"{self.url}/{kind}/{number}", "status": status, "token": f"token-{number}"}
        return shown | ({"error": order["error"]} if order["error"] else {})

    # How names are proved.

    def by_handshake(self, name, _token, key_authorization):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["acme-tls/1"])
        with socket.create_connection(("127.0.0.1", self.port), 10) as plain:
            with context.wrap_socket(plain, server_hostname=name) as stream:
                assert stream.selected_alpn_protocol() == "acme-tls/1"
                own = x509.load_der_x509_certificate(stream.getpeercert(True))
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert list(names) == [x509.DNSName(name)], names
        identifier = own.extensions.get_extension_for_oid(ACME_IDENTIFIER)
        digest = hashlib.sha256(key_authorization.encode()).digest()
        assert identifier.critical and identifier.value.value == b"\x04\x20" + digest

    def by_http(self, name, token, key_authorization):
        with socket.create_connection(("127.0.0.1", self.http_port), 10) as stream:
            path = f"/.well-known/acme-challenge/{token}"
            stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            said = b""
            while more := stream.recv(4096):
                said += more
        head, _, body = said.decode().partition("\r\n\r\n")
        assert head.startswith("HTTP/1.1 200") and body == key_authorization, said

    def sign(self, name, request):
        request = x509.load_der_x509_csr(request)
        assert request.is_signature_valid
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert list(names) == [x509.DNSName(name)], names
        leaf = (
            self.builder(x509.Name([]), self.certificate.subject, request.public_key())
            .add_extension(names, critical=True).sign(self.key, hashes.SHA256())
        )
        chain = (leaf, self.certificate)
        return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    authority = None

    def do_GET(self):
        assert self.path == "/directory", self.path
        url = self.authority.url
        self.say(200, None, {"newNonce": f"{url}/nonce", "newAccount": f"{url}/account", "newOrder": f"{url}/order"})

    def do_HEAD(self):
        self.say(200, None, None)

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        assert self.headers["content-type"] == "application/jose+json"
        opened, refused = self.authority.opened(self.path, sent)
        if refused:
            self.say(400, None, {"type": f"urn:ietf:params:acme:error:{refused}", "detail": refused})
        else:
            self.say(*self.authority.answer(self.path, *opened))

    def say(self, status, location, shown):
        body = b"" if shown is None else (shown if isinstance(shown, str) else json.dumps(shown)).encode()
        self.send_response(status)
        self.send_header("Replay-Nonce", self.authority.nonce())
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
