/** The operations of one resource, as far as the caller may use them. */
import type { Caller } from '../context.ts';
import type { Field, Lang, Pair, Resource } from '../contract.ts';
import { actsOn } from '../contract.ts';
import { printPredicate } from '../predicate.ts';
import { accessOf, mayAct } from '../records/access.ts';
import { LIST_OPERATORS } from '../records/list-query.ts';
import { resourceContext } from '../records/resource-context.ts';
import { errors, IDEMPOTENCY_KEY, IF_MATCH, LIST_PARAMETERS } from './parts.ts';
import { inLang, objectOf, type Schema } from './schemas.ts';

export interface Described {
  paths: { [path: string]: { [method: string]: Schema } };
  schemas: { [name: string]: Schema };
}

/** @returns null when the caller may not even see the records */
export function describeResource(
  resource: Resource,
  { resources, caller, lang }: { resources: ReadonlyMap<string, Resource>; caller: Caller; lang: Lang },
): Described | null {
  const access = accessOf(caller, resource);
  if (!access.list) return null;
  const { name, label } = resource;
  const one = resource.one ?? label;
  const say = (zh: string, en: string) => inLang([zh, en], lang);
  const about = (zh: string, en: string, pair: Pair = label) =>
    `${say(zh, en)}${lang === 'zh' ? '' : ' '}${inLang(pair, lang)}`;
  const fields = Object.entries(resource.fields);
  const read = fields.filter(([each]) => access.fields.get(each)?.read);
  const sent = fields.filter(([each]) => access.fields.get(each)?.write);
  const shown = { $ref: `#/components/schemas/${name}` };
  const record = json(shown, say('记录', 'The record'), { ETag: { schema: { type: 'string' } } });
  const body = (mode: string) => ({
    required: true,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}_${mode}` } } },
  });
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } };
  const op = (operation: string, summary: string, rest: Schema) => ({
    operationId: `${operation}_${name}`,
    tags: [name],
    summary,
    ...rest,
  });

  const schemas: Described['schemas'] = {
    [name]: {
      ...objectOf(read, { lang, sent: false, required: ['id', ...read.map(([each]) => each)] }),
      title: inLang(one, lang),
    },
  };
  (schemas[name]!.properties as Schema).id = { type: 'integer' };
  const base = `/api/${name}`;
  const paths: Described['paths'] = {
    [base]: {
      get: op('list', about('查询', 'List'), {
        parameters: [...LIST_PARAMETERS, filters(resource, read, lang)],
        responses: {
          '200': json({ type: 'array', items: shown }, say('记录', 'The records'), {
            'X-Total-Count': { schema: { type: 'integer' } },
            'X-Total-Relation': { schema: { type: 'string', enum: ['eq', 'gte', 'approx'] } },
            'X-Next-Cursor': { schema: { type: 'string' } },
          }),
          ...errors('bad_request'),
        },
      }),
    },
    [`${base}/{id}`]: {
      get: op('get', about('读取', 'Get a', one), {
        parameters: [id],
        responses: { '200': record, ...errors('not_found') },
      }),
    },
    [`${base}/{id}/_history`]: {
      get: op('history_of', about('变更历史：', 'History of a', one), {
        parameters: [id],
        responses: {
          '200': json({ type: 'array', items: { type: 'object' } }, say('由新到旧', 'Newest first')),
          ...errors('not_found'),
        },
      }),
    },
  };
  if (access.create) {
    const required = sent.filter(([, field]) => isNeeded(field)).map(([each]) => each);
    schemas[`${name}_new`] = withConditions(resource, objectOf(sent, { lang, sent: true, required }), lang);
    paths[base]!.post = op('create', about('新建', 'Create a', one), {
      parameters: [IDEMPOTENCY_KEY],
      requestBody: body('new'),
      responses: { '201': record, ...errors('bad_request', 'conflict', 'invalid') },
    });
  }
  if (access.edit) {
    schemas[`${name}_change`] = objectOf(
      sent.filter(([, field]) => !field.frozen),
      { lang, sent: true },
    );
    paths[`${base}/{id}`]!.patch = op('change', about('修改', 'Change a', one), {
      parameters: [id, IF_MATCH],
      requestBody: body('change'),
      responses: { '200': record, ...errors('bad_request', 'not_found', 'conflict', 'stale', 'invalid') },
    });
  }
  if (access.delete) {
    paths[`${base}/{id}`]!.delete = op('delete', about('删除', 'Delete a', one), {
      parameters: [id, IF_MATCH],
      responses: { '200': record, ...errors('not_found', 'conflict', 'stale') },
    });
  }
  if (access.export) {
    for (const [format, type] of FORMATS) {
      paths[`${base}/_export.${format}`] = {
        get: op(`export_${format}`, about('导出', 'Export'), {
          parameters: LIST_PARAMETERS,
          responses: {
            '200': {
              description: say('文件', 'The file'),
              content: { [type]: { schema: { type: 'string', contentEncoding: 'binary' } } },
            },
            ...errors('bad_request'),
          },
        }),
      };
    }
  }
  for (const [each, field] of read) {
    if (field.kind !== 'ref' && field.kind !== 'refs') continue;
    const target = resources.get(field.to);
    if (!target || !accessOf(caller, target).list) continue;
    paths[`${base}/_options/${each}`] = {
      get: op(`options_${each}`, about('可选项：', 'Choices of', field.label), {
        parameters: [{ name: 'q', in: 'query', schema: { type: 'string' } }],
        responses: { '200': json(OPTIONS, say('编号与名称', 'Ids and names')), ...errors('bad_request') },
      }),
    };
  }
  for (const [each, action] of Object.entries(resource.actions ?? {})) {
    if (!mayAct(caller, resource, action)) continue;
    const input = Object.entries(action.input ?? {});
    const required = input.filter(([, field]) => isNeeded(field)).map(([field]) => field);
    const schema = objectOf(input, { lang, sent: true, required });
    const operation = {
      ...(input.length > 0
        ? { requestBody: { required: required.length > 0, content: { 'application/json': { schema } } } }
        : {}),
      responses: {
        '200': json({}, say('结果', 'What it answers')),
        ...errors('not_found', 'conflict', 'stale', 'invalid'),
      },
    };
    const summary = `${inLang(action.label, lang)} (${inLang(label, lang)})`;
    if (actsOn(action, 'record')) {
      paths[`${base}/{id}/_actions/${each}`] = {
        post: op(`run_${each}`, summary, { parameters: [id, IF_MATCH], ...operation }),
      };
    }
    if (actsOn(action, 'resource')) {
      paths[`${base}/_actions/${each}`] = { post: op(`run_all_${each}`, summary, operation) };
    }
  }
  return { paths, schemas };
}

const FORMATS = [
  ['csv', 'text/csv'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
] as const;
const OPTIONS: Schema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id', 'label'],
    properties: { id: { type: 'integer' }, label: { type: ['string', 'null'] } },
  },
};

function json(schema: Schema, description: string, headers?: Schema): Schema {
  return { description, ...(headers ? { headers } : {}), content: { 'application/json': { schema } } };
}

/** What only the values of other fields decide is said in words. */
function withConditions(resource: Resource, schema: Schema, lang: Lang): Schema {
  const properties = schema.properties as { [name: string]: Schema };
  for (const [name, { requiredWhen }] of Object.entries(resource.fields)) {
    const property = properties[name];
    if (!requiredWhen || !property) continue;
    const condition = printPredicate(requiredWhen, resourceContext(resource), lang);
    const said = inLang([`在以下情况必填：${condition}`, `Required when ${condition}`], lang);
    properties[name] = { ...property, description: property.description ? `${property.description}. ${said}` : said };
  }
  return schema;
}

function isNeeded(field: Field): boolean {
  return field.required === true && field.default === undefined && field.showWhen === undefined;
}

/** Every readable field may be compared: by its name alone, or with an operator behind it. */
function filters(resource: Resource, read: readonly (readonly [string, Field])[], lang: Lang): Schema {
  const known = resourceContext(resource).fields;
  const names = ['id', ...read.map(([name]) => name).filter((name) => Object.hasOwn(known, name))];
  const operators = LIST_OPERATORS.join('|');
  return {
    name: 'filter',
    in: 'query',
    style: 'form',
    explode: true,
    description: inLang(
      [
        `按字段筛选，每个字段一个参数：字段=值，或字段_运算=值，如 ${names.at(-1)}_null=true。运算：${LIST_OPERATORS.join('、')}。重复的参数为“其中之一”。`,
        `One parameter for each field to compare: field=value, or field_operator=value, such as ${names.at(-1)}_null=true. Operators: ${LIST_OPERATORS.join(', ')}. A repeated parameter means one of the values.`,
      ],
      lang,
    ),
    schema: {
      type: 'object',
      patternProperties: { [`^(${names.join('|')})(_(${operators}))?$`]: { type: 'string' } },
      additionalProperties: false,
    },
  };
}
