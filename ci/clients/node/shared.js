'use strict';
// As cluster.js, and every worker accepts from the same listening socket. Its own file: a policy is for good.
const cluster = require('node:cluster');
const net = require('node:net');
const { all, main, once } = require('./common');

cluster.schedulingPolicy = cluster.SCHED_NONE;

if (cluster.isWorker) {
  net.createServer((socket) => socket.end(`worker ${process.pid}`)).listen(0, '127.0.0.1');
} else {
  main({
    async acceptedByAll() {
      const workers = [cluster.fork(), cluster.fork()];
      const [[first], [second]] = await Promise.all(workers.map((w) => once(w, 'listening')));
      const said = await Promise.all(Array.from({ length: 60 }, () => all(net.connect(first.port, '127.0.0.1'))));
      const ends = workers.map((w) => once(w, 'exit'));
      for (const worker of workers) worker.disconnect();
      return [first.port === second.port, said.length, said.every((s) => s.toString().startsWith('worker')), await Promise.all(ends)];
    },
  });
}
