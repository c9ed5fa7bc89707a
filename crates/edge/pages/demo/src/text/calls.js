// What each call of the walk does, in a line.

const FLOWS = {
  USER_SRP_AUTH: "Opens the SRP exchange: a public value, no password.",
  REFRESH_TOKEN_AUTH: "Shows the refresh token, gets new ID and access tokens.",
};

const OPERATIONS = {
  SignUp: "Makes the user, not yet confirmed, and sends the code.",
  ConfirmSignUp: "Hands in the code; the user is confirmed.",
  ResendConfirmationCode: "Sends another code.",
  InitiateAuth: "Begins a sign-in.",
  RespondToAuthChallenge: "Proves that the password is known, gets the tokens.",
  "oauth2/token": "Trades the code of the login page for tokens, with the verifier that PKCE wants.",
  GetUser: "Asks who the access token belongs to, and if it still counts.",
  RevokeToken: "Ends the refresh token and all that came from it.",
  GetId: "Finds, or makes, the identity.",
  GetCredentialsForIdentity: "Gets the role's keys for one hour.",
  ListObjectsV2: "Lists keys under a prefix.",
  PutObject: "Writes an object.",
  GetObject: "Reads an object.",
  DeleteObject: "Deletes an object.",
};

export function meaningOf({ operation, flow }) {
  return FLOWS[flow] ?? OPERATIONS[operation] ?? "";
}
