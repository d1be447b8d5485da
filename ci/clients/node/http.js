'use strict';
const http = require('node:http');
const http2 = require('node:http2');
const net = require('node:net');
const { all, close, code, listen, main, once } = require('./common');

/** One request; resolves with status and size of the answer. */
function request(options, body) {
  return new Promise((resolve, reject) => {
    const req = http.request({ host: '127.0.0.1', ...options }, async (res) => {
      resolve([res.statusCode, (await all(res)).length]);
    });
    req.on('error', reject);
    req.end(body);
  });
}

main({
  /** 3000 requests over 50 connections that are kept, each answered with what was sent. */
  async load() {
    let served = 0;
    const server = http.createServer((req, res) => {
      served++;
      req.pipe(res);
    });
    const port = await listen(server);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });
    let bytes = 0;
    const client = async (number) => {
      for (let i = 0; i < 60; i++) {
        const [status, size] = await request({ port, agent, method: 'POST' }, 'x'.repeat(number * 37 + i));
        if (status === 200) bytes += size;
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, number) => client(number)));
    agent.destroy();
    await close(server);
    return [served, bytes];
  },

  async newConnectionEachTime() {
    const server = http.createServer((_, res) => res.end('hello'));
    const port = await listen(server);
    let good = 0;
    for (let i = 0; i < 10; i++) {
      const answers = await Promise.all(Array.from({ length: 40 }, () => request({ port, agent: false })));
      good += answers.filter(([status, size]) => status === 200 && size === 5).length;
    }
    await close(server);
    return good;
  },

  async muchAtOnce() {
    const size = 20 << 20;
    const server = http.createServer((_, res) => {
      res.write(Buffer.alloc(size / 2, 'a'));
      res.end(Buffer.alloc(size / 2, 'b'));
    });
    const port = await listen(server);
    const answers = await Promise.all([1, 2, 3].map(() => request({ port })));
    await close(server);
    return answers;
  },

  async chunkedAndPipelined() {
    const server = http.createServer((req, res) => {
      res.write(req.url);
      setImmediate(() => res.end('!'));
    });
    const socket = net.connect(await listen(server), '127.0.0.1');
    socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.write('GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const said = (await all(socket)).toString();
    await close(server);
    return said.match(/\/\d/g);
  },

  async clientGoesAway() {
    const server = http.createServer();
    const port = await listen(server);
    const req = http.get({ port, host: '127.0.0.1' });
    req.on('error', () => {});
    const [incoming, answer] = await once(server, 'request');
    req.destroy();
    await once(answer, 'close');
    await close(server);
    return [incoming.aborted, answer.writableFinished];
  },

  async serverGoesAway() {
    const server = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy?.() ?? socket.destroy()));
    const port = await listen(server);
    const said = await code(request({ port }));
    await close(server);
    return [said, await code(request({ port }))];
  },

  async timeouts() {
    const server = http.createServer(() => {});
    const port = await listen(server);
    const req = http.get({ port, host: '127.0.0.1', timeout: 20 });
    req.on('error', () => {});
    await once(req, 'timeout');
    req.destroy();
    server.closeAllConnections();
    await close(server);
    return 'timed out';
  },

  async upgraded() {
    const server = http.createServer();
    server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    const port = await listen(server);
    const req = http.get({ port, host: '127.0.0.1', headers: { Connection: 'Upgrade', Upgrade: 'echo' } });
    const [, socket] = await once(req, 'upgrade');
    socket.end('over the line');
    const said = (await all(socket)).toString();
    await close(server);
    return said;
  },

  async overUnixSocket() {
    const server = http.createServer((_, res) => res.end('by path'));
    server.listen('http.sock');
    await once(server, 'listening');
    const answer = await request({ socketPath: 'http.sock', host: undefined });
    await close(server);
    return answer;
  },

  async http2Streams() {
    const server = http2.createServer();
    server.on('stream', (stream, headers) => {
      stream.respond({ ':status': 200 });
      stream.end(headers[':path'].repeat(1000));
    });
    const session = http2.connect(`http://127.0.0.1:${await listen(server)}`);
    const bodies = await Promise.all(Array.from({ length: 100 }, (_, i) => all(session.request({ ':path': `/${i}` }))));
    await new Promise((resolve) => session.close(resolve));
    await close(server);
    return bodies.reduce((sum, body) => sum + body.length, 0);
  },

  async fetched() {
    const server = http.createServer((_, res) => res.end('fetched'));
    const port = await listen(server);
    const said = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    server.closeAllConnections();
    await close(server);
    return said;
  },
});
