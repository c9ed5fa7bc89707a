// Leads connections to hosts of AWS to the server under test, as a test network's names do. Preloaded (`node --import`), so that the
// program itself is unmodified. AWS_HOSTS_AT: the port on loopback.

import net from "node:net";

const port = Number(process.env.AWS_HOSTS_AT);
const OF_AWS = /\.(amazonaws|amazoncognito)\.com$/;
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...all) {
  // Node's own callers have the arguments in one list already.
  const list = Array.isArray(all[0]) ? all[0] : all;
  if (OF_AWS.test(list[0]?.host ?? "")) list[0] = { ...list[0], host: "127.0.0.1", port };
  return connect.apply(this, all);
};
