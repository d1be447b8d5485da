'use strict';
// A server in several processes: the first one accepts and hands connections over, or all of them accept.
const cluster = require('node:cluster');
const http = require('node:http');
const dgram = require('node:dgram');
const { all, main, once } = require('./common');

const WORKERS = 3;

if (cluster.isWorker) {
  http.createServer((_, res) => res.end(String(cluster.worker.id))).listen(Number(process.env.PORT || 0), '127.0.0.1');
  const socket = dgram.createSocket('udp4');
  socket.on('message', (message, from) => socket.send(`re: ${message}`, from.port, from.address));
  socket.bind(0, '127.0.0.1');
} else {
  const get = (port) => new Promise((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', agent: false }, async (res) => resolve((await all(res)).toString())).on('error', reject);
  });

  const run = async (policy) => {
    cluster.schedulingPolicy = policy;
    const workers = Array.from({ length: WORKERS }, () => cluster.fork());
    const addresses = await Promise.all(workers.map(async (worker) => {
      const seen = {};
      await new Promise((resolve) => {
        worker.on('listening', (address) => {
          seen[address.addressType] = address.port;
          if (seen[4] && seen.udp4) resolve();
        });
      });
      return seen;
    }));
    const same = new Set(addresses.map((a) => a[4])).size === 1 && new Set(addresses.map((a) => a.udp4)).size === 1;
    const answers = await Promise.all(Array.from({ length: 90 }, () => get(addresses[0][4])));
    const client = dgram.createSocket('udp4');
    client.send('hi', addresses[0].udp4, '127.0.0.1');
    const [reply] = await once(client, 'message');
    client.close();
    const ends = workers.map((worker) => once(worker, 'exit'));
    workers[0].process.kill('SIGTERM');
    for (const worker of workers.slice(1)) worker.disconnect();
    const exits = await Promise.all(ends);
    return { same, answers: answers.length, reply: reply.toString(), exits, answered: new Set(answers).size };
  };

  main({
    async roundRobin() {
      return await run(cluster.SCHED_RR);
    },
  });
}
