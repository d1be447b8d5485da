'use strict';
const crypto = require('node:crypto');
const net = require('node:net');
const { all, close, code, listen, main, once, sleep } = require('./common');

const MUCH = crypto.createHash('sha512').update('seed').digest().toString('hex').repeat(100000);

const hash = (data) => crypto.createHash('sha256').update(data).digest('hex').slice(0, 16);

main({
  async echoesMuch() {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    const socket = net.connect({ port: await listen(server), host: '127.0.0.1', allowHalfOpen: true });
    socket.end(MUCH);
    const said = await all(socket);
    await close(server);
    return [said.length, hash(said) === hash(MUCH), socket.bytesWritten, socket.bytesRead];
  },

  async writesInOrder() {
    const server = net.createServer((socket) => socket.end());
    const received = new Promise((resolve) => server.once('connection', (s) => resolve(all(s))));
    const socket = net.connect(await listen(server), '127.0.0.1');
    const order = [];
    for (let i = 0; i < 500; i++) socket.write(`${i},`, () => order.push(i));
    socket.cork();
    for (let i = 500; i < 600; i++) socket.write(`${i},`);
    socket.uncork();
    socket.end();
    const said = (await received).toString();
    await close(server);
    const wanted = Array.from({ length: 600 }, (_, i) => `${i},`).join('');
    return [said === wanted, order.length, order.every((n, i) => n === i)];
  },

  async manyConnections() {
    const server = net.createServer((socket) => socket.end('bye'));
    const port = await listen(server);
    const said = await Promise.all(Array.from({ length: 300 }, () => all(net.connect(port, '127.0.0.1'))));
    await close(server);
    return said.filter((s) => s.toString() === 'bye').length;
  },

  async backpressure() {
    const server = net.createServer();
    const socket = net.connect(await listen(server), '127.0.0.1');
    const [peer] = await once(server, 'connection');
    peer.pause();
    let chunks = 0;
    while (socket.write(Buffer.alloc(65536))) chunks++;
    const waiting = socket.writableLength > 0;
    const counting = all(peer);
    peer.resume();
    await once(socket, 'drain');
    socket.end();
    const total = (await counting).length;
    await close(server);
    return [waiting, total === (chunks + 1) * 65536];
  },

  async errors() {
    const server = net.createServer();
    const port = await listen(server);
    const second = net.createServer();
    second.listen(port, '127.0.0.1');
    const inUse = await code(once(second, 'listening'));
    await close(server);
    const noPath = await code(once(net.connect('nothing.sock'), 'connect'));
    const refused = await code(once(net.connect(port, '127.0.0.1'), 'connect'));
    const third = net.createServer();
    third.listen('/not/there/at.all');
    return [inUse, noPath, refused, await code(once(third, 'listening'))];
  },

  async reset() {
    const server = net.createServer((socket) => socket.on('error', () => {}));
    const socket = net.connect(await listen(server), '127.0.0.1');
    const [peer] = await once(server, 'connection');
    await once(socket, 'connect').catch(() => {});
    const failed = once(peer, 'error');
    socket.resetAndDestroy();
    const [error] = await failed;
    await close(server);
    return error.code;
  },

  async halfOpen() {
    const server = net.createServer({ allowHalfOpen: true }, async (socket) => {
      const said = await all(socket);
      socket.end(`got ${said}`);
    });
    const socket = net.connect({ port: await listen(server), host: '127.0.0.1' });
    socket.end('the end');
    const said = (await all(socket)).toString();
    await close(server);
    return said;
  },

  async options() {
    const server = net.createServer();
    const socket = net.connect(await listen(server), '127.0.0.1');
    const accepted = once(server, 'connection');
    await once(socket, 'connect');
    socket.setNoDelay(true).setKeepAlive(true, 5000).setNoDelay(false);
    const [peer] = await accepted;
    const families = [peer.remoteFamily, peer.localAddress, socket.remotePort === server.address().port];
    socket.setTimeout(10);
    await once(socket, 'timeout');
    socket.destroy();
    peer.destroy();
    await close(server);
    return families;
  },

  async unixSockets() {
    const server = net.createServer((socket) => socket.pipe(socket));
    server.listen({ path: 'echo.sock', readableAll: true });
    await once(server, 'listening');
    const socket = net.connect('echo.sock');
    socket.end('by path');
    const said = (await all(socket)).toString();
    const mode = (require('node:fs').statSync('echo.sock').mode & 0o444).toString(8);
    await close(server);
    return [said, mode, require('node:fs').existsSync('echo.sock')];
  },

  async abstractName() {
    const server = net.createServer((socket) => socket.end('hello'));
    const name = `\0uvspec-${process.pid}`;
    const said = await code(async () => {
      server.listen(name);
      await once(server, 'listening');
    });
    if (server.listening) await close(server);
    return typeof said;
  },

  async ipv6() {
    const server = net.createServer((socket) => socket.end(socket.remoteFamily));
    try {
      await listen(server, '::1');
    } catch {
      return 'IPv6';
    }
    const said = (await all(net.connect(server.address().port, '::1'))).toString();
    await close(server);
    return said;
  },

  async unreferenced() {
    const server = net.createServer((socket) => socket.unref());
    await listen(server);
    server.unref();
    const socket = net.connect(server.address().port, '127.0.0.1');
    await once(socket, 'connect');
    socket.unref();
    await sleep(5);
    return server.listening; // the process ends although both are open
  },
});
