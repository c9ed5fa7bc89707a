// The guest: credentials without a sign-in, and the little that they are good for.

import { Bucket } from "../aws/bucket.js";
import { guestIdentity } from "../aws/identity.js";
import { showCredentials } from "./credentials.js";
import { attempt } from "./doors.js";
import { byId, onClick, say } from "./dom.js";

const STEP = "guest";

export function guest(config) {
  let bucket = null;
  let identityId = null;

  onClick(byId("get-guest"), STEP, async () => {
    const identity = await guestIdentity(config, (credentials) => {
      identityId = credentials.identityId;
      showCredentials(byId("guest-credentials"), credentials);
    });
    bucket = new Bucket(config, identity);
    byId("get-guest").parentElement.hidden = true;
    byId("guest-tries").hidden = false;
    byId("guest-tries").querySelector("button").focus({ preventScroll: true });
  });

  const tries = {
    read: () => bucket.get("index.html"),
    list: () => bucket.list(""),
    write: () => bucket.put(`${identityId}/hello.txt`, new Blob(["Hello from a guest.\n"], { type: "text/plain" })),
  };
  for (const button of byId("guest-tries").querySelectorAll("[data-try]")) {
    onClick(button, STEP, async () => {
      const allowed = await attempt(STEP, "Refused.", tries[button.dataset.try]);
      if (allowed) say(STEP, "ok", "Allowed.", `${button.textContent}: a guest may do that here.`);
    });
  }
}
