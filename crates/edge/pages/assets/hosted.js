// Passkeys: a form with options runs its ceremony, fills in the credential and is sent.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const named = (list) => list && list.map((one) => ({ ...one, id: bytes(one.id) }));

const options = (form) => {
  const read = JSON.parse(form.dataset.options);
  const said = read.publicKey || read;
  return {
    ...said,
    challenge: bytes(said.challenge),
    ...(said.user && { user: { ...said.user, id: bytes(said.user.id) } }),
    ...(said.allowCredentials && { allowCredentials: named(said.allowCredentials) }),
    ...(said.excludeCredentials && { excludeCredentials: named(said.excludeCredentials) }),
  };
};

const json = (credential) => {
  const { id, rawId, type, authenticatorAttachment, response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) answer[part] = text(response[part]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  const clientExtensionResults = credential.getClientExtensionResults();
  return JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults, response: answer });
};

const failed = document.querySelector("[data-failed]");

// One ceremony at a time: the browser refuses a second.
let running;

const run = async (form, isAsked) => {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  if (failed) failed.hidden = true;
  try {
    const { ceremony } = form.dataset;
    const request = { publicKey: options(form), signal };
    if (ceremony === "conditional") request.mediation = "conditional";
    const credential = await navigator.credentials[ceremony === "create" ? "create" : "get"](request);
    form.elements.credential.value = json(credential);
    if (ceremony === "conditional") form.elements.step.value = "passkey";
    form.submit();
  } catch (error) {
    // Nobody asked for the first try, and browsers may want a click before it.
    if (failed && isAsked && !signal.aborted) failed.hidden = false;
  }
};

for (const form of document.querySelectorAll("form[data-options]")) {
  const { ceremony } = form.dataset;
  if (ceremony === "conditional") {
    window.PublicKeyCredential?.isConditionalMediationAvailable?.().then((is) => is && run(form, false));
    continue;
  }
  form.addEventListener("submit", (event) => {
    // Buttons with a name mean something else.
    if (event.submitter?.name) return;
    event.preventDefault();
    run(form, true);
  });
  if (ceremony === "get") run(form, false);
}
