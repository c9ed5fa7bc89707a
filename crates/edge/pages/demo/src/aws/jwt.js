// Reading tokens. Nothing here checks a signature: that is for whoever relies on a token. This page only shows them.

/** The three parts of a JWT as sent, and its header and claims as objects. */
export function decoded(token) {
  const parts = token.split(".");
  const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(utf8(part)));
  return { parts, header, claims };
}

function utf8(base64url) {
  const binary = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
}
