/** Names of machines, as a mail server is called: a name of one's own network is one as well. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?$/i;

/** @returns whether the text is a host name (in any script) or an IP address, with nothing before or after it */
export function isHost(text: string): boolean {
  if (isIP(text)) return true;
  if (/[\s/:@?#%\\[\]]/.test(text)) return false;
  const name = domainToASCII(text);
  const labels = name.split('.');
  // 999.1.1.1 and 10.1 are addresses gone wrong.
  return name.length <= 253 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1)!);
}
