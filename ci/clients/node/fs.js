'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const { all, code, main, once, sleep } = require('./common');

const p = fs.promises;

main({
  async writeAndRead() {
    const text = 'línea\n'.repeat(50000);
    await p.writeFile('a', text);
    fs.writeFileSync('b', text);
    fs.appendFileSync('b', 'more');
    const read = await p.readFile('a', 'utf8');
    return [read === text, fs.readFileSync('b').length, (await p.stat('a')).size];
  },

  async positions() {
    const file = await p.open('c', 'w+', 0o640);
    await file.write('0123456789');
    await file.write('ab', 4);
    await file.writev([Buffer.from('X'), Buffer.from('YZ')], 7);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(20), 0, 20, 2);
    const parts = [Buffer.alloc(3), Buffer.alloc(30)];
    const read = await file.readv(parts, 0);
    await file.truncate(5);
    await file.datasync();
    await file.sync();
    const { size, mode } = await file.stat();
    await file.close();
    return [bytesRead, buffer.toString('latin1', 0, bytesRead), read.bytesRead, parts[0].toString(), size,
      (mode & 0o777 & ~0o022).toString(8)];
  },

  async streams() {
    fs.writeFileSync('big', Buffer.alloc(5_000_000, 'abcdefg'));
    await pipeline(fs.createReadStream('big', { highWaterMark: 7777 }), fs.createWriteStream('big2'));
    const part = await all(fs.createReadStream('big', { start: 10, end: 29 }));
    return [fs.readFileSync('big').equals(fs.readFileSync('big2')), part.toString()];
  },

  async folders() {
    await p.mkdir('d/e/f', { recursive: true });
    for (const name of ['x', 'y', 'z']) fs.writeFileSync(`d/${name}`, name);
    fs.symlinkSync('x', 'd/l');
    const listed = (await p.readdir('d', { withFileTypes: true }))
      .map((e) => [e.name, e.isFile(), e.isDirectory(), e.isSymbolicLink()]).sort();
    const walked = [];
    for await (const entry of await p.opendir('d')) walked.push(entry.name);
    const temporary = await p.mkdtemp('tmp-');
    const made = fs.statSync(temporary).isDirectory() && path.basename(temporary).length === 10;
    await p.cp?.('d', 'copy', { recursive: true });
    const copied = fs.readdirSync('copy').sort();
    await p.rm('d', { recursive: true });
    await p.rmdir(temporary);
    return [listed, walked.sort(), made, copied, fs.existsSync('d')];
  },

  async links() {
    fs.writeFileSync('t', 'target');
    await p.symlink('t', 's');
    await p.link('t', 'h');
    const same = (await p.stat('t')).ino === (await p.stat('h')).ino;
    const kinds = [(await p.lstat('s')).isSymbolicLink(), (await p.stat('s')).isFile(), (await p.stat('h')).nlink];
    const paths = [await p.readlink('s'), path.basename(await p.realpath('s'))];
    await p.unlink('h');
    return [same, kinds, paths, (await p.stat('t')).nlink];
  },

  async attributes() {
    fs.writeFileSync('m', '');
    await p.chmod('m', 0o600);
    await p.utimes('m', 1000.25, 2000.5);
    const s = await p.stat('m');
    const precise = fs.statSync('m', { bigint: true });
    fs.lutimesSync('m', 3000, 4000);
    await p.chown('m', process.getuid(), process.getgid());
    return [(s.mode & 0o777).toString(8), s.atimeMs, s.mtimeMs, String(precise.mtimeNs), fs.statSync('m').mtimeMs,
      s.uid === process.getuid(), s.isFile(), s.blksize > 0, s.birthtimeMs > 0];
  },

  async copies() {
    fs.writeFileSync('from', 'x'.repeat(300000), { mode: 0o640 });
    await p.copyFile('from', 'to');
    const exclusive = await code(p.copyFile('from', 'to', fs.constants.COPYFILE_EXCL));
    await p.copyFile('from', 'to', fs.constants.COPYFILE_FICLONE);
    await p.rename('to', 'moved');
    return [exclusive, fs.readFileSync('moved').length, (fs.statSync('moved').mode & 0o777).toString(8), fs.existsSync('to')];
  },

  async errors() {
    const bad = [
      p.readFile('nothing'), p.readFile('.'), p.rmdir('a'), p.mkdir('a'), p.readdir('a'), p.rename('nothing', 'x'),
      p.unlink('nothing'), p.readlink('a'), p.access('nothing'), p.open('a', 'wx'), p.mkdir('no/where'),
      p.symlink('x', 's'), p.opendir('nothing'), p.truncate('.'), p.copyFile('nothing', 'x'), p.stat('a/b'),
    ];
    const codes = await Promise.all(bad.map((work) => code(work)));
    let said = '';
    try {
      fs.openSync('nothing');
    } catch (error) {
      said = [error.errno, error.syscall, error.message.replace(process.cwd(), '')];
    }
    return [codes, said, await code(() => fs.readSync(9999, Buffer.alloc(1))), await code(() => fs.closeSync(9999))];
  },

  async manyAtOnce() {
    await p.mkdir('many');
    await Promise.all(Array.from({ length: 500 }, (_, i) => p.writeFile(`many/${i}`, `${i}`)));
    const sizes = await Promise.all(fs.readdirSync('many').map(async (n) => Number(await p.readFile(`many/${n}`, 'utf8'))));
    return sizes.reduce((a, b) => a + b, 0);
  },

  async aborted() {
    const controller = new AbortController();
    const reading = p.readFile('big', { signal: controller.signal });
    controller.abort();
    return await code(reading);
  },

  async filesystem() {
    const s = await p.statfs?.('.');
    return s ? [s.bsize > 0, s.blocks > 0, s.bavail <= s.blocks] : [true, true, true];
  },

  async watching() {
    await p.mkdir('w');
    const seen = new Set();
    const watcher = fs.watch('w', (event, name) => seen.add(`${event} ${name}`));
    const wait = async (what) => {
      while (!seen.has(what)) await sleep(2);
    };
    fs.writeFileSync('w/one', '1');
    await wait('rename one');
    fs.appendFileSync('w/one', '2');
    await wait('change one');
    fs.renameSync('w/one', 'w/two');
    await wait('rename two');
    fs.unlinkSync('w/two');
    watcher.close();
    fs.writeFileSync('w/file', '');
    const single = fs.watch('w/file');
    const changed = once(single, 'change');
    fs.appendFileSync('w/file', 'x');
    const [event, name] = await changed;
    single.close();
    return [[...seen].filter((s) => !s.endsWith('one') || s.startsWith('rename')).sort(), event, name];
  },

  async watchingPromises() {
    const controller = new AbortController();
    const names = [];
    const watching = (async () => {
      for await (const { filename } of p.watch('w', { signal: controller.signal })) {
        names.push(filename);
        controller.abort();
      }
    })();
    await sleep(1);
    fs.writeFileSync('w/three', '');
    return [await code(watching), names];
  },

  async polling() {
    fs.writeFileSync('polled', 'a');
    const growing = setInterval(() => fs.appendFileSync('polled', 'a'), 15);
    const grown = await new Promise((resolve) => {
      fs.watchFile('polled', { interval: 5 }, (now, before) => resolve(now.size > before.size));
    });
    clearInterval(growing);
    fs.unwatchFile('polled');
    const sizes = await new Promise((resolve) => {
      // The first call says that it is not there.
      fs.watchFile('later', { interval: 5 }, (now, before) => {
        if (now.nlink === 0) fs.writeFileSync('renamed', '12345'), fs.renameSync('renamed', 'later');
        else resolve([before.size, now.size]);
      });
    });
    fs.unwatchFile('later');
    return [grown, sizes];
  },
});
