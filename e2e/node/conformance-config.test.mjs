// The OpenID conformance suite's plan Config OP, and the discovery module of its plan RP-Initiated Logout OP. Reference:
// oauth-and-federation 16.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { importJWK } from "jose";

import { Provider } from "./certification.mjs";

let op;
before(async () => {
  op = await Provider.start();
});
after(() => op?.stop());

/** The members that are registered for such documents (IANA, OAuth Authorization Server Metadata). */
const REGISTERED = new Set(
  `acr_values_supported authorization_endpoint authorization_response_iss_parameter_supported backchannel_logout_session_supported
   backchannel_logout_supported claims_locales_supported
   claims_parameter_supported claims_supported code_challenge_methods_supported device_authorization_endpoint display_values_supported
   dpop_signing_alg_values_supported end_session_endpoint
   grant_types_supported id_token_signing_alg_values_supported introspection_endpoint introspection_endpoint_auth_methods_supported issuer
   jwks_uri op_policy_uri op_tos_uri registration_endpoint request_parameter_supported request_uri_parameter_supported
   require_request_uri_registration response_modes_supported response_types_supported revocation_endpoint
   revocation_endpoint_auth_methods_supported scopes_supported service_documentation subject_types_supported token_endpoint
   token_endpoint_auth_methods_supported token_endpoint_auth_signing_alg_values_supported ui_locales_supported userinfo_endpoint`.split(/\s+/),
);

/** RFC 6749 appendix A.4. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

const texts = (name, values) => {
  assert.ok(Array.isArray(values) && values.length > 0, name);
  assert.ok(values.every((value) => typeof value === "string" && value), name);
  assert.equal(new Set(values).size, values.length, name);
  return values;
};

function endpoint(name) {
  const { protocol, hash, username, href } = new URL(op.metadata[name] ?? assert.fail(`no ${name}`));
  assert.deepEqual([protocol, hash, username], ["https:", "", ""], `${name}: ${href}`);
}

describe("oidcc-config-certification-test-plan", () => {
  test("oidcc-discovery-endpoint-verification", async () => {
    const address = `${op.issuer}/.well-known/openid-configuration`;
    const { status, headers, body } = await op.json(address);
    assert.equal(status, 200);
    assert.match(headers.get("content-type"), /^application\/json/);

    const { protocol, search, hash } = new URL(body.issuer);
    assert.deepEqual([body.issuer, protocol, search, hash], [op.issuer, "https:", "", ""]);
    for (const name of Object.keys(body).filter((name) => /_(endpoint|uri)$/.test(name))) endpoint(name);
    for (const name of ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"]) endpoint(name);

    for (const name of Object.keys(body)) assert.ok(REGISTERED.has(name), `${name} is registered nowhere`);
    for (const name of Object.keys(body).filter((name) => /_supported$/.test(name) && !/_parameter_supported$/.test(name))) {
      texts(name, body[name]);
    }
    for (const [name, value] of [
      ["response_types_supported", "code"],
      ["id_token_signing_alg_values_supported", "RS256"],
      ["scopes_supported", "openid"],
      ["grant_types_supported", "authorization_code"],
      ["claims_supported", "sub"],
      ["code_challenge_methods_supported", "S256"],
      ["token_endpoint_auth_methods_supported", "client_secret_basic"],
    ]) {
      assert.ok(body[name].includes(value), name);
    }
    assert.ok(body.subject_types_supported.every((type) => ["public", "pairwise"].includes(type)));
    assert.ok(body.scopes_supported.every((scope) => SCOPE.test(scope)));
    // What a module of the suite relies on where nothing is said: `request_uri` would be supported then.
    for (const name of ["claims", "request", "request_uri"]) assert.equal(body[`${name}_parameter_supported`], false);
    assert.deepEqual(Intl.getCanonicalLocales(body.ui_locales_supported), body.ui_locales_supported);
  });

  test("the keys", async () => {
    const { status, headers, body } = await op.json(op.metadata.jwks_uri);
    assert.equal(status, 200);
    assert.match(headers.get("content-type"), /^application\/(jwk-set\+)?json/);
    const kids = body.keys.map(({ kid }) => kid);
    assert.ok(kids.every(Boolean) && new Set(kids).size === kids.length);
    for (const key of body.keys) {
      assert.deepEqual([key.kty, key.use, key.alg], ["RSA", "sig", "RS256"]);
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]) assert.ok(!(secret in key), secret);
      const { type, algorithm } = await importJWK(key);
      assert.equal(type, "public");
      assert.ok(algorithm.modulusLength >= 2048);
    }
  });
});

test("oidcc-rp-initiated-logout-discovery-endpoint-verification", () => endpoint("end_session_endpoint"));

// RFC 8414 section 3: under the issuer's path, and as OpenID Connect has it.
test("other clients find the same document", async () => {
  const { origin, pathname } = new URL(op.issuer);
  for (const address of [`${origin}/.well-known/oauth-authorization-server${pathname}`, `${op.issuer}/.well-known/oauth-authorization-server`]) {
    assert.deepEqual((await op.json(address)).body, op.metadata, address);
  }
});
