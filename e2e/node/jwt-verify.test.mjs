// aws-jwt-verify: CognitoJwtVerifier for pools whose issuer is AWS's, JwtVerifier for any other.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CognitoJwtVerifier, JwtVerifier } from "aws-jwt-verify";
import { JwtInvalidClaimError, JwtInvalidSignatureError, KidNotFoundInJwksError } from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";

import { makePool, makeUser, signIn } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
let server;

before(async () => (server = await Poolhouse.start()));
after(() => server.stop());

async function poolWithTokens(issuer) {
  const pool = await makePool(server, issuer ? { UserPoolTags: { "poolhouse:issuer": issuer } } : {});
  await makeUser(pool, EMAIL);
  const jwks = await (await fetch(`${server.url}/${pool.userPoolId}/.well-known/jwks.json`)).json();
  return { ...pool, jwks, tokens: await signIn(pool, EMAIL) };
}

for (const issuer of ["aws", "aws-updated"]) {
  test(`CognitoJwtVerifier takes tokens of a pool with the issuer ${issuer}`, async () => {
    const { userPoolId, clientId, tokens, jwks } = await poolWithTokens(issuer);
    const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: null });
    verifier.cacheJwks(jwks);
    const id = await verifier.verify(tokens.IdToken, { tokenUse: "id" });
    assert.equal(id.email, EMAIL);
    const access = await verifier.verify(tokens.AccessToken, { tokenUse: "access" });
    assert.equal(access.sub, id.sub);
    await assert.rejects(verifier.verify(tokens.IdToken, { tokenUse: "access" }), JwtInvalidClaimError);
    await assert.rejects(verifier.verify(tokens.IdToken, { tokenUse: "id", clientId: "another" }), JwtInvalidClaimError);
    const [head, body, signature] = tokens.IdToken.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url"));
    const changed = Buffer.from(JSON.stringify({ ...claims, email: "eve@example.com" })).toString("base64url");
    await assert.rejects(
      verifier.verify(`${head}.${changed}.${signature}`, { tokenUse: "id" }),
      JwtInvalidSignatureError,
    );
  });
}

/** The library's own fetcher takes https alone. */
const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };

test("JwtVerifier takes tokens by the issuer that they name, with the keys of its discovery document", async () => {
  const { tokens, clientId, userPoolId } = await poolWithTokens();
  const { issuer, jwks_uri } = await (await fetch(`${server.url}/${userPoolId}/.well-known/openid-configuration`)).json();
  assert.equal(issuer, `${server.url}/${userPoolId}`);
  const verifier = JwtVerifier.create({ issuer, audience: clientId, jwksUri: jwks_uri }, { jwksCache: new SimpleJwksCache({ fetcher }) });
  assert.equal((await verifier.verify(tokens.IdToken)).token_use, "id");
  await assert.rejects(verifier.verify(tokens.AccessToken), JwtInvalidClaimError);

  const foreign = await poolWithTokens();
  await assert.rejects(verifier.verify(foreign.tokens.IdToken), KidNotFoundInJwksError);
});
