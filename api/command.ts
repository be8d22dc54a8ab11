/**
 * Runs one command: `node api/command.ts <name> …` runs api/commands/<name>.ts. What the operator can mend is told in
 * one sentence; anything else with its stack.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './config.ts';

const FOLDER = join(import.meta.dirname, 'commands');

/** The file of a command exports `run`; it gets the words after the command's name, and its number becomes the exit code. */
export interface Command {
  run(args: string[]): Promise<unknown>;
}

// The process that started this one was killed: end as if asked to.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

const [name = '', ...args] = process.argv.slice(2);
const names = readdirSync(FOLDER).map((file) => file.replace(/\.ts$/, ''));
try {
  if (!names.includes(name)) throw new StartError(`Unknown command "${name}": one of ${names.sort().join(', ')}.`);
  const command = (await import(join(FOLDER, `${name}.ts`))) as Command;
  const answer = await command.run(args);
  if (typeof answer === 'number') process.exitCode = answer;
} catch (error) {
  console.error(isForPeople(error) ? (error as Error).message : error);
  process.exitCode = 1;
}

/** Sentences about a file of sql/ are for whoever wrote it, and need no stack either. */
function isForPeople(error: unknown): boolean {
  return error instanceof Error && ['StartError', 'SqlFileError'].includes(error.name);
}
