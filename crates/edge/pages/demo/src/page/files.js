// The visitor's own prefix: listing, uploading, downloading, deleting.

import { moment } from "./clock.js";
import { busy, byId, el, onClick, say } from "./dom.js";

const STEP = "bucket";
const MAX_BYTES = 10 * 1024 * 1024;

export class Files {
  /** The bucket and the prefix in it, once there are credentials. */
  #bucket = null;
  #prefix = "";
  #next = null;

  constructor() {
    const input = byId("upload");
    input.addEventListener("change", () => {
      const [file] = input.files;
      if (!file) return;
      busy(input, STEP, () => this.#upload(file)).then(() => (input.value = ""));
    });
    onClick(byId("upload-note"), STEP, () => this.#upload(note()));
    onClick(byId("list"), STEP, () => this.list());
    onClick(byId("more"), STEP, () => this.#page(this.#next));
  }

  async open(bucket, identityId) {
    this.#bucket = bucket;
    this.#prefix = `${identityId}/`;
    byId("prefix").textContent = this.#prefix;
    await this.list();
  }

  close() {
    this.#bucket = null;
    byId("files").replaceChildren();
  }

  list() {
    return this.#page();
  }

  /** The first page takes the place of what is shown, the others are added to it. */
  async #page(token) {
    const { objects, next } = await this.#bucket.list(this.#prefix, token);
    if (!token) byId("files").replaceChildren();
    byId("files").append(...objects.map((object) => this.#row(object)));
    this.#next = next;
    byId("more").hidden = !next;
    byId("no-files").hidden = byId("files").childElementCount > 0;
  }

  async #upload(file) {
    if (file.size > MAX_BYTES) {
      say(STEP, "error", "Too big for this page.", `${file.name} has ${size(file.size)}; the page takes up to 10 MB.`);
      return;
    }
    await this.#bucket.put(this.#prefix + file.name, file);
    await this.list();
    say(STEP, "ok", "Uploaded.", `${file.name} is in the bucket.`);
  }

  #row({ Key: key, Size: bytes, LastModified: at }) {
    const name = key.slice(this.#prefix.length);
    const act = (label, test, work) => {
      const button = el("button", {
        type: "button",
        class: "quiet",
        text: label,
        "aria-label": `${label} ${name}`,
        "data-test": test,
      });
      onClick(button, STEP, work);
      return button;
    };
    return el(
      "li",
      { "data-name": name },
      el("span", { class: "name", text: name }),
      el("span", { class: "hint", text: `${size(bytes)}, ${moment(at)}` }),
      el(
        "span",
        { class: "row-actions" },
        act("Download", "download", () => this.#download(key, name)),
        act("Delete", "delete", () => this.#delete(key, name)),
      ),
    );
  }

  async #download(key, name) {
    const address = URL.createObjectURL(await this.#bucket.get(key));
    el("a", { href: address, download: name }).click();
    // The browser has taken the bytes by then; without this they stay in memory for as long as the page.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    say(STEP, "ok", "Downloaded.", name);
  }

  async #delete(key, name) {
    await this.#bucket.delete(key);
    await this.list();
    say(STEP, "ok", "Deleted.", `${name} is gone.`);
    byId("list").focus({ preventScroll: true });
  }
}

/** A file to upload for those who have none at hand. */
function note() {
  const now = new Date();
  const name = `note-${now.toTimeString().slice(0, 8).replace(/:/g, "")}.txt`;
  return new File([`Written from the demo page on ${now.toISOString()}.\n`], name, { type: "text/plain" });
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
