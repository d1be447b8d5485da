'use strict';
const fs = require('node:fs');
const cp = require('node:child_process');
const os = require('node:os');
const { all, code, main, once } = require('./common');

main({
  async signals() {
    const seen = [];
    for (const name of ['SIGUSR2', 'SIGHUP', 'SIGTERM', 'SIGINT', 'SIGWINCH']) {
      const got = once(process, name);
      process.kill(process.pid, name);
      seen.push((await got)[0]);
    }
    return [seen, await code(() => process.kill(2 ** 30)), process.kill(process.pid, 0)];
  },

  async endedBySignal() {
    const child = cp.spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log("up")']);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const first = await once(child, 'exit');
    const other = cp.spawn(process.execPath, ['-e', 'process.once("SIGTERM", () => process.exit(7)); setInterval(() => {}, 1e6); console.log("up")']);
    await once(other.stdout, 'data');
    other.kill('SIGTERM');
    return [first, await once(other, 'exit')];
  },

  async about() {
    const usage = process.resourceUsage();
    const memory = process.memoryUsage();
    return [process.cwd() === fs.realpathSync('.'), process.pid > 0, process.ppid === Number(fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')[1]),
      process.uptime() > 0, usage.maxRSS > 1000, usage.userCPUTime > 0, memory.rss > 1e6,
      typeof process.constrainedMemory?.(), process.hrtime.bigint() > 0n, fs.realpathSync(process.execPath) === process.execPath];
  },

  async folders() {
    fs.mkdirSync('inner');
    const before = process.cwd();
    process.chdir('inner');
    const changed = process.cwd() === `${before}/inner`;
    process.chdir(before);
    return [changed, await code(() => process.chdir('/not/there')), process.umask(0o22), process.umask()];
  },

  async title() {
    process.title = 'uvspec client';
    return [process.title, fs.readFileSync('/proc/self/cmdline', 'utf8').startsWith('uvspec client')];
  },

  async environment() {
    process.env.UVSPEC_A = 'b';
    const set = process.env.UVSPEC_A;
    delete process.env.UVSPEC_A;
    return [set, 'UVSPEC_A' in process.env, Object.keys(process.env).includes('HOME')];
  },

  async machine() {
    const cpus = os.cpus();
    const local = Object.values(os.networkInterfaces()).flat().find((i) => i.address === '127.0.0.1');
    const old = os.getPriority();
    return [cpus.length > 0, cpus[0].model.length > 0, os.totalmem() > os.freemem(), os.uptime() > 0, os.loadavg().length,
      os.hostname() === fs.readFileSync('/proc/sys/kernel/hostname', 'utf8').trim(), os.type(), os.release().length > 0,
      os.homedir() === process.env.HOME, os.tmpdir() === process.env.TMPDIR, local.netmask, local.internal, local.mac,
      os.userInfo().uid === process.getuid(), os.userInfo().username.length > 0, Number.isInteger(old),
      os.availableParallelism?.() > 0, os.version().length > 0];
  },

  async report() {
    // Walks the loop's handles and reads their fields.
    const server = require('node:net').createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const timer = setTimeout(() => {}, 5000);
    const { libuv, header } = process.report.getReport();
    clearTimeout(timer);
    server.close();
    const kinds = [...new Set(libuv.map((h) => h.type))].sort();
    const tcp = libuv.find((h) => h.type === 'tcp' && h.localEndpoint);
    return [kinds.includes('timer'), kinds.includes('async'), tcp.localEndpoint.host, tcp.is_active, header.cpus.length > 0,
      libuv.find((h) => h.type === 'loop').is_active];
  },

  async errorNames() {
    const util = require('node:util');
    const map = util.getSystemErrorMap?.() ?? new Map();
    return [util.getSystemErrorName(-2), util.getSystemErrorName(-104), map.get(-13), map.size > 70];
  },

  async standardInput() {
    const child = cp.spawn(process.execPath, ['-e', 'process.stdin.on("data", (d) => process.stdout.write(String(d).toUpperCase()))']);
    child.stdin.write('some ');
    child.stdin.end('text');
    const piped = (await all(child.stdout)).toString();
    fs.writeFileSync('in', 'from a file');
    const script = 'let n = 0; process.stdin.on("data", (d) => n += d.length).on("end", () => console.log(n))';
    const filed = cp.spawnSync(process.execPath, ['-e', script], { stdio: [fs.openSync('in'), 'pipe', 'inherit'] });
    const none = cp.spawnSync(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    return [piped, filed.stdout.toString(), none.stdout.toString()];
  },

  async outputIsWhole() {
    // Much on a pipe, and then the process has nothing more to do: nothing is lost.
    const child = cp.spawn(process.execPath, ['-e', 'for (let i = 0; i < 20000; i++) console.log("line " + i); process.exitCode = 3']);
    const [out, [exit]] = await Promise.all([all(child.stdout), once(child, 'exit')]);
    return [out.toString().trim().split('\n').length, exit];
  },

  async inspector() {
    const child = cp.spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', 'setInterval(() => {}, 1000)']);
    let said = '';
    while (!said.includes('ws://')) said += (await once(child.stderr, 'data'))[0];
    const port = said.match(/127\.0\.0\.1:(\d+)/)[1];
    const list = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    child.kill();
    await once(child, 'exit');
    return [list.length, list[0].type];
  },

  async modules() {
    fs.writeFileSync('m.mjs', 'import { readFile } from "node:fs/promises"; export const n = (await readFile("m.mjs")).length;');
    fs.writeFileSync('c.cjs', 'exports.answer = 42;');
    const { n } = await import(`${process.cwd()}/m.mjs`);
    const { answer } = await import(`${process.cwd()}/c.cjs`);
    return [n > 0, answer];
  },
});
