/** The OpenAPI document as the page reads it: references followed, operations as a list, examples made up from schemas. */
export interface Schema {
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  enum?: (string | null)[];
  format?: string;
  pattern?: string;
  default?: unknown;
  examples?: unknown[];
  readOnly?: boolean;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: { [name: string]: Schema };
  required?: string[];
  anyOf?: Schema[];
}
export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}
interface Content {
  content?: { [type: string]: { schema?: Schema } };
}
export interface Answer extends Content {
  $ref?: string;
  description?: string;
}
export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: Content;
  responses: { [status: string]: Answer };
}
export interface OpenApiDocument {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: { [path: string]: { [method: string]: Operation } };
  components: unknown;
}
export interface Placed extends Operation {
  path: string;
  method: string;
}

/** In the order people think of them: reading before writing. */
const METHODS = ['get', 'post', 'patch', 'put', 'delete'];

export function operationsOf(doc: OpenApiDocument): Placed[] {
  return Object.entries(doc.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => (methods[method] ? [{ ...methods[method], path, method }] : [])),
  );
}

/** What a reference points to; anything else is itself. */
export function follow<T extends { $ref?: string }>(doc: OpenApiDocument, value: T): T {
  if (!value.$ref) return value;
  let found: unknown = doc;
  for (const part of value.$ref.split('/').slice(1)) found = (found as { [key: string]: unknown })[part];
  return found as T;
}

export function bodyOf(doc: OpenApiDocument, { content }: Content): Schema | null {
  const [schema] = Object.values(content ?? {}).map((each) => each.schema);
  return schema ? follow(doc, schema) : null;
}

/** The types of a schema in a word: "string", "integer | null", "object[]". */
export function typeWord(doc: OpenApiDocument, given: Schema): string {
  const schema = follow(doc, given);
  if (schema.anyOf) return schema.anyOf.map((each) => typeWord(doc, each)).join(' | ');
  const types = [schema.type ?? 'any'].flat();
  return types
    .map((type) => (type === 'array' && schema.items ? `${typeWord(doc, schema.items)}[]` : type))
    .map((type) => (schema.format && type === 'string' ? schema.format : type))
    .join(' | ');
}

/** A value that the schema would take, small but telling. */
export function exampleOf(doc: OpenApiDocument, given: Schema, { sent = false, depth = 0 } = {}): unknown {
  const schema = follow(doc, given);
  if (schema.examples?.length) return schema.examples[0];
  if (schema.anyOf) return exampleOf(doc, schema.anyOf[0] ?? {}, { sent, depth });
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  switch ([schema.type].flat()[0]) {
    case 'object':
      return depth > 4 ? {} : exampleObject(doc, schema, { sent, depth });
    case 'array':
      return schema.items ? [exampleOf(doc, schema.items, { sent, depth: depth + 1 })] : [];
    case 'integer':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return exampleText(schema);
    default:
      return null;
  }
}

/** Of what is sent only what must be there, or the first field: an example to be run, not all there is. */
function exampleObject(
  doc: OpenApiDocument,
  { properties = {}, required = [] }: Schema,
  { sent, depth }: { sent: boolean; depth: number },
): unknown {
  const names = Object.keys(properties).filter((name) => !properties[name]?.readOnly || !sent);
  const shown = sent ? (required.length > 0 ? required : names.slice(0, 1)) : names.slice(0, 12);
  return Object.fromEntries(
    shown.map((name) => [name, exampleOf(doc, properties[name] ?? {}, { sent, depth: depth + 1 })]),
  );
}

function exampleText({ format, pattern, title }: Schema): string {
  if (format === 'date') return '2026-03-01';
  if (format === 'date-time') return '2026-03-01T12:30:00Z';
  if (format === 'email') return 'ann@example.com';
  if (pattern?.startsWith('^#')) return '#1f6f4a';
  if (pattern?.startsWith('^[a-z]')) return 'example';
  return pattern ? 'A1' : (title ?? 'text');
}

/** The operation as a command to be pasted into a terminal. */
export function curlOf(doc: OpenApiDocument, operation: Placed, origin: string): string {
  const path = operation.path.replace('{id}', '1');
  const listed = (operation.parameters ?? []).some((each) => follow(doc, each).name === '_start');
  const query = listed && !path.includes('_export') ? '?_start=0&_end=25' : '';
  const lines = [
    `curl${operation.method === 'get' ? '' : ` -X ${operation.method.toUpperCase()}`} '${origin}${path}${query}'`,
  ];
  lines.push(`-H "Authorization: Bearer $TOKEN"`);
  const schema = operation.requestBody ? bodyOf(doc, operation.requestBody) : null;
  if (schema) {
    const body = JSON.stringify(exampleOf(doc, schema, { sent: true }), null, 2);
    lines.push(`-H 'Content-Type: application/json'`, `-d '${body.replaceAll("'", "'\\''")}'`);
  }
  if (path.includes('_export')) lines.push(`-o '${path.split('/').at(-1)}'`);
  return lines.join(' \\\n  ');
}
