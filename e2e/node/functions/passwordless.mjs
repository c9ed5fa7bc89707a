// The triggers of amazon-cognito-passwordless-auth as an application deploys them: the package's own handlers, and of magic links,
// which it keeps in DynamoDB and signs by KMS, ones that need neither.

import { createHmac, timingSafeEqual } from "node:crypto";

import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import {
  createAuthChallengeHandler,
  defineAuthChallengeHandler,
  preSignUpHandler,
  preTokenHandler,
  smsOtpStepUp,
  verifyAuthChallengeResponseHandler,
} from "amazon-cognito-passwordless-auth/custom-auth";

const { AWS_ENDPOINT_URL, LINKS_SECRET, LINKS_TO } = process.env;

// The package looks for AWS's own issuer, and its fetcher takes https alone.
const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };
const jwksCache = new SimpleJwksCache({ fetcher });
smsOtpStepUp.configure({
  jwtVerifier: async ({ userPoolId, clientId, jwt, sub }) => {
    const issuer = `${AWS_ENDPOINT_URL}/${userPoolId}`;
    const verifier = JwtVerifier.create({ issuer, audience: null, jwksUri: `${issuer}/.well-known/jwks.json` }, { jwksCache });
    const claims = await verifier.verify(jwt).catch(() => ({}));
    return claims.token_use === "access" && claims.client_id === clientId && claims.sub === sub;
  },
});

export async function handler(event, context) {
  const isLink = event.request.clientMetadata?.signInMethod === "MAGIC_LINK";
  switch (event.triggerSource.split("_")[0]) {
    case "PreSignUp":
      return preSignUpHandler(event, context);
    case "DefineAuthChallenge":
      return defineAuthChallengeHandler(event, context);
    case "CreateAuthChallenge":
      return isLink ? send(event) : createAuthChallengeHandler(event, context);
    case "VerifyAuthChallengeResponse":
      return isLink ? judge(event) : verifyAuthChallengeResponseHandler(event, context);
    default:
      return preTokenHandler(event, context);
  }
}

async function send(event) {
  const { redirectUri, alreadyHaveMagicLink } = event.request.clientMetadata;
  event.response.challengeMetadata = "MAGIC_LINK";
  if (alreadyHaveMagicLink === "yes") return event;
  const iat = Math.floor(Date.now() / 1000);
  const message = Buffer.from(JSON.stringify({ userName: event.userName, iat, exp: iat + 900 })).toString("base64url");
  await fetch(LINKS_TO, { method: "POST", body: `${redirectUri}#${message}.${signed(message)}` });
  event.response.privateChallengeParameters = { challenge: "PROVIDE_MAGIC_LINK" };
  return event;
}

function judge(event) {
  const { privateChallengeParameters, challengeAnswer, clientMetadata } = event.request;
  event.response.answerCorrect = false;
  const isFirst = privateChallengeParameters.challenge === "PROVIDE_AUTH_PARAMETERS";
  if (isFirst && clientMetadata.alreadyHaveMagicLink !== "yes") return event;
  const [message, signature] = challengeAnswer.split(".");
  const [given, expected] = [Buffer.from(signature ?? ""), Buffer.from(signed(message))];
  if (given.length === expected.length && timingSafeEqual(given, expected)) {
    const { userName, exp } = JSON.parse(Buffer.from(message, "base64url"));
    event.response.answerCorrect = userName === event.userName && exp > Date.now() / 1000;
  }
  return event;
}

const signed = (message) => createHmac("sha256", LINKS_SECRET).update(message).digest("base64url");
