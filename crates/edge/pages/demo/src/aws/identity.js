// The identity pool: temporary AWS credentials, for a user with the ID token, for a guest without.

import { fromCognitoIdentityPool } from "@aws-sdk/credential-provider-cognito-identity";

/** Credentials are fetched anew this long before they end, so that none ends on its way. */
const RENEW_BEFORE_MS = 5 * 60 * 1000;

export class Identity {
  #provide;
  #onNew;
  #credentials = null;

  /** `onNew` is given the credentials whenever new ones have come. */
  constructor({ region, identityPoolId, endpoint }, logins, onNew) {
    this.#onNew = onNew;
    this.#provide = fromCognitoIdentityPool({
      identityPoolId,
      logins,
      clientConfig: { region, endpoint },
      // Where the id of a guest is kept, so that the same browser stays the same guest.
      cache: localStorage,
    });
  }

  /** `{ identityId, accessKeyId, secretAccessKey, sessionToken, expiration }`, kept until shortly before they end. */
  async credentials() {
    const left = (this.#credentials?.expiration ?? 0) - Date.now();
    if (left < RENEW_BEFORE_MS) {
      this.#credentials = await this.#provide();
      this.#onNew(this.#credentials);
    }
    return this.#credentials;
  }
}

/** The identity of a user; `idToken()` gives the user's ID token whenever one is needed, `issuer` is who signed it. */
export function userIdentity(config, issuer, idToken, onNew) {
  // AWS names the user pool by its issuer without the scheme.
  const provider = issuer.replace(/^https?:\/\//, "");
  return ready(new Identity(config, { [provider]: idToken }, onNew));
}

/** The identity of a guest. A guest that the identity pool no longer knows becomes a new one. */
export async function guestIdentity(config, onNew) {
  try {
    return await ready(new Identity(config, undefined, onNew));
  } catch (error) {
    if (error.name !== "ResourceNotFoundException") throw error;
    return ready(new Identity(config, undefined, onNew));
  }
}

async function ready(identity) {
  await identity.credentials();
  return identity;
}
