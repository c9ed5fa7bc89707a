// The names of what Poolhouse made for this demo, from `config.json` beside the page.

const NEEDED = ["region", "userPoolId", "clientId", "identityPoolId", "bucket"];

/** `endpoint` null in the file means: the origin that serves the page. It comes back without a slash at its end. */
export async function loadConfig() {
  const response = await fetch("config.json", { cache: "no-store" });
  if (!response.ok) throw new Error(`config.json could not be read: HTTP ${response.status}.`);
  const config = await response.json();
  const missing = NEEDED.filter((name) => !config[name]);
  if (missing.length > 0) throw new Error(`config.json lacks ${missing.join(", ")}.`);
  return { ...config, endpoint: (config.endpoint ?? location.origin).replace(/\/+$/, "") };
}

/** Where the mail for an address can be read, or null where this Poolhouse has no inbox. */
export function inboxAddress(config, email) {
  if (!config.inbox) return null;
  const url = new URL(config.inbox, `${config.endpoint}/`);
  if (email) url.searchParams.set("to", email);
  return url.href;
}
