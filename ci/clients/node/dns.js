'use strict';
const dgram = require('node:dgram');
const dns = require('node:dns');
const { code, main, once } = require('./common');

/** A name server of a few lines: answers every A question with 10.0.0.N, N being the length of the name. */
function answer(question) {
  const end = question.indexOf(0, 12) + 5;
  const type = question.readUInt16BE(end - 4);
  const header = Buffer.from(question.subarray(0, 12));
  const name = question.toString('latin1', 13, 13 + question[12]);
  header.writeUInt16BE(name === 'missing' ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(type === 1 && name !== 'missing' ? 1 : 0, 6);
  header.fill(0, 8, 12);
  if (header.readUInt16BE(6) === 0) return Buffer.concat([header, question.subarray(12, end)]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 0, 0, question[12]]);
  return Buffer.concat([header, question.subarray(12, end), record]);
}

main({
  async lookups() {
    const all = await dns.promises.lookup('127.0.0.1', { all: true });
    const local = await dns.promises.lookup('localhost', { family: 4 });
    const { hostname } = await dns.promises.lookupService('127.0.0.1', 80);
    return [all, local, hostname.length > 0];
  },

  async failingLookups() {
    return [await code(dns.promises.lookup('no such name')), await code(dns.promises.lookup('127.0.0.1', { family: 6 }))];
  },

  async manyLookups() {
    const found = await Promise.all(Array.from({ length: 200 }, (_, i) => dns.promises.lookup(`127.0.0.${i + 1}`)));
    return found.every(({ address }, i) => address === `127.0.0.${i + 1}`);
  },

  async resolver() {
    // c-ares watches its sockets through uv_poll and its time through a timer.
    const server = dgram.createSocket('udp4');
    let asked = 0;
    server.on('message', (m, from) => {
      asked++;
      if (!m.includes('silent')) server.send(answer(m), from.port, from.address);
    });
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const resolver = new dns.promises.Resolver({ timeout: 30, tries: 2 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    const names = Array.from({ length: 50 }, (_, i) => `${'n'.repeat(i + 1)}.example`);
    const found = await Promise.all(names.map((name) => resolver.resolve4(name)));
    const good = found.every(([address], i) => address === `10.0.0.${i + 1}`);
    const missing = await code(resolver.resolve4('missing.example'));
    const empty = await code(resolver.resolve6('there.example'));
    const before = asked;
    const silent = await code(resolver.resolve4('silent.example'));
    const waiting = resolver.resolve4('silent.example');
    resolver.cancel();
    const cancelled = await code(waiting);
    server.close();
    return [good, missing, empty, silent, asked - before >= 2, cancelled];
  },
});
