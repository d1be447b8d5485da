'use strict';
const dgram = require('node:dgram');
const { code, main, once, sleep } = require('./common');

const bind = async (socket, host = '127.0.0.1') => {
  socket.bind(0, host);
  await once(socket, 'listening');
  return socket.address().port;
};
const close = (socket) => new Promise((resolve) => socket.close(resolve));
const send = (socket, ...rest) => new Promise((resolve, reject) => socket.send(...rest, (e, n) => (e ? reject(e) : resolve(n))));

main({
  async requestAndReply() {
    const server = dgram.createSocket('udp4');
    server.on('message', (m, from) => server.send([Buffer.from('re: '), m], from.port, from.address));
    const port = await bind(server);
    const client = dgram.createSocket('udp4');
    const said = [];
    for (const text of ['one', '', 'x'.repeat(9000)]) {
      const got = once(client, 'message');
      const sent = await send(client, text, port, '127.0.0.1');
      const [message, from] = await got;
      said.push([sent, message.length, from.family, from.size]);
    }
    await Promise.all([close(server), close(client)]);
    return said;
  },

  async manyInOrder() {
    const server = dgram.createSocket({ type: 'udp4', recvBufferSize: 400000 });
    const port = await bind(server);
    const client = dgram.createSocket('udp4');
    let next = 0;
    let ordered = true;
    server.on('message', (m) => {
      ordered &&= Number(m) === next;
      next++;
    });
    for (let round = 0; round < 40; round++) {
      const sends = Array.from({ length: 25 }, (_, i) => send(client, `${round * 25 + i}`, port, '127.0.0.1'));
      await Promise.all(sends);
      while (next < (round + 1) * 25) await sleep(1);
    }
    const sizes = [server.getRecvBufferSize() >= 400000, client.getSendBufferSize() > 0, client.getSendQueueSize?.() ?? 0];
    await Promise.all([close(server), close(client)]);
    return [next, ordered, sizes];
  },

  async connected() {
    const server = dgram.createSocket('udp4');
    const port = await bind(server);
    const client = dgram.createSocket('udp4');
    client.connect(port, '127.0.0.1');
    await once(client, 'connect');
    const got = once(server, 'message');
    await send(client, 'hello');
    const [message] = await got;
    const remote = client.remoteAddress().port === port;
    const twice = await code(() => client.connect(port));
    client.disconnect();
    const after = await code(() => client.remoteAddress());
    await Promise.all([close(server), close(client)]);
    return [message.toString(), remote, twice, after];
  },

  async errors() {
    const one = dgram.createSocket('udp4');
    const port = await bind(one);
    const two = dgram.createSocket('udp4');
    two.bind(port, '127.0.0.1');
    const inUse = await code(once(two, 'listening'));
    const tooLong = await code(send(one, Buffer.alloc(70000), port, '127.0.0.1'));
    await close(one);
    const orphan = dgram.createSocket('udp4');
    orphan.connect(port, '127.0.0.1');
    await once(orphan, 'connect');
    const refused = once(orphan, 'error');
    orphan.send('anybody?');
    const [error] = await refused;
    await close(orphan);
    return [inUse, tooLong, error.code];
  },

  async options() {
    const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
    await bind(socket, '0.0.0.0');
    socket.setBroadcast(true);
    const ttl = [socket.setTTL(16), socket.setMulticastTTL(8), socket.setMulticastLoopback(true)];
    const wrong = [await code(() => socket.setTTL(0)), await code(() => socket.setMulticastTTL(300))];
    const bad = await code(() => socket.addMembership('1.2.3.4'));
    await close(socket);
    return [ttl, wrong, bad];
  },

  async multicast() {
    const group = '239.255.77.77';
    const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
    await bind(socket, '0.0.0.0');
    try {
      socket.addMembership(group, '127.0.0.1');
      socket.setMulticastInterface('127.0.0.1');
      const got = once(socket, 'message', { signal: AbortSignal.timeout(2000) });
      await send(socket, 'to all', socket.address().port, group);
      const [message] = await got;
      socket.dropMembership(group, '127.0.0.1');
      return message.toString();
    } finally {
      await close(socket);
    }
  },

  async closedWhileSending() {
    const socket = dgram.createSocket('udp4');
    const port = await bind(socket);
    const results = Array.from({ length: 20 }, () => send(socket, 'x', port, '127.0.0.1').then(() => 'sent', () => 'failed'));
    socket.close();
    await once(socket, 'close');
    return [results.length, await code(() => socket.send('x', port, '127.0.0.1'))];
  },
});
