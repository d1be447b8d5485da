'use strict';
// Node's own test runner on the folder `tests`: each file in a process of its own, results over pipes.
const cp = require('node:child_process');
const path = require('node:path');

const files = path.join(__dirname, 'tests');
const env = { ...process.env };
delete env.NODE_OPTIONS;
const { status, stdout, stderr } = cp.spawnSync(process.execPath, ['--test', files], { env });
process.stderr.write(stderr);
const told = stdout.toString().split('\n')
  .filter((line) => !/duration_ms|^ *---|^ *\.\.\.|stack:|^ *at /.test(line))
  .map((line) => line.replaceAll(__dirname, '.'));
console.log(told.join('\n'));
process.exitCode = status;
