'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const { promisify } = require('node:util');
const { Worker, isMainThread, parentPort, workerData, MessageChannel, receiveMessageOnPort } = require('node:worker_threads');
const zlib = require('node:zlib');
const { main, once, sleep } = require('./common');

async function work() {
  const { what, shared } = workerData;
  if (what === 'echo') parentPort.on('message', (m) => (m === 'end' ? parentPort.close() : parentPort.postMessage(m * 2)));
  if (what === 'count') for (let i = 0; i < 10000; i++) Atomics.add(new Int32Array(shared), 0, 1);
  if (what === 'wait') Atomics.wait(new Int32Array(shared), 0, 0);
  if (what === 'forever') setInterval(() => {}, 1000);
  if (what === 'busy') while (true);
  if (what === 'throw') throw new Error('as asked');
  if (what === 'exit') process.exit(5);
  if (what === 'loop') {
    // A loop of its own: files, timers, names.
    const { size } = await fs.promises.stat(__filename);
    await sleep(5);
    const { address } = await require('node:dns').promises.lookup('127.0.0.1');
    parentPort.postMessage([size > 0, address]);
  }
}

if (!isMainThread) {
  work();
} else {
  const start = (what, more = {}) => new Worker(__filename, { workerData: { what, ...more } });
  const ended = async (worker) => (await once(worker, 'exit'))[0];

  main({
    async messages() {
      const worker = start('echo');
      let sum = 0;
      let count = 0;
      const exit = ended(worker);
      worker.on('message', (m) => {
        sum += m;
        if (++count === 5000) worker.postMessage('end');
      });
      for (let i = 0; i < 5000; i++) worker.postMessage(i);
      return [await exit, sum, count];
    },

    async sharedMemory() {
      const shared = new SharedArrayBuffer(4);
      await Promise.all(Array.from({ length: 4 }, () => ended(start('count', { shared }))));
      return new Int32Array(shared)[0];
    },

    async woken() {
      const shared = new SharedArrayBuffer(4);
      const exit = ended(start('wait', { shared }));
      const view = new Int32Array(shared);
      Atomics.store(view, 0, 1);
      Atomics.notify(view, 0);
      return await exit;
    },

    async terminated() {
      const workers = ['forever', 'busy', 'forever', 'busy'].map((what) => start(what));
      await Promise.all(workers.map((worker) => once(worker, 'online')));
      return await Promise.all(workers.map((worker) => worker.terminate()));
    },

    async failures() {
      const thrown = start('throw');
      const [error] = await once(thrown, 'error');
      return [error.message, await ended(start('exit'))];
    },

    async loopsOfTheirOwn() {
      const workers = Array.from({ length: 6 }, () => start('loop'));
      return (await Promise.all(workers.map((worker) => once(worker, 'message')))).map(([m]) => m);
    },

    async channels() {
      const { port1, port2 } = new MessageChannel();
      port1.postMessage({ a: 1 });
      const sync = receiveMessageOnPort(port2).message;
      port1.postMessage('later');
      const [later] = await once(port2, 'message');
      port1.close();
      return [sync, later];
    },

    async pool() {
      // The thread pool: keys, random bytes, compression, all at once, more than it has threads.
      const keys = Array.from({ length: 16 }, (_, i) => promisify(crypto.pbkdf2)('secret', `salt ${i}`, 2000, 32, 'sha256'));
      const bytes = Array.from({ length: 50 }, () => promisify(crypto.randomBytes)(1000));
      const packed = Array.from({ length: 20 }, (_, i) => promisify(zlib.gzip)(Buffer.alloc(100000, `${i}`)));
      const hash = crypto.createHash('sha256');
      for (const key of await Promise.all(keys)) hash.update(key);
      const unpacked = await Promise.all((await Promise.all(packed)).map((p) => promisify(zlib.gunzip)(p)));
      return [hash.digest('hex').slice(0, 16), (await Promise.all(bytes)).length, unpacked.every((u) => u.length === 100000)];
    },
  });
}
