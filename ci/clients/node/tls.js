'use strict';
const cp = require('node:child_process');
const fs = require('node:fs');
const https = require('node:https');
const tls = require('node:tls');
const { all, close, listen, main } = require('./common');

const SIZE = 4_000_000;

main({
  async encrypted() {
    cp.execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost', '-keyout', 'key.pem', '-out', 'cert.pem'], { stdio: 'ignore' });
    const key = fs.readFileSync('key.pem');
    const cert = fs.readFileSync('cert.pem');
    const server = tls.createServer({ key, cert }, (socket) => socket.pipe(socket));
    const port = await listen(server);
    const one = async () => {
      const socket = tls.connect({ port, host: '127.0.0.1', ca: cert, servername: 'localhost' });
      socket.end(Buffer.alloc(SIZE, 's'));
      return [(await all(socket)).length, socket.authorized];
    };
    const results = await Promise.all([one(), one(), one(), one()]);
    await close(server);
    const web = https.createServer({ key, cert }, (_, res) => res.end('secret'));
    const webPort = await listen(web);
    const said = await new Promise((resolve, reject) => {
      https.get({ port: webPort, host: '127.0.0.1', ca: cert, servername: 'localhost', agent: false },
        async (res) => resolve((await all(res)).toString())).on('error', reject);
    });
    await close(web);
    return [results, said];
  },
});
