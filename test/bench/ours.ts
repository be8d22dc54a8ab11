/** The product as `npm start` runs it, without building the admin first; one list of rows may be longer, for measure-forms. */
import { readConfig } from '../../api/config.ts';
import playbooks from '../../api/resources/risk_playbooks.ts';
import { startServer } from '../../api/server.ts';
import { ROWS } from './long-rows.ts';

Object.assign(playbooks.fields.steps!, { max: 2 * ROWS });
const running = await startServer(readConfig(process.env));
process.once('SIGTERM', () => void running.stop());
