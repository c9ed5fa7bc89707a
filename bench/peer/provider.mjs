// oidc-provider with one client and RS256: what `cargo xtask bench` measures beside Poolhouse. For client_credentials it does what
// Poolhouse does: it checks the client's secret (client_secret_basic), resolves the one resource, and signs a JWT by RSA-2048. Its adapter
// is its own, in memory, and is not asked: a JWT leaves no row, the client is configured. Nothing is logged.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const [, , clientId, clientSecret, scope] = process.argv;
const resource = "https://api.example.com";
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider("http://127.0.0.1", {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      scope,
    },
  ],
  cookies: { keys: ["bench"] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      getResourceServerInfo: () => ({
        accessTokenFormat: "jwt",
        accessTokenTTL: 3600,
        audience: resource,
        jwt: { sign: { alg: "RS256" } },
        scope,
      }),
    },
  },
  jwks: { keys: [{ ...key, alg: "RS256", kid: "bench", use: "sig" }] },
  scopes: [scope],
  ttl: { ClientCredentials: 3600 },
});

const server = createServer(provider.callback());
server.listen(0, "127.0.0.1", () => console.log(`listening http://127.0.0.1:${server.address().port}`));
// Whoever started it has gone.
process.stdin.on("end", () => process.exit()).resume();
