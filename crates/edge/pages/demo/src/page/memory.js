// Where the visitor stood, for the next time the page is loaded. Nothing secret is here; the library keeps the tokens.

const KEY = "poolhouse-demo";

export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export function remember(changes) {
  localStorage.setItem(KEY, JSON.stringify({ ...remembered(), ...changes }));
}
