'use strict';
const { once } = require('node:events');

const { stdin, stdout } = process;

async function main() {
  console.log(stdin.isTTY, stdout.isTTY, stdin.constructor.name);
  while (stdout.columns !== 90) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    stdout._refreshSize();
  }
  console.log(stdout.columns, stdout.rows, stdout.hasColors());
  console.log('ready');
  const [line] = await once(stdin, 'data');
  console.log('line', JSON.stringify(String(line)));
  stdin.setRawMode(true);
  console.log('raw');
  let keys = '';
  while (keys.length < 3) keys += (await once(stdin, 'data'))[0];
  stdin.setRawMode(false);
  console.log('keys', JSON.stringify(keys), stdin.isRaw);
  const resized = once(stdout, 'resize');
  console.log('resize');
  await resized;
  console.log(stdout.columns, stdout.rows);
  const interrupted = once(process, 'SIGINT');
  console.log('cooked');
  await interrupted;
  console.log('interrupted');
  stdin.setRawMode(true);
  stdin.destroy();
  process.exit(4); // in raw mode: the terminal is put right at exit
}

main();
