'use strict';
const assert = require('node:assert');
const { once } = require('node:events');
const net = require('node:net');
const { after, before, describe, it } = require('node:test');

describe('a server', () => {
  let server;
  before(async () => {
    server = net.createServer((socket) => socket.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());
  it('greets', async () => {
    const socket = net.connect(server.address().port, '127.0.0.1');
    const [data] = await once(socket, 'data');
    assert.strictEqual(String(data), 'hello');
    socket.destroy();
  });
  it('counts', async () => {
    const count = await new Promise((resolve, reject) => server.getConnections((e, n) => (e ? reject(e) : resolve(n))));
    assert.ok(count <= 1);
  });
});
