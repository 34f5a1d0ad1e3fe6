/** nft(8) has no quotation for names of its own: what it takes for none is written in hexadecimal. */
export const plainName = (name: string): string =>
  name.replace(/[^A-Za-z0-9-]/g, (letter) => `_${Buffer.from(letter).toString('hex')}_`);
