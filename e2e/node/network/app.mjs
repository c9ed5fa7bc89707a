// A program as it runs against AWS: no endpoint is set anywhere. What it saw is printed as JSON.

import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { S3 } from "@aws-sdk/client-s3";
import { STS } from "@aws-sdk/client-sts";
import { CognitoJwtVerifier } from "aws-jwt-verify";

const region = "eu-west-1";
const [prefix] = process.argv.slice(2);
const settings = { region, maxAttempts: 1 };
const idp = new CognitoIdentityProvider(settings);
const USER = { Username: "ana", Password: "Correct-Horse-9" };

const { UserPool } = await idp.createUserPool({ PoolName: "app" });
const UserPoolId = UserPool.Id;
const { UserPoolClient } = await idp.createUserPoolClient({
  UserPoolId,
  ClientName: "app",
  ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ["code"],
  AllowedOAuthScopes: ["openid"],
  CallbackURLs: ["https://app.example.com/callback"],
  SupportedIdentityProviders: ["COGNITO"],
});
const clientId = UserPoolClient.ClientId;
await idp.createUserPoolDomain({ UserPoolId, Domain: prefix });
await idp.adminCreateUser({ UserPoolId, Username: USER.Username });
await idp.adminSetUserPassword({ UserPoolId, ...USER, Permanent: true });
const { AuthenticationResult: tokens } = await idp.initiateAuth({
  ClientId: clientId,
  AuthFlow: "USER_PASSWORD_AUTH",
  AuthParameters: { USERNAME: USER.Username, PASSWORD: USER.Password },
});

// The key set is fetched from where the token's issuer is.
const verifier = CognitoJwtVerifier.create({ userPoolId: UserPoolId, clientId, tokenUse: null });
const id = await verifier.verify(tokens.IdToken, { tokenUse: "id" });
const access = await verifier.verify(tokens.AccessToken, { tokenUse: "access" });

// As next-auth and openid-client begin: the issuer's document, which must name the same issuer.
const issuer = `https://cognito-idp.${region}.amazonaws.com/${UserPoolId}`;
const discovered = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
const asked = new URLSearchParams({
  client_id: clientId, response_type: "code", scope: "openid", redirect_uri: "https://app.example.com/callback",
});
const login = await fetch(`${discovered.authorization_endpoint}?${asked}`);

const identity = new CognitoIdentity(settings);
const { IdentityPoolId } = await identity.createIdentityPool({
  IdentityPoolName: "app",
  AllowUnauthenticatedIdentities: false,
  CognitoIdentityProviders: [{ ProviderName: issuer.slice("https://".length), ClientId: clientId }],
});
const { IdentityId } = await identity.getId({
  IdentityPoolId,
  Logins: { [issuer.slice("https://".length)]: tokens.IdToken },
});

const s3 = new S3(settings);
await s3.createBucket({ Bucket: "photos-of-ana", CreateBucketConfiguration: { LocationConstraint: region } });
await s3.putObject({ Bucket: "photos-of-ana", Key: "a.txt", Body: "here" });
const object = await s3.getObject({ Bucket: "photos-of-ana", Key: "a.txt" });
const { Account } = await new STS(settings).getCallerIdentity({});
const unknown = await fetch(`https://cognito-idp.${region}.amazonaws.com/_poolhouse/inbox`);

console.log(JSON.stringify({
  poolId: UserPoolId,
  clientId,
  issuer,
  iss: id.iss,
  subjects: [id.sub, access.sub],
  discovered,
  login: { status: login.status, url: login.url, text: await login.text() },
  identityId: IdentityId,
  object: await object.Body.transformToString(),
  account: Account,
  inbox: { status: unknown.status, text: await unknown.text() },
}));
