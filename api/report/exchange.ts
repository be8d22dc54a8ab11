/**
 * Opening, one statement and the rollback as one message to the server, answered by one: each side is woken once. Every part
 * is prepared by itself (extended protocol), so none can hold a second statement, and the server skips what follows a part
 * that fails: were a setting of the opening refused, the statement would not run.
 */
import type { Writable } from 'node:stream';
import type pg from 'pg';
import type { Json } from '../contract.ts';

export interface Exchange {
  /** What begins the transaction and sets it up: statements without values or rows. */
  opening: readonly string[];
  text: string;
  /** The server is to keep the statement under this name; '' where it is not. */
  name: string;
  /** It keeps it already. */
  known: boolean;
  values: readonly Json[];
  types: pg.CustomTypesConfig;
}
export interface Rows {
  columns: { name: string; type: number }[];
  rows: Json[][];
}

/**
 * @param client of a pool, not at work
 * @param taken called once the server has taken the statement in, whatever becomes of it
 * @throws the server's error; then the transaction is still to be rolled back
 */
export function exchange(client: pg.PoolClient, asked: Exchange, taken: () => void): Promise<Rows> {
  return new Promise((done, fail) => {
    const answer: Rows = { columns: [], rows: [] };
    let parsers: Parser[] = [];
    let unreadable: unknown;
    const handlers = {
      submit: (connection: Connection) => send(connection, asked),
      handleRowDescription: ({ fields }: { fields: pg.FieldDef[] }) => {
        taken();
        answer.columns = fields.map((field) => ({ name: field.name, type: field.dataTypeID }));
        parsers = fields.map((field) => asked.types.getTypeParser(field.dataTypeID, 'text') as Parser);
      },
      handleDataRow: ({ fields }: { fields: (string | null)[] }) => {
        try {
          answer.rows.push(fields.map((text, at) => (text === null ? null : parsers[at]!(text))));
        } catch (error) {
          // Thrown here it would reach nobody.
          unreadable = error;
        }
      },
      handleCommandComplete: () => {},
      handleEmptyQuery: () => {},
      handleError: fail,
      handleReadyForQuery: () => (unreadable === undefined ? done(answer) : fail(unreadable)),
    };
    client.query(handlers as unknown as pg.Submittable);
  });
}

function send(connection: Connection, { opening, text, name, known, values }: Exchange): void {
  const texts = values.map(parameter);
  connection.stream.cork();
  for (const each of opening) run(connection, each);
  if (!known) connection.parse({ name, text });
  connection.bind({ statement: name, values: texts });
  connection.describe({ type: 'P', name: '' });
  connection.execute();
  run(connection, 'rollback');
  connection.sync();
  connection.stream.uncork();
}

function run(connection: Connection, text: string): void {
  connection.parse({ name: '', text });
  connection.bind({});
  connection.execute();
}

/** A value as the protocol writes it: text, a list as an array literal. */
function parameter(value: Json): string | null {
  if (value === null) return null;
  if (!Array.isArray(value)) return String(value);
  const items = value.map((item) => (item === null ? 'null' : `"${String(item).replace(/["\\]/g, '\\$&')}"`));
  return `{${items.join(',')}}`;
}

type Parser = (text: string) => Json;

/** Of pg's connection, which is not typed, what writes the messages of the extended protocol. */
interface Connection {
  stream: Writable;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement?: string; values?: (string | null)[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(): void;
  sync(): void;
}
