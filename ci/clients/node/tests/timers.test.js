'use strict';
const assert = require('node:assert');
const { describe, it } = require('node:test');
const timers = require('node:timers/promises');

describe('timers', { concurrency: true }, () => {
  for (const ms of [1, 5, 10, 20]) {
    it(`of ${ms} ms`, async () => assert.strictEqual(await timers.setTimeout(ms, ms), ms));
  }
  it('interval', async () => {
    let count = 0;
    for await (const _ of timers.setInterval(1)) if (++count === 5) break;
    assert.strictEqual(count, 5);
  });
  it('aborted', async () => {
    const signal = AbortSignal.timeout(5);
    await assert.rejects(timers.setTimeout(60000, null, { signal }), { name: 'AbortError' });
  });
  it('is not run', { skip: 'on purpose' }, () => assert.fail());
});
