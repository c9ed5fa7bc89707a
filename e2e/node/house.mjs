// What the guides set up, by the AWS SDK as its administrator: a pool, an identity pool with two roles, a bucket.

import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { STS } from "@aws-sdk/client-sts";

export const REGION = "us-east-1";
export const PASSWORD = "Correct-Horse-9";
const FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];

let count = 0;
export const fresh = (name) => `${name}-${++count}`;

/** Clients under some credentials; without any, under the unknown key that dev takes for the administrator. */
export function clients(url, credentials = { accessKeyId: "test", secretAccessKey: "test" }, region = REGION) {
  const settings = { endpoint: url, region, credentials, maxAttempts: 1 };
  return {
    idp: new CognitoIdentityProvider(settings),
    identity: new CognitoIdentity(settings),
    iam: new IAM(settings),
    sts: new STS(settings),
    s3: new S3({ ...settings, forcePathStyle: true }),
  };
}

/** A pool that sends a code by mail, and a public client for all flows. */
export async function makePool(server, settings = {}) {
  const admin = clients(server.url);
  const { UserPool } = await admin.idp.createUserPool({
    PoolName: fresh("pool"),
    AutoVerifiedAttributes: ["email"],
    ...settings,
  });
  const { UserPoolClient } = await admin.idp.createUserPoolClient({
    UserPoolId: UserPool.Id,
    ClientName: "app",
    ExplicitAuthFlows: FLOWS,
  });
  return { server, admin, userPoolId: UserPool.Id, clientId: UserPoolClient.ClientId };
}

/** A confirmed user. */
export async function makeUser({ server, admin, clientId }, email, password = PASSWORD) {
  await admin.idp.signUp({
    ClientId: clientId,
    Username: email,
    Password: password,
    UserAttributes: [{ Name: "email", Value: email }],
  });
  const code = await server.code(email);
  await admin.idp.confirmSignUp({ ClientId: clientId, Username: email, ConfirmationCode: code });
}

/** USER_PASSWORD_AUTH. */
export async function signIn({ admin, clientId }, email, password = PASSWORD) {
  const { AuthenticationResult } = await admin.idp.initiateAuth({
    ClientId: clientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: email, PASSWORD: password },
  });
  return AuthenticationResult;
}

/** A pool with an identity pool, its two roles and a bucket in which everybody has a prefix. */
export async function makeWalk(server, settings = {}) {
  const pool = await makePool(server, settings);
  const { admin, userPoolId, clientId } = pool;
  const bucket = `node-walk-${process.pid}-${++count}`;
  await admin.s3.createBucket({ Bucket: bucket });
  const provider = `cognito-idp.${REGION}.amazonaws.com/${userPoolId}`;
  const { IdentityPoolId } = await admin.identity.createIdentityPool({
    IdentityPoolName: fresh("walk"),
    AllowUnauthenticatedIdentities: true,
    CognitoIdentityProviders: [{ ProviderName: provider, ClientId: clientId }],
  });
  const roles = {};
  for (const [kind, rights] of Object.entries(rightsIn(bucket))) {
    const name = fresh(`walk-${kind}`);
    const { Role } = await admin.iam.createRole({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify(trust(IdentityPoolId, kind)),
    });
    await admin.iam.putRolePolicy({ RoleName: name, PolicyName: "rights", PolicyDocument: JSON.stringify(rights) });
    roles[kind] = Role.Arn;
  }
  await admin.identity.setIdentityPoolRoles({ IdentityPoolId, Roles: roles });
  return { ...pool, bucket, provider, identityPoolId: IdentityPoolId, roles };
}

const policy = (...statements) => ({ Version: "2012-10-17", Statement: statements });

function trust(identityPoolId, amr) {
  const who = "cognito-identity.amazonaws.com";
  return policy({
    Effect: "Allow",
    Principal: { Federated: who },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: { [`${who}:aud`]: identityPoolId },
      "ForAnyValue:StringLike": { [`${who}:amr`]: amr },
    },
  });
}

function rightsIn(bucket) {
  const own = "${cognito-identity.amazonaws.com:sub}";
  const arn = `arn:aws:s3:::${bucket}`;
  const Effect = "Allow";
  return {
    authenticated: policy(
      { Effect, Action: "s3:ListBucket", Resource: arn, Condition: { StringLike: { "s3:prefix": [`${own}/*`] } } },
      { Effect, Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource: `${arn}/${own}/*` },
    ),
    unauthenticated: policy({ Effect, Action: "s3:GetObject", Resource: `${arn}/public/*` }),
  };
}
