// The three steps before the sign-in: the forms for a new account, for the code, for the password.

import { inboxAddress } from "../aws/config.js";
import { byId, onClick, onSubmit, revealer, say } from "./dom.js";

/** `walk.go(place)` moves the visitor on; `walk.enter()` is called when the user pool has let the user in. */
export function account(config, users, walk) {
  const emails = [...document.querySelectorAll("[data-email]")];
  const setEmail = (email) => {
    emails.forEach((input) => (input.value = email));
    byId("inbox").href = inboxAddress(config, email) ?? "";
    walk.remember({ email });
  };
  setEmail(walk.email);
  document.querySelectorAll("[data-inbox]").forEach((element) => (element.hidden = !config.inbox));
  emails.forEach((input) => input.addEventListener("change", () => setEmail(input.value.trim())));

  signUpForm(users, walk, setEmail);
  confirmForm(users, walk, setEmail);
  signInForms(users, walk, setEmail);
  revealButtons();
}

function signUpForm(users, walk, setEmail) {
  const form = byId("sign-up");
  onSubmit(form, "sign-up", async ({ email, password }) => {
    setEmail(email.trim());
    const sentTo = await users.signUp(email.trim(), password);
    form.elements.password.value = "";
    byId("confirm-sent").textContent = sentTo ? `A code is on its way to ${sentTo}.` : "";
    walk.go("confirm");
  });
}

function confirmForm(users, walk, setEmail) {
  const form = byId("confirm");
  onSubmit(form, "confirm", async ({ email, code }) => {
    setEmail(email.trim());
    await users.confirm(email.trim(), code.trim());
    form.elements.code.value = "";
    walk.go("sign-in");
    say("sign-in", "ok", "Confirmed.", "The account is ready.");
  });

  onClick(byId("resend"), "confirm", async () => {
    const email = form.elements.email.value.trim();
    setEmail(email);
    const sentTo = await users.resendCode(email);
    say("confirm", "ok", "Sent.", `Another code is on its way to ${sentTo}. The one before no longer counts.`);
  });
}

function signInForms(users, walk, setEmail) {
  const password = byId("sign-in");
  const newPassword = byId("new-password");
  const swap = (choosing) => {
    password.hidden = choosing;
    newPassword.hidden = !choosing;
  };
  const entered = async () => {
    password.elements.password.value = "";
    newPassword.elements.password.value = "";
    swap(false);
    await walk.enter();
  };

  onSubmit(password, "sign-in", async (fields) => {
    setEmail(fields.email.trim());
    try {
      if (await users.signIn(fields.email.trim(), fields.password)) return await entered();
      swap(true);
      newPassword.elements.password.focus();
    } catch (error) {
      if (error.name !== "UserNotConfirmedException") throw error;
      walk.go("confirm");
      say("confirm", "error", error.name, error.message);
    }
  });

  onSubmit(newPassword, "sign-in", async (fields) => {
    await users.chooseNewPassword(fields.password);
    await entered();
  });
}

function revealButtons() {
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const input = byId(button.dataset.reveal);
    revealer(button, "password", (shown) => (input.type = shown ? "text" : "password"));
  }
}
