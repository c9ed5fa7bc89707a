// A SAML identity provider of samlify: one person is signed in at it. It signs what it says, encrypts where it is asked to, and hears of
// logouts.

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import samlify from "samlify";

const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:";
const EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

// It asks for one; what comes is checked by whom it is meant for.
samlify.setSchemaValidator({ validate: async () => "not looked at" });

/** A key with a certificate that it signs itself, as PEM. */
function keyPair() {
  const folder = mkdtempSync(join(tmpdir(), "poolhouse-saml."));
  try {
    const files = { key: join(folder, "key.pem"), certificate: join(folder, "cert.pem") };
    const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=idp.example.com", "-keyout", files.key, "-out", files.certificate];
    execFileSync("openssl", made, { stdio: "ignore" });
    return { key: readFileSync(files.key, "utf8"), certificate: readFileSync(files.certificate, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What an assertion says, in the words of samlify's templates. */
const RESPONSE = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ID}" Version="2.0" IssueInstant="{IssueInstant}" Destination="{Destination}" InResponseTo="{InResponseTo}"><saml:Issuer>{Issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{StatusCode}"/></samlp:Status><saml:Assertion xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="{AssertionID}" Version="2.0" IssueInstant="{IssueInstant}"><saml:Issuer>{Issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{NameIDFormat}">{NameID}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{NotOnOrAfter}" Recipient="{Recipient}" InResponseTo="{InResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{NotBefore}" NotOnOrAfter="{NotOnOrAfter}"><saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{SessionIndex}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{Statements}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;

const escaped = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

export class Idp {
  /** Logouts that it was asked for, as it understood them. */
  logouts = [];
  #keys = keyPair();

  /** `person`: `nameId`, and `attributes`, each a value or a list of them. */
  static async start(person) {
    const idp = new Idp();
    idp.person = person;
    idp.server = createServer((request, response) => idp.#answer(request, response).catch((error) => response.writeHead(500).end(String(error?.stack ?? error))));
    await new Promise((listening) => idp.server.listen(0, "127.0.0.1", listening));
    idp.url = `http://127.0.0.1:${idp.server.address().port}`;
    idp.entity = samlify.IdentityProvider({
      entityID: `${idp.url}/metadata`,
      privateKey: idp.#keys.key,
      signingCert: idp.#keys.certificate,
      requestSignatureAlgorithm: RSA_SHA256,
      nameIDFormat: [EMAIL],
      wantAuthnRequestsSigned: false,
      wantLogoutRequestSigned: true,
      singleSignOnService: [{ Binding: `${BINDING}HTTP-Redirect`, Location: `${idp.url}/sso` }],
      singleLogoutService: [{ Binding: `${BINDING}HTTP-Redirect`, Location: `${idp.url}/slo` }],
    });
    return idp;
  }

  get metadata() {
    return this.entity.getMetadata();
  }

  /** Whom it answers: a service provider by its own metadata. */
  trust(metadata, { encrypted = false } = {}) {
    this.sp = samlify.ServiceProvider({ metadata, wantLogoutResponseSigned: true });
    this.entity.entitySetting.isAssertionEncrypted = encrypted;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }

  async #answer(request, response) {
    const url = new URL(request.url, this.url);
    const query = Object.fromEntries(url.searchParams);
    if (url.pathname === "/metadata") return response.writeHead(200, { "content-type": "application/samlmetadata+xml" }).end(this.metadata);
    if (url.pathname === "/sso") return this.#signIn(query, url, response);
    if (url.pathname === "/slo") return this.#signOut(query, url, response);
    response.writeHead(404).end();
  }

  async #signIn(query, url, response) {
    const asked = await this.entity.parseLoginRequest(this.sp, "redirect", { query, octetString: signedPart(url) });
    this.asked = asked.extract;
    this.signature = { over: signedPart(url), is: query.Signature, by: query.SigAlg };
    form(response, this.sp.entityMeta.getAssertionConsumerService("post"), await this.respond(asked), query.RelayState);
  }

  /** A response to a request that was understood, or to none. */
  async respond(asked = { extract: { request: { id: "" } } }) {
    const made = await this.entity.createLoginResponse(this.sp, asked, "post", {}, (template) => this.#filled(template, asked));
    return made.context;
  }

  #filled(_, asked) {
    const now = Date.now();
    const at = (seconds) => new Date(now + 1000 * seconds).toISOString();
    const acs = this.sp.entityMeta.getAssertionConsumerService("post");
    const { nameId, attributes, format = EMAIL } = this.person;
    const statement = ([name, value]) =>
      `<saml:Attribute Name="${escaped(name)}">${[value].flat().map((one) => `<saml:AttributeValue xsi:type="xs:string">${escaped(one)}</saml:AttributeValue>`).join("")}</saml:Attribute>`;
    const id = `_${randomUUID()}`;
    const values = {
      ID: id,
      AssertionID: `_${randomUUID()}`,
      Destination: acs,
      Recipient: acs,
      Audience: this.sp.entityMeta.getEntityID(),
      Issuer: this.entity.entityMeta.getEntityID(),
      IssueInstant: at(0),
      NotBefore: at(-5),
      NotOnOrAfter: at(300),
      StatusCode: "urn:oasis:names:tc:SAML:2.0:status:Success",
      InResponseTo: asked.extract.request.id,
      NameIDFormat: format,
      NameID: escaped(nameId),
      SessionIndex: (this.sessionIndex = `_${randomUUID()}`),
      Statements: Object.entries(attributes).map(statement).join(""),
    };
    const context = RESPONSE.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole).replaceAll(' InResponseTo=""', "");
    return { id, context };
  }

  async #signOut(query, url, response) {
    const asked = await this.entity.parseLogoutRequest(this.sp, "redirect", { query, octetString: signedPart(url) });
    this.logouts.push(asked.extract);
    const answer = await this.entity.createLogoutResponse(this.sp, asked, "post", query.RelayState);
    form(response, answer.entityEndpoint, answer.context, query.RelayState);
  }
}

/** What a signature in an address is over: the parameters as they came, without it. */
const signedPart = (url) => url.search.slice(1).split("&").filter((pair) => /^(SAMLRequest|SAMLResponse|RelayState|SigAlg)=/.test(pair)).join("&");

function form(response, action, message, relayState) {
  const fields = { SAMLResponse: message, ...(relayState === undefined ? {} : { RelayState: relayState }) };
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`);
  response.writeHead(200, { "content-type": "text/html" });
  response.end(`<!doctype html><form method="post" action="${escaped(action)}">${inputs.join("")}</form><script>document.forms[0].submit()</script>`);
}
