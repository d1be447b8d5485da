'use strict';
// What the scripts of this folder share: they run one work after the other and print a line for each.

const { once } = require('node:events');

/** Runs the works in order; prints each one's name and result. Then the process ends by itself, or it hangs. */
async function main(works) {
  // Something to wait for: a work that waits for what never comes has to hang, not to end the process.
  const alive = setInterval(() => {}, 1000);
  for (const [name, work] of Object.entries(works)) {
    try {
      console.log(name, JSON.stringify(await work()));
    } catch (error) {
      process.exitCode = 1;
      console.log(name, 'failed:', error.code || error.message);
      console.error(`error in ${name}:`, error);
    }
  }
  clearInterval(alive);
}

/** What a stream brings until its end. */
function all(stream) {
  const parts = [];
  return new Promise((resolve, reject) => {
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => resolve(Buffer.concat(parts)));
    stream.on('error', reject);
  });
}

/** Listens on a free port of the loopback interface; returns it. */
async function listen(server, host = '127.0.0.1') {
  server.listen(0, host);
  await once(server, 'listening');
  return server.address().port;
}

/** The code of the error that a promise or function ends with. */
async function code(work) {
  try {
    await (typeof work === 'function' ? work() : work);
    return 'no error';
  } catch (error) {
    return error.code || error.name;
  }
}

const close = (server) => new Promise((resolve) => server.close(resolve));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

module.exports = { all, close, code, listen, main, once, sleep };
