// Programs that run inside nodes, as the text that `node -e` takes.

/** Echoes TCP on ports 80 to 82 of both families; on 83 it says who called. */
export const ECHO_SERVERS = `
  const net = require('node:net');
  let waiting = 4;
  for (const port of [80, 81, 82, 83])
    net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      if (port === 83) socket.end(socket.remoteAddress);
      else socket.pipe(socket);
    }).listen(port, '::', () => --waiting === 0 && console.log('ready'));
`;

/** Connects to argv and prints the error's code, what the server said first, or "echo". */
export const CONNECT = `
  const [host, port] = process.argv.slice(1);
  const socket = require('node:net').connect({ host, port: Number(port) });
  const tell = (text) => { console.log(text); process.exit(0); };
  socket.setTimeout(2500, () => tell('timeout'));
  socket.on('error', (error) => tell(error.code));
  socket.on('connect', () => socket.write('hello'));
  socket.on('data', (data) => tell(data.toString() === 'hello' ? 'echo' : data.toString()));
`;

/** Sends so many bytes and reads them back. */
export const TRANSFER = `
  const [host, port, size] = process.argv.slice(1);
  const sent = require('node:crypto').createHash('sha256');
  const got = require('node:crypto').createHash('sha256');
  const bytes = Buffer.alloc(Number(size), 0).map((_, index) => (index * 31 + (index >> 8)) & 255);
  sent.update(bytes);
  const start = performance.now();
  const socket = require('node:net').connect({ host, port: Number(port) }, () => socket.end(bytes));
  let length = 0;
  socket.on('data', (chunk) => { length += chunk.length; got.update(chunk); });
  socket.on('end', () => {
    const isEqual = sent.digest('hex') === got.digest('hex');
    console.log(JSON.stringify({ length, isEqual, millis: performance.now() - start }));
  });
`;
