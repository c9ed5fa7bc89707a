// Every call that the libraries make to AWS's interfaces, as it ends. Import this module before the libraries: one of
// them takes hold of `fetch` when it is loaded.

const ERROR_IN_BODY = /<Code>([^<]+)<\/Code>|"(?:__type|error)"\s*:\s*"(?:[^"#]*#)?([^":]+)/;

const listeners = new Set();
const send = globalThis.fetch.bind(globalThis);

/**
 * Calls `listener({ service, operation, flow, status, error, milliseconds })` after each call.
 * `status` 0 means that no answer came.
 */
export function onCall(listener) {
  listeners.add(listener);
}

globalThis.fetch = async (input, init) => {
  const call = described(new URL(input.url ?? input, location.href), input, init);
  if (!call) return send(input, init);

  const start = performance.now();
  const end = (status, error) => {
    const milliseconds = Math.round(performance.now() - start);
    listeners.forEach((listener) => listener({ ...call, status, error, milliseconds }));
  };
  try {
    const response = await send(input, init);
    end(response.status, response.ok ? null : await errorName(response));
    return response;
  } catch (failure) {
    end(0, failure.name);
    throw failure;
  }
};

/** What is being called, or nothing if it isn't AWS's: the request for `config.json`, for one. */
function described(url, input, init) {
  const headers = new Headers(init?.headers ?? input.headers);
  const target = headers.get("x-amz-target");
  if (target) {
    const [service, operation] = target.split(".");
    const name = service === "AWSCognitoIdentityService" ? "Identity pool" : "User pool";
    return { service: name, operation, flow: flowOf(init?.body) };
  }
  if (url.pathname.endsWith("/oauth2/token")) return { service: "Hosted login", operation: "oauth2/token" };
  if (!headers.has("authorization")) return null;
  const listing = url.searchParams.has("list-type") ? "ListObjectsV2" : null;
  return { service: "Bucket", operation: url.searchParams.get("x-id") ?? listing ?? (init?.method ?? input.method) };
}

/** Only the name of the flow is read out of a body: the rest holds passwords, codes and tokens. */
function flowOf(body) {
  return typeof body === "string" ? body.match(/"AuthFlow"\s*:\s*"(\w+)"/)?.[1] : undefined;
}

async function errorName(response) {
  const header = response.headers.get("x-amzn-errortype")?.split(":")[0];
  if (header) return header;
  const [, xml, json] = (await response.clone().text()).match(ERROR_IN_BODY) ?? [];
  return xml ?? json ?? null;
}
