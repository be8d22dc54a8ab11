/** The product as `npm start` runs it, without building the admin first. */
import { readConfig } from '../../api/config.ts';
import { startServer } from '../../api/server.ts';

const running = await startServer(readConfig(process.env));
process.once('SIGTERM', () => void running.stop());
