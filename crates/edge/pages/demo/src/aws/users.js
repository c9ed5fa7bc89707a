// The user pool, by amazon-cognito-identity-js. The library keeps the tokens in localStorage and speaks in callbacks;
// here they are promises.

import {
  AuthenticationDetails,
  CognitoAccessToken,
  CognitoIdToken,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  CognitoUserSession,
} from "amazon-cognito-identity-js";

/** Errors after which a kept session is worthless: signed out elsewhere, user deleted, pool made anew. */
const SESSION_IS_OVER = ["NotAuthorizedException", "UserNotFoundException", "ResourceNotFoundException"];

export class Users {
  #pool;
  /** The user of the sign-in that waits for a new password. */
  #invited = null;

  constructor({ userPoolId, clientId, endpoint }) {
    this.#pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint: `${endpoint}/` });
  }

  /** Resolves to where the code went, as the user pool words it, or undefined if none was sent. */
  async signUp(email, password) {
    const attributes = [new CognitoUserAttribute({ Name: "email", Value: email })];
    const result = await promised((done) => this.#pool.signUp(email, password, attributes, [], done));
    return result.codeDeliveryDetails?.Destination;
  }

  confirm(email, code) {
    return promised((done) => this.#user(email).confirmRegistration(code, false, done));
  }

  async resendCode(email) {
    const result = await promised((done) => this.#user(email).resendConfirmationCode(done));
    return result?.CodeDeliveryDetails?.Destination;
  }

  /** Signs in by SRP. Resolves to true when signed in, to false when the user must choose a new password first. */
  signIn(email, password) {
    const user = this.#user(email);
    return this.#answered(user, (callbacks) =>
      user.authenticateUser(new AuthenticationDetails({ Username: email, Password: password }), callbacks),
    );
  }

  /** The second half of the first sign-in of a user that an administrator made. */
  chooseNewPassword(password) {
    const user = this.#invited;
    return this.#answered(user, (callbacks) => user.completeNewPasswordChallenge(password, {}, callbacks));
  }

  /** Keeps tokens that came another way than by `signIn`, as the library keeps its own. */
  take({ id_token, access_token, refresh_token }) {
    const session = new CognitoUserSession({
      IdToken: new CognitoIdToken({ IdToken: id_token }),
      AccessToken: new CognitoAccessToken({ AccessToken: access_token }),
      RefreshToken: new CognitoRefreshToken({ RefreshToken: refresh_token }),
    });
    this.#user(session.getAccessToken().payload.username).setSignInUserSession(session);
  }

  /** The session of the signed-in user, with tokens that are still valid: renewed if need be. */
  async session() {
    const user = this.#signedIn();
    return promised((done) => user.getSession(done));
  }

  /**
   * The kept session, or null without one, after the user pool was asked whether it still counts.
   * One that is over is forgotten, and the error says why it is.
   */
  async restoredSession() {
    const user = this.#pool.getCurrentUser();
    if (!user) return null;
    try {
      const session = await promised((done) => user.getSession(done));
      await promised((done) => user.getUserAttributes(done));
      return session;
    } catch (error) {
      if (SESSION_IS_OVER.includes(error.name)) user.signOut();
      throw error;
    }
  }

  async refresh() {
    const user = this.#signedIn();
    const session = await promised((done) => user.getSession(done));
    return promised((done) => user.refreshSession(session.getRefreshToken(), done));
  }

  /** Revokes the refresh token and forgets the tokens. They are forgotten too when the user pool refuses. */
  async signOut() {
    const user = this.#pool.getCurrentUser();
    if (!user) return;
    try {
      await promised((done) => user.getSession(done));
      await promised((done) => user.signOut(done));
    } finally {
      user.signOut();
    }
  }

  #signedIn() {
    const user = this.#pool.getCurrentUser();
    // Another tab may have signed out, or the user pool refused to renew the tokens.
    if (!user) throw new Error("This browser is signed out by now. Sign out here too, then in again.");
    return user;
  }

  #user(email) {
    return new CognitoUser({ Username: email, Pool: this.#pool });
  }

  #answered(user, ask) {
    return new Promise((resolve, reject) => {
      const refuse = (challenge) => {
        reject(new Error(`The user pool asks for ${challenge}, which this page has no field for.`));
      };
      ask({
        onSuccess: () => resolve(true),
        onFailure: reject,
        newPasswordRequired: () => {
          this.#invited = user;
          resolve(false);
        },
        mfaRequired: refuse,
        totpRequired: refuse,
        mfaSetup: refuse,
        selectMFAType: refuse,
        customChallenge: () => refuse("a custom challenge"),
      });
    });
  }
}

/** A promise of what a function with a Node callback as its last argument answers. */
function promised(start) {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result)));
  });
}
