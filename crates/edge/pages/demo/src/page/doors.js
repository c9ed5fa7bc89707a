// Doors that stay shut: what the credentials do not allow, tried, with AWS's own sentence.

import { byId, onSubmit, say } from "./dom.js";

/** An identity id of the right form that is nobody's. */
const NOBODY = "00000000-0000-4000-8000-000000000000";

/** `bucket()` and `identityId()` give those of the signed-in visitor. */
export function doors(config, bucket, identityId) {
  byId("door").value = `${config.region}:${NOBODY}/`;
  onSubmit(byId("doors"), "doors", async ({ prefix }, button) => {
    const own = prefix.startsWith(`${identityId()}/`);
    const allowed = await attempt("doors", "Refused, as it should be.", () => knock(bucket(), button.value, prefix));
    if (!allowed) return;
    if (own) say("doors", "ok", "Allowed.", "This is your own prefix.");
    else say("doors", "error", "Allowed.", "That should not be: look at the policy of the signed-in role.");
  });
}

function knock(bucket, what, prefix) {
  const key = `${prefix}from-next-door.txt`;
  const file = new Blob(["Nobody should read this.\n"], { type: "text/plain" });
  const tries = { list: () => bucket.list(prefix), read: () => bucket.get(key), write: () => bucket.put(key, file) };
  return tries[what]();
}

/** Whether `work` was allowed. A denial is said in the step, as the thing that was to be shown. */
export async function attempt(step, opening, work) {
  try {
    await work();
    return true;
  } catch (error) {
    if (error.name !== "AccessDenied") throw error;
    say(step, "refused", error.name, error.message, opening);
    return false;
  }
}
