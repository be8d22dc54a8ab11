/** The address that the server listens on, and what is said when it cannot. */
import { createServer, type Server } from 'node:net';
import { StartError } from '../config.ts';

export interface Address {
  host: string;
  port: number;
}

/**
 * Listens for a moment, so that a taken port is told before anything is made. Nothing keeps it until `listenAt`.
 * @throws StartError with one sentence when nobody could listen there
 */
export async function tryAddress(address: Address): Promise<void> {
  const server = createServer();
  await listenAt(server, address);
  await new Promise<void>((done) => server.close(() => done()));
}

/**
 * @returns when the server listens
 * @throws StartError with one sentence when it cannot
 */
export async function listenAt(server: Server, address: Address): Promise<void> {
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(problem(error, address)));
    server.listen(address.port, address.host, done);
  });
}

function problem(error: NodeJS.ErrnoException, { host, port }: Address): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(`Port ${port} of ${host} is taken: stop what listens there, or set PORT to another.`);
    case 'EACCES':
      return new StartError(`Port ${port} may not be used by this account: set PORT to one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`HOST=${host} is no address of this machine.`);
    default:
      return error;
  }
}
