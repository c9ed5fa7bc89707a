// Signing in by a SAML identity provider: samlify's, which reads our metadata, requests and logouts, and signs and encrypts what it says.

import assert from "node:assert/strict";
import { X509Certificate, verify } from "node:crypto";
import { after, before, test } from "node:test";

import { decodeJwt } from "jose";

import { CALLBACK, SIGNED_OUT, Visitor, formOf, makeClient, makeHosted } from "./hosted.mjs";
import { Poolhouse } from "./poolhouse.mjs";
import { Idp } from "./saml.mjs";

const ANA = { nameId: "ana@corp.example", attributes: { mail: "ana@corp.example", displayName: "Ana Lima & Söhne", memberOf: ["staff", "a,b"] } };
const MAPPING = { email: "mail", name: "displayName", "custom:groups": "memberOf" };

let server, hosted, idp;

before(async () => {
  idp = await Idp.start(ANA);
  server = await Poolhouse.start("dev", "--allow-private-upstreams");
  const groups = { Name: "groups", AttributeDataType: "String", Mutable: true, StringAttributeConstraints: { MaxLength: "2048" } };
  hosted = await makeHosted(server, { pool: { Schema: [groups] } });
});
after(async () => {
  await server?.stop();
  idp?.close();
});

/** A provider and a client that takes people from it; the provider has read what the pool says of itself. */
async function providerOf(ProviderName, details) {
  const provider = { UserPoolId: hosted.userPoolId, ProviderName, ProviderType: "SAML", ProviderDetails: details, AttributeMapping: MAPPING };
  await hosted.admin.idp.createIdentityProvider(provider);
  const { ClientId } = await makeClient(hosted, { SupportedIdentityProviders: ["COGNITO", ProviderName] });
  const metadata = await fetch(`${hosted.at}/saml2/metadata/${hosted.userPoolId}?provider=${ProviderName}`);
  assert.equal(metadata.status, 200);
  idp.trust(await metadata.text(), { encrypted: details.EncryptedResponses === "true" });
  return { ClientId, ProviderName };
}

const begin = ({ ClientId, ProviderName }) =>
  `${hosted.at}/oauth2/authorize?${new URLSearchParams({ response_type: "code", client_id: ClientId, redirect_uri: CALLBACK, scope: "openid email profile", state: "st ate", identity_provider: ProviderName })}`;

/** To the provider, where Ana is signed in: the form that its page sends by itself. */
async function answered(where, visitor) {
  const { left } = await visitor.open(begin(where));
  assert.ok(left?.startsWith(idp.url), left);
  const page = await fetch(left);
  const html = await page.text();
  assert.equal(page.status, 200, html);
  return formOf({ url: left, html });
}

const send = (visitor, { action, carried }) => visitor.open(action, new URLSearchParams(carried));

/** The app's parameters. */
function called(page) {
  assert.ok(page.left?.startsWith(CALLBACK), page.left ?? page.html);
  return Object.fromEntries(new URL(page.left).searchParams);
}

async function tokens({ ClientId }, code) {
  const body = new URLSearchParams({ grant_type: "authorization_code", client_id: ClientId, code, redirect_uri: CALLBACK });
  const response = await fetch(`${hosted.at}/oauth2/token`, { method: "POST", body });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return decodeJwt(answer.id_token);
}

/** Ana signs in, by a browser that nobody knows. */
async function comes(where) {
  const visitor = new Visitor();
  const { code, state } = called(await send(visitor, await answered(where, visitor)));
  assert.equal(state, "st ate");
  return tokens(where, code);
}

test("with metadata that was uploaded, twice as the same user", async () => {
  const where = await providerOf("Uploaded", { MetadataFile: idp.metadata });
  const claims = await comes(where);
  assert.equal(claims["cognito:username"], "Uploaded_ana@corp.example");
  assert.equal(claims.email, ANA.nameId);
  assert.equal(claims.name, "Ana Lima & Söhne");
  assert.deepEqual(claims["cognito:groups"], [`${hosted.userPoolId}_Uploaded`]);
  const [{ userId, providerName, providerType, issuer, primary }] = claims.identities;
  const expected = { userId: ANA.nameId, providerName: "Uploaded", providerType: "SAML", issuer: `${idp.url}/metadata`, primary: "true" };
  assert.deepEqual({ userId, providerName, providerType, issuer, primary }, expected);
  assert.equal(idp.signature.is, undefined);

  const user = await hosted.admin.idp.adminGetUser({ UserPoolId: hosted.userPoolId, Username: claims["cognito:username"] });
  assert.equal(user.UserStatus, "EXTERNAL_PROVIDER");
  const groups = user.UserAttributes.find(({ Name }) => Name === "custom:groups");
  assert.equal(groups.Value, "[staff,a%2Cb]");
  assert.equal((await comes(where)).sub, claims.sub);
});

test("with metadata that is published, encrypted, asked by signed requests", async () => {
  const details = { MetadataURL: `${idp.url}/metadata`, EncryptedResponses: "true", RequestSigningAlgorithm: "rsa-sha256" };
  const where = await providerOf("Published", details);
  const claims = await comes(where);
  assert.equal(claims.email, ANA.nameId);
  const { Certificate } = await hosted.admin.idp.getSigningCertificate({ UserPoolId: hosted.userPoolId });
  const key = new X509Certificate(Buffer.from(Certificate, "base64")).publicKey;
  const { over, is, by } = idp.signature;
  assert.equal(by, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
  assert.ok(verify("sha256", over, key, Buffer.from(is, "base64")), "the request is signed by the pool");

  // What is not encrypted is not taken any more.
  idp.entity.entitySetting.isAssertionEncrypted = false;
  const visitor = new Visitor();
  const { error, error_description } = called(await send(visitor, await answered(where, visitor)));
  const expected = "Invalid SAML response received: Responses must contain exactly one Encrypted Assertion";
  assert.deepEqual([error, error_description], ["invalid_request", expected]);
});

test("an answer is good once, in the browser that left", async () => {
  const where = await providerOf("Once", { MetadataFile: idp.metadata });
  const visitor = new Visitor();
  const form = await answered(where, visitor);
  const elsewhere = await send(new Visitor(), form);
  assert.equal(elsewhere.status, 400);
  assert.match(elsewhere.html, /Invalid relayState from identity provider/);

  assert.ok(called(await send(visitor, form)).code);
  const again = called(await send(visitor, form));
  assert.deepEqual(again, {
    error_description: "Invalid SAML response received: The response is already processed",
    state: "st ate",
    error: "invalid_request",
  });
});

test("who signs out is signed out by the provider", async () => {
  const where = await providerOf("Leaving", { MetadataFile: idp.metadata, IDPSignout: "true" });
  const visitor = new Visitor();
  assert.ok(called(await send(visitor, await answered(where, visitor))).code);
  const session = idp.sessionIndex;
  const query = new URLSearchParams({ client_id: where.ClientId, logout_uri: SIGNED_OUT });
  const { left } = await visitor.open(`${hosted.at}/logout?${query}`);
  assert.ok(left?.startsWith(`${idp.url}/slo?`), left);
  const page = await fetch(left);
  const html = await page.text();
  assert.equal(page.status, 200, html);
  const [asked] = idp.logouts;
  assert.equal(asked.nameID, ANA.nameId);
  assert.equal(asked.sessionIndex, session);
  assert.equal((await send(visitor, formOf({ url: left, html }))).left, SIGNED_OUT);
});

test("a provider that may begin sends somebody nobody sent to it", async () => {
  const { ProviderName } = await providerOf("Beginning", { MetadataFile: idp.metadata, IDPInit: "true" });
  const client = await makeClient(hosted, { SupportedIdentityProviders: [ProviderName] });
  const request = new URLSearchParams({ response_type: "code", client_id: client.ClientId, redirect_uri: CALLBACK, scope: "openid email", identity_provider: ProviderName });
  const carried = { SAMLResponse: await idp.respond(), RelayState: request.toString() };
  const form = { action: `${hosted.at}/saml2/idpresponse`, carried };
  const { code } = called(await send(new Visitor(), form));
  assert.equal((await tokens(client, code)).email, ANA.nameId);
  assert.match(called(await send(new Visitor(), form)).error_description, /The response is already processed$/);
});
