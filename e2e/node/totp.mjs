// An authenticator app: RFC 6238 as every app computes it of a base32 secret.

import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function bytes(secret) {
  const bits = [...secret].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** Apps by the clock of a server that tests move. */
export class Apps {
  #server;
  #ahead = 0;

  constructor(server) {
    this.#server = server;
  }

  code(secret) {
    const step = Buffer.alloc(8);
    step.writeBigInt64BE(BigInt(Math.floor((Date.now() / 1000 + this.#ahead) / 30)));
    const mac = createHmac("sha1", bytes(secret)).update(step).digest();
    const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
  }

  async advance(seconds) {
    await this.#server.advance(seconds);
    this.#ahead += seconds;
  }

  /** That of the next step: a code counts once. */
  async nextCode(secret) {
    await this.advance(30);
    return this.code(secret);
  }
}
