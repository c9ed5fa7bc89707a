// What the claims mean, in a line each. A claim that isn't here is shown without a line.

const IN_BOTH = {
  sub: "The user's id in this pool. It never changes; use it as the key in your own data.",
  iss: "Who signed the token: the user pool. Its keys are at this address + /.well-known/jwks.json.",
  token_use: "Which of the two tokens this is. A service accepts one kind only.",
  auth_time: "When the user signed in. A refresh keeps it.",
  iat: "When this token was made.",
  exp: "When it ends. From then on the refresh token brings new ones.",
  jti: "This token's own id.",
  amr: "By what the user has signed in: pwd is a password.",
  origin_jti: "The sign-in that this token comes from. Revoking it ends all tokens of that sign-in.",
  event_id: "The call that made the token, as the log names it.",
  "cognito:groups": "The groups that the user is in.",
};

export const ID_TOKEN_CLAIMS = {
  ...IN_BOTH,
  aud: "Whom the token is for: the app client. A service checks that it is its own.",
  email: "The address that the user signed up with.",
  email_verified: "Whether the user has shown, by the code, that mail to the address arrives.",
  nonce: "The random word that this page sent to the login page: the token answers that question and no other.",
  at_hash: "Half a hash of the access token that came with this one.",
  "cognito:username": "The name under which the pool keeps the user.",
  "cognito:roles": "The IAM roles of the user's groups.",
  "cognito:preferred_role": "The IAM role of the user's first group.",
};

export const ACCESS_TOKEN_CLAIMS = {
  ...IN_BOTH,
  client_id: "The app client. An access token has this in place of aud.",
  scope: "What the token is good for. aws.cognito.signin.user.admin is the user's own profile in the user pool.",
  username: "The name under which the pool keeps the user.",
};

/** Claims that are seconds since 1970. */
export const TIMES = ["auth_time", "iat", "exp", "nbf"];
