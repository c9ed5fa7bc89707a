"""Which certificate a host name is answered with: dev's own, those of serve's files, and AWS's names where they lead here."""

import json
import os
import subprocess
import time

import pytest

from aws import ACCOUNT, Aws
from house import fresh, make_pool
from poolhouse import CLEAN, Server, run

REGION = "eu-west-1"
CUSTOM = {"CertificateArn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1b2c3d4e-0000-4000-8000-000000000000"}
# Certificates are looked at every half minute.
RENEWAL_SECONDS = 60


def curl(server, url, authority, *more):
    """Status and body, whatever the host in the address; None if the handshake fails."""
    done = subprocess.run(
        ["curl", "--silent", "--cacert", str(authority), "--connect-to", f"::127.0.0.1:{server.port}",
         "--write-out", "\n%{http_code}", *more, url],
        env=CLEAN, capture_output=True, text=True, timeout=30,
    )
    # A certificate that is not trusted or of another name; a handshake that fails.
    if done.returncode in (35, 60):
        return None
    assert done.returncode == 0, (done.returncode, done.stderr)
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), body


def openssl(server, name, authority, *more):
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-servername", name, "-verify_hostname", name,
         "-CAfile", str(authority), "-verify_return_error", "-brief", *more],
        env=CLEAN, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
    )
    return done.returncode == 0 and "Verification: OK" in done.stderr + done.stdout


@pytest.fixture(scope="module")
def domain(server, aws):
    pool = make_pool(server, aws)
    prefix = fresh("app")
    pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=prefix)
    return f"{prefix}.auth.us-east-1.localhost"


def test_every_domain_and_bucket_of_dev_has_a_certificate(server, domain):
    authority = server.data / "ca.pem"
    status, body = curl(server, f"https://{domain}/login", authority)
    assert (status, "<html" in body) == (400, True)
    for name in (domain, "photos.s3.localhost", "a.b.photos.s3.eu-west-1.localhost", "localhost"):
        assert openssl(server, name, authority), name
        assert curl(server, f"https://{name}/", authority), name
    for name in ("example.com", "app.auth.eu-west-1.amazoncognito.com", "xlocalhost"):
        assert not openssl(server, name, authority), name
        assert curl(server, f"https://{name}/", authority) is None, name


def test_node_believes_it(server, domain):
    script = f"""
        const https = require("node:https");
        const lookup = (name, options, done) => options.all
          ? done(null, [{{ address: "127.0.0.1", family: 4 }}]) : done(null, "127.0.0.1", 4);
        https.get("https://{domain}:{server.port}/login", {{ lookup }}, (answer) => {{
          console.log(answer.statusCode);
          process.exit();
        }});
    """
    env = CLEAN | {"NODE_EXTRA_CA_CERTS": str(server.data / "ca.pem")}
    done = subprocess.run(["node", "-e", script], env=env, capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "400", done.stderr


def test_hosts_of_aws_are_answered_where_they_are_asked_for(tmp_path):
    with Server("dev", "--alias-hosts", REGION, data=tmp_path / "data") as server:
        authority = server.data / "ca.pem"
        pool = make_pool(server, Aws(server.url, region=REGION))
        pool.user("ana@example.com")
        host = f"https://cognito-idp.{REGION}.amazonaws.com"
        status, keys = curl(server, f"{host}/{pool.id}/.well-known/jwks.json", authority)
        assert status == 200 and json.loads(keys)["keys"]
        assert pool.claims(pool.tokens("ana@example.com")["IdToken"])["iss"] == f"{host}/{pool.id}"
        for name in ("iam.amazonaws.com", "sts.amazonaws.com", f"b.s3.{REGION}.amazonaws.com", f"x.auth.{REGION}.amazoncognito.com"):
            assert openssl(server, name, authority), name
        for name in ("cognito-idp.us-east-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com", "s3.amazonaws.com"):
            assert not openssl(server, name, authority), name
        first = authority.read_text()

    # The authority is never widened, nor kept wider than it need be.
    for flags, made in ((["--alias-hosts", REGION], False), ([], True), (["--alias-hosts", f"{REGION},us-east-1"], True)):
        with Server("dev", *flags, data=tmp_path / "data") as server:
            second = authority.read_text()
            assert (second != first) == made == ("a new one is made" in server.output), server.output
            first = second


def test_serve_answers_for_nobody_else(tmp_path):
    run("init", "--data", tmp_path / "data", "--keyring", tmp_path / "keyring")
    server = Server(
        "serve", "--keyring", str(tmp_path / "keyring"), data=tmp_path / "data", env={"POOLHOUSE_ALIAS_HOSTS": REGION}
    )
    with pytest.raises(AssertionError, match="alias_hosts is for dev"):
        server.start()


def certificate(folder, name, *names):
    """Signed by itself: whoever trusts it trusts nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    chain, key = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=" + ",".join(names), "-keyout", str(key) + ".new",
         "-out", str(chain) + ".new"],
        check=True, capture_output=True,
    )
    os.replace(f"{key}.new", key)
    os.replace(f"{chain}.new", chain)
    return chain


def test_custom_domains_of_serve_have_their_own_certificates(tmp_path):
    data, keyring, folder = tmp_path / "data", tmp_path / "keyring", tmp_path / "certificates"
    main = certificate(tmp_path, "main", "DNS:id.example.com", "IP:127.0.0.1")
    shop = certificate(folder, "shop", "DNS:auth.shop.example", "DNS:new.shop.example")
    run("init", "--data", data, "--keyring", keyring)
    flags = [
        "--keyring", str(keyring), "--public-url", "https://id.example.com", "--tls-cert", str(main),
        "--tls-key", str(main.with_suffix(".key")), "--certificates", str(folder),
    ]
    with Server("serve", *flags, data=data) as server:
        key = json.loads(run("admin", "create-access-key", "--data", data, "--keyring", keyring))
        aws = Aws(server.url, key, verify=str(main))
        for domain, policy in (("auth.shop.example", "TLS_V1_2_2021"), ("new.shop.example", "TLS_V1_3_2025")):
            pool = make_pool(server, aws, AutoVerifiedAttributes=[])
            config = CUSTOM | {"SecurityPolicy": policy}
            aws.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain, CustomDomainConfig=config)
            status, body = curl(server, f"https://{domain}/login", shop)
            assert (status, "<html" in body) == (400, True)
            assert openssl(server, domain, shop, "-tls1_3")
            assert openssl(server, domain, shop, "-tls1_2") == (policy == "TLS_V1_2_2021")
        assert openssl(server, "id.example.com", main, "-tls1_2")
        assert not openssl(server, "nobody.example", shop)
        pool = make_pool(server, aws, AutoVerifiedAttributes=[])
        with pytest.raises(aws.idp.exceptions.InvalidParameterException, match="not a valid subdomain"):
            aws.idp.create_user_pool_domain(UserPoolId=pool.id, Domain="id.example.com", CustomDomainConfig=CUSTOM)

        assert "no certificate covers" not in server.output
        aws.idp.create_user_pool_domain(UserPoolId=pool.id, Domain="bare.shop.example", CustomDomainConfig=CUSTOM)
        until = time.monotonic() + RENEWAL_SECONDS
        while "no certificate covers the custom domain bare.shop.example" not in server.output:
            assert time.monotonic() < until, server.output
            time.sleep(1)

        renewed = certificate(folder, "shop", "DNS:auth.shop.example")
        until = time.monotonic() + RENEWAL_SECONDS
        while not openssl(server, "auth.shop.example", renewed):
            assert time.monotonic() < until, server.output
            time.sleep(1)
