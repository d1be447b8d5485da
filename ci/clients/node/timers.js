'use strict';
const { performance, monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: later } = require('node:timers/promises');
const { main, sleep } = require('./common');

main({
  async order() {
    const seen = [];
    await new Promise((resolve) => {
      setTimeout(() => {
        // From here the order is fixed.
        setImmediate(() => seen.push('immediate'));
        process.nextTick(() => seen.push('tick'));
        Promise.resolve().then(() => seen.push('promise'));
        setTimeout(() => seen.push('timeout'), 0);
        setTimeout(resolve, 20);
      }, 1);
    });
    return seen;
  },

  async sorted() {
    const seen = [];
    await Promise.all([30, 5, 20, 10, 25, 15].map((ms) => sleep(ms * 2).then(() => seen.push(ms))));
    return seen;
  },

  async neverEarly() {
    let early = 0;
    for (let i = 0; i < 40; i++) {
      const started = performance.now();
      await later(3);
      early += performance.now() - started < 2;
    }
    return early;
  },

  async intervals() {
    let count = 0;
    await new Promise((resolve) => {
      const timer = setInterval(() => {
        if (++count === 20) {
          clearInterval(timer);
          resolve();
        }
      }, 1);
    });
    await sleep(10);
    return count;
  },

  async cleared() {
    let fired = 0;
    const timers = Array.from({ length: 1000 }, () => setTimeout(() => fired++, 5));
    const immediates = Array.from({ length: 100 }, () => setImmediate(() => fired++));
    for (const timer of timers) clearTimeout(timer);
    for (const immediate of immediates) clearImmediate(immediate);
    await sleep(15);
    return fired;
  },

  async immediates() {
    let turns = 0;
    await new Promise((resolve) => {
      const turn = () => (++turns === 10000 ? resolve() : setImmediate(turn));
      turn();
    });
    return turns;
  },

  async refreshed() {
    let fired = 0;
    const timer = setTimeout(() => fired++, 40);
    for (let i = 0; i < 5; i++) {
      await sleep(5);
      timer.refresh();
    }
    const before = fired;
    await sleep(80);
    return [before <= 1, fired >= 1, timer.hasRef()];
  },

  async measures() {
    const histogram = monitorEventLoopDelay({ resolution: 1 });
    histogram.enable();
    const before = performance.eventLoopUtilization();
    await sleep(30);
    const idle = performance.eventLoopUtilization(before);
    const busy = performance.eventLoopUtilization();
    const until = performance.now() + 30;
    while (performance.now() < until);
    await sleep(1);
    const worked = performance.eventLoopUtilization(busy);
    histogram.disable();
    const timing = performance.nodeTiming;
    return [idle.idle > 0, worked.active >= 29, histogram.count > 0, timing.loopStart > 0, timing.idleTime > 0];
  },

  async unreferenced() {
    setInterval(() => {}, 1000).unref();
    setTimeout(() => console.log('never'), 60000).unref();
    return true; // and the process ends
  },
});
