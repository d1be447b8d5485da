'use strict';
const cp = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const { all, close, code, listen, main, once } = require('./common');

const end = (child) => once(child, 'close').catch(() => once(child, 'close'));

if (process.argv[2] === 'child') {
  process.on('message', (message, handle) => {
    if (handle instanceof net.Socket) handle.end(`child says ${message}`);
    else if (handle) handle.on('connection', (socket) => socket.end('from the child'));
    if (message === 'end') process.disconnect();
    else process.send({ got: message });
  });
  process.send('ready');
} else {
  main({
    async output() {
      const child = cp.spawn('sh', ['-c', 'echo out; echo err >&2; exit 3']);
      const [out, err, [exit, signal]] = await Promise.all([all(child.stdout), all(child.stderr), end(child)]);
      return [out.toString(), err.toString(), exit, signal, child.pid > 0];
    },

    async throughPipes() {
      const child = cp.spawn('cat');
      child.stdin.end(Buffer.alloc(5_000_000, 'xyz'));
      const [out, [exit]] = await Promise.all([all(child.stdout), end(child)]);
      return [out.length, exit];
    },

    async signals() {
      const child = cp.spawn('sleep', ['60']);
      await once(child, 'spawn');
      const killed = [child.kill('SIGTERM'), child.killed];
      const timed = cp.spawn('sleep', ['60'], { timeout: 20, killSignal: 'SIGKILL' });
      const controller = new AbortController();
      const aborted = cp.spawn('sleep', ['60'], { signal: controller.signal });
      aborted.on('error', () => {});
      controller.abort();
      return [killed, await Promise.all([child, timed, aborted].map(end)), child.kill(0)];
    },

    async notThere() {
      const missing = cp.spawn('/not/there');
      const [error] = await once(missing, 'error');
      const codes = [await code(once(cp.spawn('/etc/passwd'), 'spawn')), await code(once(cp.spawn('true', { cwd: '/no' }), 'spawn'))];
      return [error.code, error.syscall, missing.pid === undefined, codes, cp.spawnSync('/not/there').error.code];
    },

    async places() {
      const env = { ...process.env, GREETING: 'hello' };
      const child = cp.spawn('sh', ['-c', 'pwd; echo $GREETING $0'], { cwd: '/', env, argv0: 'sh' });
      return (await all(child.stdout)).toString();
    },

    async standardStreams() {
      const file = fs.openSync('out', 'w');
      const child = cp.spawn('sh', ['-c', 'echo one; echo two >&2; echo five >&5'], { stdio: ['ignore', file, file, null, null, 'pipe'] });
      const fifth = all(child.stdio[5]);
      await end(child);
      fs.closeSync(file);
      return [fs.readFileSync('out', 'utf8'), (await fifth).toString()];
    },

    async descriptorsStayHome() {
      const server = net.createServer();
      await listen(server);
      const child = cp.spawn('sh', ['-c', 'ls -l /proc/self/fd | grep -c -e socket -e anon_inode'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const said = Number((await all(child.stdout)).toString());
      await close(server);
      return said <= 1; // its own standard output
    },

    async synchronous() {
      const said = cp.execSync('cat; echo err >&2', { input: 'in', stdio: ['pipe', 'pipe', 'pipe'] }).toString();
      const failed = cp.spawnSync('sh', ['-c', 'echo x; exit 9']);
      const timed = cp.spawnSync('sleep', ['60'], { timeout: 20 });
      const much = cp.spawnSync('sh', ['-c', 'while :; do echo much; done'], { maxBuffer: 100000 });
      const large = cp.spawnSync('cat', { input: Buffer.alloc(3_000_000), maxBuffer: 4_000_000 });
      return [said, failed.status, failed.stdout.toString(), timed.signal, timed.error.code, much.error.code, large.stdout.length];
    },

    async shells() {
      const said = await new Promise((resolve) => cp.exec('echo $((6*7)); exit 4', (error, out) => resolve([error.code, out])));
      const filed = await new Promise((resolve) => cp.execFile('printf', ['%s-', 'a', 'b'], (_, out) => resolve(out)));
      return [said, filed];
    },

    async messages() {
      const child = cp.fork(__filename, ['child'], { serialization: 'advanced' });
      await once(child, 'message');
      const answers = [];
      child.on('message', (message) => answers.push(message.got));
      for (let i = 0; i < 200; i++) child.send(i);
      child.send('x'.repeat(500000));
      while (answers.length < 201) await once(child, 'message');
      child.send('end');
      const [exit] = await end(child);
      return [answers.slice(0, 200).every((n, i) => n === i), answers[200].length, exit];
    },

    async handedOver() {
      const child = cp.fork(__filename, ['child']);
      await once(child, 'message');
      const server = net.createServer();
      const port = await listen(server);
      const said = [];
      for (let i = 0; i < 5; i++) {
        const socket = net.connect(port, '127.0.0.1');
        const [accepted] = await once(server, 'connection');
        child.send(`hello ${i}`, accepted);
        said.push((await all(socket)).toString());
      }
      child.send('server', server);
      await once(child, 'message');
      while (true) {
        const [message] = await once(child, 'message');
        if (message.got === 'server') break;
      }
      await close(server); // the child's copy goes on listening
      said.push((await all(net.connect(port, '127.0.0.1'))).toString());
      child.kill();
      return [said, await end(child)];
    },

    async detached() {
      const child = cp.spawn('sh', ['-c', 'ps -o sid= -p $$; echo $$'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
      const [session, pid] = (await all(child.stdout)).toString().trim().split(/\s+/);
      child.unref();
      return pid === undefined || session === pid;
    },

    async user() {
      if (process.getuid() !== 0) return ['65534', await code(async () => once(cp.spawn('true', { uid: 0 }), 'spawn'))];
      const child = cp.spawn('id', ['-u'], { uid: 65534, gid: 65534, cwd: '/', env: {} });
      return [(await all(child.stdout)).toString().trim(), 'EPERM'];
    },

    async manyAtOnce() {
      const children = Array.from({ length: 80 }, (_, i) => cp.spawn('sh', ['-c', `exit ${i % 4}`]));
      const exits = (await Promise.all(children.map(end))).map(([exit]) => exit);
      return [0, 1, 2, 3].map((n) => exits.filter((e) => e === n).length);
    },
  });
}
