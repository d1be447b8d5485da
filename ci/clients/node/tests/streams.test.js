'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const stream = require('node:stream/promises');
const test = require('node:test');
const zlib = require('node:zlib');

test('files through compression and back', async (t) => {
  const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 't-'));
  const file = (name) => path.join(folder, name);
  await t.test('pack', async () => {
    fs.writeFileSync(file('a'), 'text '.repeat(200000));
    await stream.pipeline(fs.createReadStream(file('a')), zlib.createGzip(), fs.createWriteStream(file('b')));
    assert.ok(fs.statSync(file('b')).size < 10000);
  });
  await t.test('unpack', async () => {
    await stream.pipeline(fs.createReadStream(file('b')), zlib.createGunzip(), fs.createWriteStream(file('c')));
    assert.deepStrictEqual(fs.readFileSync(file('c')), fs.readFileSync(file('a')));
  });
  fs.rmSync(folder, { recursive: true });
});

test('a stream that fails ends the pipeline', async () => {
  await assert.rejects(stream.pipeline(fs.createReadStream('/not/there'), zlib.createGzip(), async () => {}), { code: 'ENOENT' });
});
